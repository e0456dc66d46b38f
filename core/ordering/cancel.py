"""Stops an order before it is packed, or the rest of it: frees stock and credit, tells the buyer (rows 23 to 25)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.audit.record import record
from core.currency import on_account
from core.fulfilment.close import cancel_rest
from core.notices.tell import DELIVERY_WATCH, REFUSED, tell
from core.ordering import review_clock
from core.ordering.confirm import Desk, answered_by_message
from core.ordering.hold import lift_hold
from core.ordering.states import advance
from core.store import orders as order_rows
from core.store import timers
from core.store.engine import Tx
from core.store.outbox import queue
from core.tasks.desk import cancel_tasks
from core.values import MONEY_SCALE, to_scaled


def cancel_order(tx: Tx, desk: Desk, number: str, *, reason: str) -> dict[str, Any]:
    """Cancel the order *number*, or its rest where a part of it has left, and return its row.

    Raises:
        NotFound: no such order.
        Conflict: it is packed, or at its end.
    """
    order = order_rows.by_number(tx, number, lock=True)
    if order["state"] == "part_shipped":
        return _cancel_rest(tx, desk, order, reason=reason)
    stop_order(tx, desk, order, reason=reason)
    partner = desk.partner(tx, order["partner_id"])
    tell(tx, partner, REFUSED, {"reason": reason}, order_id=order["id"], at=desk.now, test=order["test"])
    if answered_by_message(order["channel"], partner):
        payload = {"function": "27", "revision": order["revision"], "reasons": [reason] if reason else []}
        queue(
            tx, partner_id=partner.id, type="ORDRSP", order_id=order["id"], payload=payload, at=desk.now,
            document_id=order["document_id"], test=order["test"],
        )  # fmt: skip
    return order_rows.by_number(tx, number)


def _cancel_rest(tx: Tx, desk: Desk, order: dict[str, Any], *, reason: str) -> dict[str, Any]:
    answers = cancel_rest(tx, order, actor=desk.actor, reason=reason, now=desk.now)
    partner = desk.partner(tx, order["partner_id"])
    if answered_by_message(order["channel"], partner):
        payload = {"function": "4", "revision": order["revision"], "lines": answers}
        queue(
            tx, partner_id=partner.id, type="ORDRSP", order_id=order["id"], payload=payload, at=desk.now,
            document_id=order["document_id"],
        )  # fmt: skip
    return order_rows.by_number(tx, order["number"])


def stop_order(tx: Tx, desk: Desk, order: Mapping[str, Any], *, reason: str, document_id: int | None = None) -> None:
    """End *order* (its locked row) before it is packed; *document_id* is what asked for it. Nobody is told.

    Raises:
        Conflict: it is packed, or at its end.
    """
    state = advance(order["state"], "cancel")
    if not order["test"]:
        order_rows.release_reservations(tx, order["id"], "released")
        if order["state"] in ("confirmed", "released"):
            order_rows.commit_credit(
                tx, order["partner_id"], -to_scaled(on_account(order["total"], order["credit_rate"]), MONEY_SCALE)
            )
    for kind in ("reservation.expire", "fulfilment.auto", DELIVERY_WATCH):
        timers.cancel(tx, kind, order["id"])
    for hold in order_rows.holds_of(tx, order["id"]):
        lift_hold(tx, hold, at=desk.now, actor=desk.actor, reason="order cancelled")
    order_rows.set_lines_state(tx, order["id"], "cancelled", where=("open", "reserved", "backordered", "refused"))
    order_rows.set_state(tx, order["id"], state)
    review_clock.stop(tx, order["id"], order["number"], desk.now)
    cancel_tasks(tx, order["id"], at=desk.now, actor=desk.actor, reason=reason)
    record(
        tx,
        order["id"],
        "order.cancelled",
        at=desk.now,
        actor=desk.actor,
        summary=f"cancelled: {reason}" if reason else "cancelled",
        inputs={"from": order["state"], "reason": reason},
        document_id=document_id,
    )
