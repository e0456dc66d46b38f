"""Evidence: the life of an order, its checks, and the sums that must come out even."""

from __future__ import annotations

from typing import Any, Final

import orjson

from core.clock import iso
from core.reporting.documents import guides_of
from core.reporting.orders import order_row
from core.store import events as event_rows
from core.store import intake
from core.store.engine import Tx
from core.store.views import evidence as views
from core.store.views.documents import OUTCOMES

Json = dict[str, Any]

#: serials that a proof lists by name; beyond, their count tells
_LISTED: Final = 1000


def timeline(tx: Tx, number: str, partner: str | None = None) -> Json:
    """Return the life of an order, oldest event first, and the partner guides that judged its documents.

    Raises:
        NotFound: there is none of that number, or it is not *partner*'s.
    """
    row = order_row(tx, number, partner)
    told = [
        {
            "at": iso(event["at"]),
            "event": event["event"],
            "actor": event["actor"],
            "summary": event["summary"],
            "document_id": None if event["document_id"] is None else str(event["document_id"]),
            "inputs": orjson.loads(event["inputs"]),
        }
        for event in event_rows.of_order(tx, row["id"])
    ]
    return {"number": number, "events": told, "guides": guides_of(tx, row["id"])}


def checks(tx: Tx, number: str, partner: str | None = None) -> Json:
    """Return every check of an order's reviews with ``at``, evidence, holds and the version of its rule, oldest first.

    Raises:
        NotFound: there is none of that number, or it is not *partner*'s.
    """
    life = timeline(tx, number, partner)["events"]
    found = [
        {"at": event["at"], **check}
        for event in life
        if event["event"] == "order.checked"
        for check in event["inputs"].get("checks", ())
    ]
    return {"number": number, "checks": found}


def reconciliation(tx: Tx) -> Json:
    """Return the six outcomes, ``documents`` and ``unexplained``.

    ``documents`` is what all sources hold. What a source that is still at work has not judged yet is waiting, so that
    the outcomes add up at every moment. Unexplained are: documents that a settled source lacks or has too many,
    source by source; accepted documents without an order and orders without one; serials without an order and orders
    without a serial.
    """
    counts = intake.outcome_counts(tx)
    sums = views.document_sums(tx)
    orders = views.order_count(tx)
    paired = views.orders_with_document(tx)
    numbering = views.every_series(tx)
    numbered = sum(one.orders for one in numbering) + views.trial_numbers(tx)
    unexplained = (
        sums.lacking
        + sums.surplus
        + (counts.get("accepted", 0) - paired)
        + (orders - paired)
        + sum(max(one.counter, one.last) - one.orders + max(one.last - one.counter, 0) for one in numbering)
        + (orders - numbered)
    )
    found = {outcome: counts.get(outcome, 0) for outcome in OUTCOMES}
    found["waiting"] += sums.unjudged
    return {**found, "documents": sums.documents, "unexplained": unexplained}


def numbering_proof(tx: Tx, year: int, channel: str) -> Json:
    """Return the proof that the serials of a year and channel are 1..last, each once (NUM-09).

    Returns:
        ``last`` is the counter, ``orders`` how many orders carry a number of the series. ``gaps`` are serials without
        an order, ``doubles`` serials of several orders, ``strays`` numbers that the counter never gave; each list
        names the first thousand, ``faults`` counts them all.
    """
    last = views.series(tx, year, channel).counter
    seen = bytearray(last + 1)
    prefix = f"{year}-{channel}-"
    orders = 0
    doubles: list[int] = []
    strays: list[str] = []
    for number in views.numbers_in(tx, year, channel):
        orders += 1
        serial = number[len(prefix) :]
        place = int(serial) if serial.isascii() and serial.isdigit() and len(serial) < _LONGEST else 0
        if not 1 <= place <= last:
            strays.append(number)
        elif seen[place]:
            doubles.append(place)
        else:
            seen[place] = 1
    missing = seen.count(0) - 1
    gaps: list[int] = []
    place = 0
    while len(gaps) < min(missing, _LISTED):
        place = seen.index(0, place + 1)
        gaps.append(place)
    faults = missing + len(doubles) + len(strays)
    return {
        "year": year,
        "channel": channel,
        "ok": not faults,
        "last": last,
        "orders": orders,
        "gaps": gaps,
        "doubles": sorted(doubles)[:_LISTED],
        "strays": sorted(strays)[:_LISTED],
        "faults": faults,
    }


#: digits of a 64-bit serial
_LONGEST: Final = 19
