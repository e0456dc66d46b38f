"""What can be done about the lines of an order that stock does not serve (INV-07, INV-08)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from core.ordering.availability import pace_for
from core.ordering.canonical import from_json
from core.review.promising import promise
from core.review.shortage import Shortage, Substitute, options_of
from core.stock.atp import Place
from core.store import orders as order_rows
from core.store import stock as rows
from core.store.engine import Tx
from core.store.lookup import MasterCache, partner_by_id
from core.store.stock import ItemTerms
from core.values import QUANTITY_SCALE, from_scaled, text, to_scaled

#: states in which a line still wants goods that are not reserved for it
_OPEN = ("open", "backordered")


def shortage_options(tx: Tx, cache: MasterCache, number: str, *, today: date) -> dict[str, Any]:
    """Return every short line of an order that is not shipped yet, with what can be done about it.

    A line is short where what is reserved for it and what is free on hand are less than what it wants.

    Raises:
        NotFound: there is no such order.
    """
    order = order_rows.by_number(tx, number)
    lines = [
        line
        for line in order_rows.lines_of(tx, order["id"])
        if line["sku"] and line["state"] in _OPEN and order["state"] in ("in_review", "confirmed", "released")
    ]
    terms = rows.terms_of(tx, {line["sku"] for line in lines})
    places = rows.places_of(tx, {*terms, *(sku for one in terms.values() for sku in one.substitutes)})
    dearer = rows.terms_of(tx, {*terms, *places})
    costs = {one.code: one.shipping_cost for one in rows.warehouses_in_order(tx)}
    said = from_json(order_rows.document_of(tx, order["id"], order["revision"]))
    cache.refresh(tx)
    partner = partner_by_id(tx, cache, order["partner_id"])
    where = {place.warehouse for found in places.values() for place in found}
    pace = pace_for(cache.rules.book.promise, said, partner, [line["sku"] for line in lines], where)
    requested = promise(order["requested_date"], today, pace.lead_days, pace.handling_days)
    important = rows.is_important(tx, order["partner_id"])
    told = []
    for line in lines:
        found = places.get(line["sku"], [])
        reserved6, wanted6 = (to_scaled(line[name], QUANTITY_SCALE) for name in ("reserved", "quantity"))
        hand6 = min(reserved6 + sum(place.free6 for place in found), wanted6)
        if hand6 == wanted6:
            continue
        short = Shortage(line["sku"], wanted6, hand6, requested, today, pace.lead_days)
        options = options_of(
            short,
            found,
            _substitutes(line["sku"], places, dearer),
            shipping_cost=costs.get(found[0].warehouse) if found else None,
            important=important,
        )
        told.append(
            {
                "line": line["line"],
                "sku": line["sku"],
                "quantity": text(line["quantity"]),
                "available": text(from_scaled(hand6, QUANTITY_SCALE)),
                "options": options,
            }
        )
    return {"number": number, "requested_date": requested.isoformat(), "lines": told}


def _substitutes(sku: str, places: Mapping[str, Sequence[Place]], terms: Mapping[str, ItemTerms]) -> list[Substitute]:
    mine = terms.get(sku)
    if mine is None:
        return []
    return [
        Substitute(other, places[other], _dearer(mine, terms[other])) for other in mine.substitutes if other in places
    ]


def _dearer(mine: ItemTerms, other: ItemTerms) -> Decimal | None:
    """Return what a unit of the other costs us more, None where one of the costs is not known."""
    return None if mine.cost is None or other.cost is None else max(other.cost - mine.cost, Decimal(0))
