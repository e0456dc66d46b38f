"""Stock as it is told: by warehouse, available to promise by date, forecast, and what is low or too much."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any

from core.errors import NotFound
from core.reporting import cursor as cursors
from core.stock.atp import Place, Supply, available_on, earliest_day
from core.stock.forecast import HISTORY_DAYS, Demand, project
from core.stock.level import alert_line6, is_high, is_low, status_of, to_reorder6
from core.store import stock as rows
from core.store.engine import Tx
from core.store.master import known_skus
from core.store.views.masters import page_of_stock
from core.values import QUANTITY_SCALE, from_scaled, text, to_scaled

Json = dict[str, Any]


def stock(
    tx: Tx, *, sku: str | None = None, warehouse: str | None = None, cursor: str | None = None, limit: int = 50
) -> Json:
    """Return physical (``on_hand``), allocated (``reserved``) and available by SKU and warehouse (INV-13).

    ``status`` is that of the item in all warehouses.
    """
    key = cursors.decode(cursor, str, str)
    after = (key[0], key[1]) if key else None
    found, more = cursors.page(page_of_stock(tx, sku, warehouse, after, limit + 1), limit)
    levels = rows.levels_of(tx, {row.sku for row in found})
    told = [
        {
            "sku": row.sku,
            "warehouse": row.warehouse,
            "on_hand": text(row.on_hand),
            "reserved": text(row.reserved),
            "available": text(row.on_hand - row.reserved),
            "status": status_of(levels[row.sku].available6, levels[row.sku].lines) if row.sku in levels else None,
            "inbound": row.inbound,
            "planned": row.planned,
        }
        for row in found
    ]
    return {"items": told, "next": cursors.encode(found[-1].sku, found[-1].warehouse) if more else None}


def atp(tx: Tx, wanted: Sequence[tuple[str, date | None, Decimal | None]], *, today: date) -> list[Json]:
    """Return what can be promised of each (SKU, day, quantity): how much on that day, from when the quantity.

    Without a day it is today; without a quantity there is no earliest date. The terms of the sum are told, a
    warehouse each (INV-01, INV-02, INV-16).

    Raises:
        NotFound: an item that is not in the master data.
    """
    skus = {sku for sku, _, _ in wanted}
    if unknown := skus - known_skus(tx, skus):
        raise NotFound(f"there is no item {', '.join(sorted(unknown))}")
    places = rows.places_of(tx, skus)
    return [_promise(sku, places.get(sku, ()), day or today, quantity, today) for sku, day, quantity in wanted]


def _promise(sku: str, places: Sequence[Place], day: date, quantity: Decimal | None, today: date) -> Json:
    earliest = None if quantity is None else earliest_day(places, to_scaled(quantity, QUANTITY_SCALE), today)
    return {
        "sku": sku,
        "date": day.isoformat(),
        "available": _told(available_on(places, day, today)),
        "quantity": None if quantity is None else text(quantity),
        "earliest_date": None if earliest is None else earliest.isoformat(),
        "terms": [
            {
                "warehouse": place.warehouse,
                "on_hand": _told(place.on_hand6),
                "reserved": _told(place.reserved6),
                "inbound": _supplies(place, "inbound", today),
                "planned": _supplies(place, "planned", today),
            }
            for place in places
        ],
    }


def _supplies(place: Place, kind: str, today: date) -> list[Json]:
    return [_supply(one, today) for one in place.supplies if one.kind == kind]


def _supply(supply: Supply, today: date) -> Json:
    return {
        "date": supply.day.isoformat(),
        "quantity": _told(supply.quantity6),
        "promised": _told(supply.promised6),
        "late": supply.day < today,
    }


def forecast(
    tx: Tx,
    *,
    days: Sequence[int],
    now: datetime,
    today: date,
    sku: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Json:
    """Return the stock of items after each of *days* with the terms of the sum, by SKU (INV-15)."""
    if sku is None:
        key = cursors.decode(cursor, str)
        skus, more = cursors.page(rows.skus_after(tx, key[0] if key else None, limit + 1), limit)
    else:
        skus, more = sorted(known_skus(tx, [sku])), False
    places = rows.places_of(tx, skus)
    issued = rows.issued6(tx, skus, now - timedelta(days=HISTORY_DAYS))
    ordered = rows.in_review6(tx, skus)
    found = []
    for one in skus:
        mine = places.get(one, [])
        confirmed6 = sum(place.reserved6 + sum(supply.promised6 for supply in place.supplies) for place in mine)
        demand = Demand(issued.get(one, 0), confirmed6 + ordered.get(one, 0))
        projections = [project(mine, demand, number, today) for number in days]
        found.append(
            {
                "sku": one,
                "history_days": HISTORY_DAYS,
                "issued": _told(demand.issued6),
                "forecast": [
                    {
                        "days": each.days,
                        "date": (today + timedelta(days=each.days)).isoformat(),
                        "stock": _told(each.stock6),
                        "on_hand": _told(each.on_hand6),
                        "supply": _told(each.supply6),
                        "expected": _told(each.expected6),
                        "ordered": _told(each.ordered6),
                    }
                    for each in projections
                ],
            }
        )
    return {"items": found, "next": cursors.encode(skus[-1]) if more else None}


def stock_alerts(tx: Tx, *, today: date, kind: str | None = None, cursor: str | None = None, limit: int = 50) -> Json:
    """Return a page of the items below their alert line or above their maximum (INV-19), and what to order (INV-21).

    They come by SKU; *kind* is ``low`` or ``high``, None for both.

    Raises:
        ValueRefused: the cursor is not of this list.
    """
    (after,) = cursors.decode(cursor, str) or ("",)
    off = (one for one in rows.lined_levels(tx, after=after) if _kind(one) and kind in (None, _kind(one)))
    wrong, more = cursors.page(list(islice(off, limit + 1)), limit)
    places = rows.places_of(tx, {one.sku for one in wrong})
    told = []
    for one in wrong:
        found = _kind(one)
        supplies = [supply for place in places.get(one.sku, []) for supply in place.supplies if supply.day >= today]
        coming6 = sum(supply.free6 for supply in supplies)
        line6 = alert_line6(one.lines) if found == "low" else one.lines.max6
        told.append(
            {
                "sku": one.sku,
                "kind": found,
                "status": status_of(one.available6, one.lines),
                "available": _told(one.available6),
                "line": _told(line6 or 0),
                "to_come": _told(coming6),
                "to_order": _told(to_reorder6(one.available6, coming6, one.lines) if found == "low" else 0),
            }
        )
    return {"items": told, "next": cursors.encode(wrong[-1].sku) if more else None}


def _kind(level: rows.Level) -> str:
    if is_low(level.available6, level.lines):
        return "low"
    return "high" if is_high(level.available6, level.lines) else ""


def _told(amount6: int) -> str:
    return text(from_scaled(amount6, QUANTITY_SCALE))
