"""The sourcing plan as it is told: which warehouses were asked, what each way costs, which is chosen and why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from core.errors import NotFound
from core.stock.sourcing import source
from core.stock.told import plan_json, quantities_json
from core.store import stock as rows
from core.store.engine import Tx
from core.store.master import known_skus
from core.values import QUANTITY_SCALE, to_scaled


def sourcing(
    tx: Tx, wanted: Sequence[tuple[str, Decimal]], *, today: date, leaves_by: date | None = None
) -> dict[str, Any]:
    """Return how each (SKU, quantity) of *wanted* would be served from what is free now (INV-03 to INV-06).

    Raises:
        NotFound: an item that is not in the master data.
    """
    wanted6: dict[str, int] = {}
    for sku, quantity in wanted:
        wanted6[sku] = wanted6.get(sku, 0) + to_scaled(quantity, QUANTITY_SCALE)
    if unknown := wanted6.keys() - known_skus(tx, wanted6):
        raise NotFound(f"there is no item {', '.join(sorted(unknown))}")
    free6: dict[str, dict[str, int]] = {}
    for sku, places in rows.places_of(tx, wanted6.keys()).items():
        for place in places:
            free6.setdefault(place.warehouse, {})[sku] = place.free6
    found = source(wanted6, free6, rows.warehouses_in_order(tx), today=today, leaves_by=leaves_by)
    return {
        "tried": [
            {
                "warehouse": one.warehouse,
                "available": quantities_json(one.available6),
                "taken": quantities_json(one.taken6),
            }
            for one in found.tried
        ],
        "missing": quantities_json(found.missing6),
        "plans": [plan_json(one) for one in found.plans],
        "chosen": None if found.chosen is None else plan_json(found.chosen),
        "why": found.why,
    }
