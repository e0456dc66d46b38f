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
    """Free what an order still holds; False when there is nothing.

    One that is confirmed gets the hold ``stock.expired``; one whose change is in review is held anyway.
    """
    order = order_rows.by_id(tx, order_id, lock=True)
    confirmed = order["state"] == "confirmed"
    if not (confirmed or order["state"] == "in_review") or not order_rows.reservations_of(tx, order_id, "active"):
        return False
    order_rows.release_reservations(tx, order_id, "expired")
    order_rows.set_lines_state(tx, order_id, "backordered" if confirmed else "open", where=("reserved",))
    if confirmed:
        why = "the reservation ended before the order was released"
        hold = HoldDraft("stock.expired", why, {}, "stock.reservation", stage="release")
        set_hold(tx, order_id, hold, now, str(rules_in_force(tx).version))
    record(
        tx, order_id, "reservation.expired", at=now, actor="rule:reservation", summary="reserved stock is free again"
    )
    return True
