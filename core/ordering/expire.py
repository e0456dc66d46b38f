"""Gives back stock that was reserved and not shipped in time (INV-10; state table, row 9)."""

from __future__ import annotations

from datetime import datetime

from core.audit.record import record
from core.ordering.hold import set_hold
from core.review.holds import HoldDraft
from core.store import orders as order_rows
from core.store.engine import Tx
from core.store.rulebooks import rules_in_force

RESERVATION_EXPIRE = "reservation.expire"


def expire_reservation(tx: Tx, order_id: int, now: datetime) -> bool:
    """Free what a confirmed order still holds and set the hold ``stock.expired``; False when there is nothing."""
    order = order_rows.by_id(tx, order_id, lock=True)
    if order["state"] != "confirmed" or not order_rows.reservations_of(tx, order_id, "active"):
        return False
    order_rows.release_reservations(tx, order_id, "expired")
    order_rows.set_lines_state(tx, order_id, "backordered", where=("reserved",))
    hold = HoldDraft(
        "stock.expired", "the reservation ended before the order was released", {}, "stock.reservation", stage="release"
    )
    set_hold(tx, order_id, hold, now, str(rules_in_force(tx).version))
    record(
        tx, order_id, "reservation.expired", at=now, actor="rule:reservation", summary="reserved stock is free again"
    )
    return True
