"""Evidence: the life of an order, its checks, and the sums that must come out even."""

from __future__ import annotations

from typing import Any

import orjson

from core.clock import iso
from core.reporting.documents import guides_of
from core.reporting.orders import order_row
from core.reporting.validation import fields_of_check
from core.store import events as event_rows
from core.store import intake
from core.store.engine import Tx
from core.store.views import evidence as views
from core.store.views import numbering
from core.store.views.documents import OUTCOMES

Json = dict[str, Any]


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
    row = order_row(tx, number, partner)
    found = []
    for event in timeline(tx, number, partner)["events"]:
        if event["event"] == "order.checked":
            revision = event["inputs"].get("revision", 1)
            for check in event["inputs"].get("checks", ()):
                of_fields = fields_of_check(tx, row, check, revision) if check["group"] == "customer" else []
                found.append({"at": event["at"], **check, **({"fields": of_fields} if of_fields else {})})
    return {"number": number, "checks": found}


def reconciliation(tx: Tx) -> Json:
    """Return the six outcomes, ``documents`` and ``unexplained``.

    ``documents`` is what all sources hold. What a source that is still at work has not judged yet is waiting, so that
    the outcomes add up at every moment. Unexplained are: documents that a settled source lacks or has too many,
    source by source; accepted documents without an order and orders without one; serials that are neither an order nor
    void, and orders without a serial.
    """
    counts = intake.outcome_counts(tx)
    sums = views.document_sums(tx)
    orders = views.order_count(tx)
    paired = views.orders_with_document(tx)
    every = numbering.every_series(tx)
    numbered = sum(one.orders for one in every) + numbering.trial_numbers(tx)
    unexplained = (
        sums.lacking
        + sums.surplus
        + (counts.get("accepted", 0) - paired)
        + (orders - paired)
        + sum(max(one.counter, one.last) - one.orders - one.voids + max(one.last - one.counter, 0) for one in every)
        + (orders - numbered)
    )
    found = {outcome: counts.get(outcome, 0) for outcome in OUTCOMES}
    found["waiting"] += sums.unjudged
    return {**found, "documents": sums.documents, "unexplained": unexplained}
