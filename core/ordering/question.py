"""Puts to the customer what only the customer can mend: a question on a hold, followed up by a task (REV-04)."""

from __future__ import annotations

from typing import Any

from core.audit.record import record
from core.errors import Conflict
from core.notices.tell import QUESTION as ASKED
from core.notices.tell import tell
from core.ordering.confirm import Desk, answered_by_message
from core.ordering.hold import QUESTION
from core.partners.model import Partner
from core.review.flow import review_deadline
from core.store import orders as order_rows
from core.store.engine import Tx
from core.store.outbox import queue
from core.tasks.desk import TaskDraft, open_task


def ask_customer(tx: Tx, desk: Desk, number: str, *, code: str, question: str) -> dict[str, Any]:
    """Ask the customer about the hold *code* of an order; return it with what tells it.

    It is sent the way the partner wants to be told of ``order.question``; where it wants none, by ORDRSP 12 if the
    partner's agreement has ``tell_pending`` (``message`` then), else the task is to call.
    The task waits for the role that releases the hold, is due as its review is, and closes when the hold is lifted: by
    a change that the customer sends, or by a person. ``task`` is None where one is open already,
    ``notices`` are the ids of what is sent.

    Raises:
        NotFound: no such order.
        Conflict: it has no such hold.
    """
    order = order_rows.by_number(tx, number, lock=True)
    hold = next((one for one in order_rows.holds_of(tx, order["id"]) if one["code"] == code), None)
    if hold is None:
        raise Conflict(f"{number} has no hold {code} to ask about")
    partner = desk.partner(tx, order["partner_id"])
    said = {"question": {"text": question, "code": code}}
    notices = [
        str(one) for one in tell(tx, partner, ASKED, said, order_id=order["id"], at=desk.now, test=order["test"])
    ]
    by_message = not notices and asks_by_message(order["channel"], partner)
    if by_message:
        queue(
            tx, partner_id=partner.id, type="ORDRSP", order_id=order["id"], document_id=order["document_id"],
            payload={"function": "12", "revision": order["revision"], "notes": [question]}, at=desk.now,
            test=order["test"],
        )  # fmt: skip
    words = (
        f"{number}: {'await the answer on' if notices or by_message else 'call the customer about'} {code}: {question}"
    )
    due_at = review_deadline(desk.rules(tx).book.flow, order["type"], desk.now).due_at
    task = TaskDraft(
        QUESTION,
        str(hold["id"]),
        hold["release_role"],
        words,
        order["id"],
        {"code": code, "question": question},
        due_at,
    )
    task_id = open_task(tx, task, at=desk.now, actor=desk.actor)
    inputs = {"code": code, "line": hold["line"], "question": question, "notices": notices}
    told = {"message": "ORDRSP"} if by_message else {}
    record(tx, order["id"], ASKED, at=desk.now, actor=desk.actor, summary=f"{code}: {question}", inputs=inputs | told)
    return {"order": number, **inputs, "message": told.get("message"), "task": task_id and str(task_id)}


def asks_by_message(channel: str, partner: Partner) -> bool:
    """Tell whether a question goes out as ORDRSP 12: answers do, and the agreement wants to hear what is pending."""
    agreement = partner.agreement
    return answered_by_message(channel, partner) and agreement is not None and agreement.exchange.tell_pending
