"""The clock of a held order: reminds of the decision that is due, tells when it is late, stops when it is made.

What runs late is an alert with the order as its cause; it closes when the order leaves review (REV-03, REV-08).
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from core.audit.record import record
from core.clock import iso
from core.review.flow import FlowRules, review_deadline
from core.store import orders as order_rows
from core.store import timers
from core.store.alerts import close_alert, raise_alert
from core.store.engine import Tx
from core.store.timers import Timer

REVIEW_REMIND: Final = "review.remind"
REVIEW_OVERDUE: Final = "review.overdue"
#: what this module fires
KINDS: Final = frozenset({REVIEW_REMIND, REVIEW_OVERDUE})
#: the alert of a reminder
_DUE: Final = "review.due"


def fire(tx: Tx, timer: Timer, now: datetime) -> bool:
    """Remind of an order's review, or tell that it is late; False where somebody was first or it is decided."""
    if not timers.take(tx, timer.id):
        return False
    order = order_rows.by_id(tx, timer.subject_id, lock=True)
    if order["state"] != "in_review":
        return False
    number = order["number"]
    holds = [hold for hold in order_rows.holds_of(tx, order["id"]) if hold["stage"] == "confirm"]
    waiting = ", ".join(sorted({f"{hold['code']} ({hold['release_role']})" for hold in holds})) or "its confirmation"
    late = timer.kind == REVIEW_OVERDUE
    due = iso(timer.due_at) if late else str(timer.payload.get("due_at", ""))
    words = f"{number} was to be decided by {due}" if late else f"{number} is to be decided by {due}"
    if late:
        close_alert(tx, _DUE, number, at=now)
    raise_alert(tx, REVIEW_OVERDUE if late else _DUE, number, f"{words}: waits for {waiting}", at=now)
    record(
        tx,
        order["id"],
        "review.overdue" if late else "review.reminded",
        at=now,
        actor="rule:review-clock",
        summary=f"{'overdue' if late else 'due'}: waits for {waiting}"[:500],
        inputs={"due_at": due, "holds": sorted({hold["code"] for hold in holds})},
    )
    return True


def stop(tx: Tx, order_id: int, number: str, now: datetime) -> None:
    """Stop the clock of an order that leaves review, and close what it told."""
    if timers.cancel(tx, REVIEW_OVERDUE, order_id):
        timers.cancel(tx, REVIEW_REMIND, order_id)
        close_alert(tx, _DUE, number, at=now)
    else:
        close_alert(tx, REVIEW_OVERDUE, number, at=now)


def start(tx: Tx, order_id: int, rules: FlowRules, order_type: str, now: datetime) -> None:
    """Start the clock of an order that comes into review again; one that ran before must be stopped."""
    deadline = review_deadline(rules, order_type, now)
    told = {"due_at": iso(deadline.due_at)}
    timers.schedule(tx, REVIEW_OVERDUE, order_id, deadline.due_at, told)
    if deadline.remind_at is not None:
        timers.schedule(tx, REVIEW_REMIND, order_id, deadline.remind_at, told)
