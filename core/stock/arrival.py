"""Turns promises of supply into reservations once the goods are on hand, first come first (ORD-10, INV-24)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from core.audit.record import record
from core.store import orders as order_rows
from core.store import promises, timers
from core.store.engine import Tx
from core.store.lookup import MasterCache, partner_by_id
from core.store.shipping import shipped_quantities
from core.store.stock import lock_balances
from core.values import QUANTITY_SCALE, text, to_scaled

RESERVATION_EXPIRE: Final = "reservation.expire"
_NOTHING: Final = Decimal(0)
#: states from which an automatic order takes what came; one that is packed does when its first goods leave
_GOES_ON: Final = frozenset({"confirmed", "packed", "part_shipped"})


def serve_promises(tx: Tx, keys: Collection[tuple[str, str]], at: datetime) -> list[int]:
    """Reserve what is free of (sku, warehouse) *keys* for the lines that wait for it; return the orders served.

    Who was promised an earlier day comes first, and nobody is passed over for a smaller quantity. An order that is
    served to its last line goes on: its reservation runs from now, an automatic one is packed.
    """
    touched = promises.waiting_keys(tx) & set(keys)
    if not touched:
        return []
    held = lock_balances(tx, touched)
    free = {key: balance.on_hand - balance.reserved for key, balance in held.items()}
    passed: set[tuple[str, str]] = set()
    served: dict[int, None] = {}
    for row in promises.waiting(tx, touched):  # again, now that nobody else serves them
        key = (row["sku"], row["warehouse"])
        if key in passed or free.get(key, _NOTHING) < row["quantity"]:
            passed.add(key)
            continue
        free[key] -= row["quantity"]
        _reserve(tx, row, at)
        served[row["order_id"]] = None
    for order_id in served:
        _go_on(tx, order_id, at)
    return list(served)


def _reserve(tx: Tx, row: dict[str, Any], at: datetime) -> None:
    order_rows.reserve_stock(tx, {(row["sku"], row["warehouse"]): to_scaled(row["quantity"], QUANTITY_SCALE)})
    promises.serve(tx, row, at)
    told = {"line": row["line"], "warehouse": row["warehouse"], "supply": row["kind"], "due": row["day"].isoformat()}
    record(
        tx,
        row["order_id"],
        "reservation.created",
        at=at,
        actor="rule:availability",
        summary=f"{text(row['quantity'])} of {row['sku']} came and are reserved",
        inputs=told,
    )


def _go_on(tx: Tx, order_id: int, at: datetime) -> None:
    """Let the lines that wait for nothing more be reserved, and the order that does go on."""
    waits = {row["line"] for row in promises.of_order(tx, order_id)}
    order = order_rows.by_id(tx, order_id)
    shipped = shipped_quantities(tx, order_id) if order["state"] == "part_shipped" else {}
    for line in order_rows.lines_of(tx, order_id):
        served = line["reserved"] + shipped.get(line["line"], _NOTHING)
        if line["state"] == "backordered" and line["line"] not in waits and served == line["quantity"]:
            order_rows.set_line(tx, order_id, line["line"], state="reserved")
    if waits:
        return
    cache = MasterCache()
    cache.refresh(tx)
    partner = partner_by_id(tx, cache, order["partner_id"])
    expires_at = at + timedelta(days=partner.reservation_days or cache.rules.book.promise.reservation_days)
    promises.reservation_lasts(tx, order_id, expires_at)
    timers.cancel(tx, RESERVATION_EXPIRE, order_id)
    timers.schedule(tx, RESERVATION_EXPIRE, order_id, expires_at)
    if partner.fulfilment == "auto" and order["state"] in _GOES_ON:
        timers.schedule(tx, "fulfilment.auto", order_id, at)
