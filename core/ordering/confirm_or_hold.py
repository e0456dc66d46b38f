"""Confirms an order that a person decided on, or holds it for the credit that it lacks by now.

A held order takes no credit: between its review and its confirmation others may have used up the limit. Trying again
would not help then; a hold says what would (CNF-02).
"""

from __future__ import annotations

from typing import Any

from core.audit.record import record
from core.ordering.confirm import Desk, confirm_order, credit_hold
from core.ordering.hold import set_hold
from core.review.holds import HoldDraft
from core.store import orders as order_rows
from core.store.engine import Tx


def confirm_or_hold(tx: Tx, desk: Desk, order: dict[str, Any], why: str) -> HoldDraft | None:
    """Confirm *order* (its locked row) and return None, or set the hold of its credit check and return that.

    Raises:
        Conflict: the state or a hold forbids it, a line has no price, or nothing could be delivered.
        StockShort: another writer took stock meanwhile; try again.
    """
    may_be = order["state"] == "in_review" and not _blocked(tx, order)
    draft = credit_hold(tx, desk, order) if may_be else None
    if draft is None:
        try:
            with tx.savepoint():
                confirm_order(tx, desk, order, why)
        except order_rows.CreditTaken as taken:
            draft = taken.holds[0]
    if draft is not None:
        _hold(tx, desk, order, draft)
    return draft


def _blocked(tx: Tx, order: dict[str, Any]) -> bool:
    return any(hold["stage"] == "confirm" for hold in order_rows.holds_of(tx, order["id"]))


def _hold(tx: Tx, desk: Desk, order: dict[str, Any], draft: HoldDraft) -> None:
    set_hold(tx, order["id"], draft, desk.now, str(desk.rules(tx).version))
    record(
        tx,
        order["id"],
        "order.held",
        at=desk.now,
        actor="rule:review",
        summary=f"held: {draft.code}",
        inputs={"holds": [draft.code], "hold": {"code": draft.code, "inputs": draft.inputs}},
    )
