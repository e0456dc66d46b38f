"""Reviews held orders again when credit changed: the rule lifts its own holds, and the last one confirms (CUS-14).

Each order is a timer that is due at once, so that it is reviewed exactly once and in its own transaction: its locks
are those of any confirmation, stock before credit (ARCHITECTURE decision 4).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from core.audit.record import record
from core.ordering.canonical import from_json
from core.ordering.confirm import Desk, confirm_order, credit_check
from core.ordering.hold import lift_hold, set_hold
from core.ordering.plan import plan_order
from core.ordering.snapshot import take_snapshot
from core.review.credit import UNRATED
from core.review.holds import HoldDraft
from core.store import orders as order_rows
from core.store import payments as rows
from core.store import timers
from core.store.engine import Tx

CREDIT_REVIEW: Final = "credit.review"
#: who lifts a hold whose cause is gone; what it lifted is not approved for good, as a person's release is
RULE: Final = "rule:credit"

Hold = dict[str, Any]


def review_later(tx: Tx, partner_id: int, now: datetime) -> None:
    """Have every order of the partner that is held for credit reviewed again, the earliest first."""
    for order_id in rows.held_for_credit(tx, partner_id):
        timers.cancel(tx, CREDIT_REVIEW, order_id)
        timers.schedule(tx, CREDIT_REVIEW, order_id, now)


def review_unrated(tx: Tx, now: datetime) -> None:
    """Have every order that waits for a rate reviewed again, the earliest first."""
    for order_id in rows.held_for_rate(tx):
        timers.cancel(tx, CREDIT_REVIEW, order_id)
        timers.schedule(tx, CREDIT_REVIEW, order_id, now)


def review_again(tx: Tx, desk: Desk, order_id: int) -> bool:
    """Lift the credit holds of an order whose cause is gone, tell the others anew; tell whether anything changed.

    When no hold is left and the goods are still there, it is confirmed; else it is held for what is short.

    Raises:
        StockShort: another writer took stock or credit meanwhile; try again.
    """
    order = order_rows.by_id(tx, order_id, lock=True)
    mine = [hold for hold in order_rows.holds_of(tx, order_id) if hold["code"].startswith("credit.")]
    if order["state"] != "in_review" or order["test"] or not mine:
        return False
    approved = {
        hold["code"]
        for hold in order_rows.holds_of(tx, order_id, active=False)
        if hold["released_at"] is not None and not hold["released_by"].startswith("rule:")
    } - {UNRATED}
    found = [hold for hold in credit_check(tx, desk, order, order["total"]).holds if hold.code not in approved]
    stands = {(hold.code, hold.lifted_by) for hold in found}
    lifted = [hold for hold in mine if (hold["code"], hold["release_when"]) not in stands]
    known = {(hold["code"], hold["release_when"]) for hold in mine}
    _lift(tx, desk, order_id, lifted)
    _hold(tx, desk, order_id, [hold for hold in found if (hold.code, hold.lifted_by) not in known])
    if not any(hold["stage"] == "confirm" for hold in order_rows.holds_of(tx, order_id)):
        short = [hold for hold in _short(tx, desk, order) if hold.code not in approved]
        if short:
            _hold(tx, desk, order_id, short)
        else:
            confirm_order(tx, desk, order, "credit: " + ", ".join(sorted({hold["code"] for hold in lifted})))
    return bool(lifted)


def _lift(tx: Tx, desk: Desk, order_id: int, holds: list[Hold]) -> None:
    for hold in holds:
        lift_hold(tx, hold, at=desk.now, actor=RULE, reason="the cause is gone or has changed")
        record(
            tx,
            order_id,
            "hold.released",
            at=desk.now,
            actor=RULE,
            summary=f"{hold['code']} released: {hold['release_when']}",
            inputs={"code": hold["code"], "line": hold["line"], "rule_version": str(desk.rules(tx).version)},
        )


def _hold(tx: Tx, desk: Desk, order_id: int, drafts: list[HoldDraft]) -> None:
    for draft in drafts:
        set_hold(tx, order_id, draft, desk.now, str(desk.rules(tx).version))
    if drafts:
        codes = sorted({draft.code for draft in drafts})
        inputs = {"holds": codes, "inputs": [draft.inputs for draft in drafts]}
        summary = "held: " + ", ".join(codes)
        record(tx, order_id, "order.held", at=desk.now, actor=RULE, summary=summary, inputs=inputs)


def _short(tx: Tx, desk: Desk, order: dict[str, Any]) -> list[HoldDraft]:
    """Return the holds for goods that are gone since the order's review; one that reserved them has none."""
    if order_rows.reservations_of(tx, order["id"], "active"):
        return []
    document = from_json(order_rows.document_of(tx, order["id"], order["revision"]))
    partner = desk.partner(tx, order["partner_id"])
    snapshot = take_snapshot(
        tx, desk.cache, partner, [document], channel=order["channel"], now=desk.now, test=False
    )  # fmt: skip
    snapshot.known = {}
    return [hold for hold in plan_order(snapshot, document, test=False).holds if hold.code == "stock.short"]
