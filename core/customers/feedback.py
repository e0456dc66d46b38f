"""Takes what a customer says of an order: kept with it, told in its life, and a task when it is bad (CUS-04)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from core.audit.record import record
from core.errors import Conflict, NotFound
from core.store import feedback as rows
from core.store import orders as order_rows
from core.store.engine import Tx
from core.store.rulebooks import rules_in_force
from core.tasks.desk import TaskDraft, open_task

#: the kind of its task
FEEDBACK_LOW = "feedback.low"


class Feedback(NamedTuple):
    """What is said of an order: a rating from 1 (bad) to 5 (good), and words."""

    order: str
    rating: int
    text: str


def give_feedback(tx: Tx, said: Feedback, *, partner: str | None, actor: str, now: datetime) -> int:
    """Keep feedback and return its id; *partner* sees only its own orders.

    Raises:
        NotFound: no such order, or not *partner*'s.
        Conflict: the order is a test.
    """
    order = order_rows.by_number(tx, said.order, lock=True)
    if partner not in (None, order["partner"]):
        raise NotFound(f"there is no order {said.order}", hint="`ordergate orders` lists them.")
    if order["test"]:
        raise Conflict(f"{said.order} is a test: there is nothing to say of it")
    feedback_id = rows.add_feedback(
        tx,
        order_id=order["id"],
        partner_id=order["partner_id"],
        rating=said.rating,
        text=said.text,
        at=now,
        actor=actor,
    )
    rules = rules_in_force(tx)
    low = rules.book.feedback.is_low(said.rating)
    words = f"rated {said.rating} of 5" + (f": {said.text}" if said.text else "")
    inputs = {"feedback": str(feedback_id), "rating": said.rating, "low": low, "rule_version": str(rules.version)}
    record(tx, order["id"], "feedback.received", at=now, actor=actor, summary=words, inputs=inputs)
    if low:
        task = TaskDraft(
            FEEDBACK_LOW, str(feedback_id), rules.book.feedback.role, f"answer {order['partner']}: {words}",
            order_id=order["id"], inputs=inputs, due_at=now + timedelta(hours=rules.book.feedback.answer_hours),
        )  # fmt: skip
        open_task(tx, task, at=now, actor="rule:feedback")
    return feedback_id
