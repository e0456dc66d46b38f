"""The proof of order numbers as the database gives it; ``core.audit.numbering`` judges it anywhere (NUM-09)."""

from __future__ import annotations

from typing import Any

from core.audit.numbering import LISTED, Numbered, chained, count_serials, digest, serial_of
from core.clock import iso
from core.store.engine import Tx
from core.store.views import numbering as views

Json = dict[str, Any]


def numbering_proof(tx: Tx, year: int, channel: str) -> Json:
    """Return the proof that the serials of a year and channel are 1..last, each an order or void with its reason.

    Returns:
        ``last`` is the counter, ``orders`` how many orders carry a number of the series. ``gaps`` are serials without
        order and void, ``doubles`` serials of several, ``strays`` numbers that the counter never gave, or whose order
        lost the event that began its chain; each list names the first thousand, ``faults`` counts them all.
        ``entries`` are ``{"serial", "number", "received", "void", "link"}`` by serial, some 230 bytes each, and
        ``digest`` is the last link.
    """
    last = views.series(tx, year, channel).counter
    entries: list[Numbered] = []
    strays: list[str] = []
    orders = 0
    for number, first_hash in views.numbered_orders(tx, year, channel):
        orders += 1
        serial = serial_of(number, year, channel)
        if 1 <= serial <= last and first_hash is not None:
            entries.append(Numbered(serial, number, first_hash.hex()))
        else:
            strays.append(number)
    voids = [
        Numbered(void.serial, void.number, None, {"reason": void.reason, "actor": void.actor, "at": iso(void.at)})
        for void in views.voids_in(tx, year, channel)
    ]
    listed = list(chained(sorted((*entries, *voids), key=lambda entry: (entry.serial, entry.number))))
    found = count_serials(last, (entry["serial"] for entry in listed))
    faults = found.missing + len(found.doubles) + len(strays)
    return {
        "year": year,
        "channel": channel,
        "ok": not faults,
        "last": last,
        "orders": orders,
        "voids": len(voids),
        "gaps": found.gaps,
        "doubles": found.doubles[:LISTED],
        "strays": sorted(strays)[:LISTED],
        "faults": faults,
        "digest": digest(listed),
        "entries": listed,
    }
