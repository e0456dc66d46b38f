"""Lets a person move the end of an order's reservation, with a reason that is kept (INV-12)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from core.audit.record import record
from core.clock import iso
from core.errors import Conflict
from core.stock.arrival import RESERVATION_EXPIRE
from core.store import orders as order_rows
from core.store import promises, timers
from core.store.engine import Tx


def move_end(tx: Tx, number: str, until: datetime, *, reason: str, actor: str, now: datetime) -> dict[str, Any]:
    """Let what is reserved for order *number* last until then instead; return ``{"number", "expires_at", "before"}``.

    Raises:
        NotFound: there is no such order.
        Conflict: nothing is reserved for it, or the end lies in the past.
    """
    order = order_rows.by_number(tx, number, lock=True)
    held = order_rows.reservations_of(tx, order["id"], "active")
    if not held or order["state"] != "confirmed":
        raise Conflict(f"nothing is reserved for {number} that could end")
    if until <= now:
        raise Conflict("a reservation ends in the future", hint="Cancel the order to free its stock now.")
    before = min(row["expires_at"] for row in held)
    promises.reservation_lasts(tx, order["id"], until)
    timers.cancel(tx, RESERVATION_EXPIRE, order["id"])
    timers.schedule(tx, RESERVATION_EXPIRE, order["id"], until)
    told = {"before": iso(before), "expires_at": iso(until), "reason": reason}
    record(
        tx,
        order["id"],
        "reservation.changed",
        at=now,
        actor=actor,
        summary=f"the reservation ends on {until:%Y-%m-%d}: {reason}",
        inputs=told,
    )
    return {"number": number, "before": told["before"], "expires_at": told["expires_at"]}
