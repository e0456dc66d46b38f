"""The class of an order: its type, the grade of its customer, and the region that it goes to (INT-23)."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from core.documents import Order
from core.ordering.canonical import head_from_json
from core.review.customer import derive_ship_to
from core.store.engine import Tx
from core.store.lookup import MasterCache, partner_by_id
from core.store.ranking import said_by

Json = dict[str, Any]


def classes_of(tx: Tx, numbers: Collection[str]) -> dict[str, Json]:
    """Return ``{"type","grade","region"}`` of each order by its number; the region is its country and what it names.

    Grade and region are None where master data and order do not say them.
    """
    cache = MasterCache()
    found = {}
    for row in said_by(tx, numbers):
        partner = partner_by_id(tx, cache, row.partner_id)
        head = head_from_json(row.document)
        place = derive_ship_to(Order("", (), buyer=head.buyer, ship_to=head.ship_to), partner)
        region = "" if place is None else "-".join(part for part in (place.country, place.region) if part)
        found[row.number] = {"type": row.type, "grade": partner.grade or None, "region": region or None}
    return found
