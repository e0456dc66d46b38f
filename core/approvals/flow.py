"""Asks for the approvals of a hold, step by step, and takes back what is no longer asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, NamedTuple

from core.audit.record import record
from core.clock import iso
from core.review.approvals import Step, amount_of, steps_for
from core.review.flow import review_deadline
from core.review.rulebook import Rules
from core.store import approvals as rows
from core.store import timers
from core.store.engine import Tx
from core.tasks.desk import TaskDraft, close_task, open_task

APPROVAL_EXPIRE: Final = "approval.expire"
#: the kind of its tasks
APPROVAL: Final = "approval"


class Held(NamedTuple):
    """A hold and what of its order an approval is about; ``total`` is in our currency."""

    hold_id: int
    order_id: int
    number: str
    order_type: str
    total: Decimal
    code: str
    release_role: str
    inputs: Mapping[str, Any]


class Asked(NamedTuple):
    """Why approvals are asked for: which time it is, by whom, for what reason, under which version of the rules."""

    round: int
    by: str
    why: str
    rule_version: str


def start_flow(tx: Tx, held: Held, rules: Rules, *, at: datetime) -> bool:
    """Ask for what the rulebook says of a hold that was just set; False where its own role alone releases it."""
    amount = amount_of(held.inputs, held.total)
    steps = steps_for(rules.book.approvals, rules.book.roles, held.code, held.release_role, amount)
    if steps:
        asked = Asked(1, "rule:approvals", f"the flow of {held.code}", str(rules.version))
        open_step(tx, held, steps, asked, step=0, rules=rules, at=at)
    return bool(steps)


def open_step(
    tx: Tx, held: Held, steps: Sequence[Step], asked: Asked, *, step: int, rules: Rules, at: datetime
) -> None:
    """Ask every role of a step."""
    for slot, role in enumerate(steps[step].roles):
        ask(tx, held, steps, asked, place=(step, slot), role=role, rules=rules, at=at)


def ask(
    tx: Tx,
    held: Held,
    steps: Sequence[Step],
    asked: Asked,
    *,
    place: tuple[int, int],
    role: str,
    rules: Rules,
    at: datetime,
    assignee: str | None = None,
    until: datetime | None = None,
) -> int:
    """Ask one role, or one of its people by name, to decide; return the id of the approval."""
    step, slot = place
    due_at = review_deadline(rules.book.flow, held.order_type, at).due_at
    approval_id = rows.add(
        tx, hold_id=held.hold_id, order_id=held.order_id, round=asked.round, step=step, slot=slot,
        steps=[one._asdict() for one in steps], role=role, assignee=assignee, until=until, asked_by=asked.by,
        why=asked.why[:500], rule_version=asked.rule_version, opened_at=at, due_at=due_at,
    )  # fmt: skip
    inputs = {
        "approval": str(approval_id), "code": held.code, "role": role, "assignee": assignee, "step": step + 1,
        "steps": len(steps), "due_at": iso(due_at), "rule_version": asked.rule_version, "why": asked.why,
    }  # fmt: skip
    words = f"{held.number}: {held.code} waits for {assignee or role}, step {step + 1} of {len(steps)}"
    task = TaskDraft(APPROVAL, str(approval_id), role, words, held.order_id, inputs, due_at, assignee)
    open_task(tx, task, at=at, actor=asked.by)
    timers.schedule(tx, APPROVAL_EXPIRE, approval_id, due_at)
    record(tx, held.order_id, "approval.asked", at=at, actor=asked.by, summary=words, inputs=inputs)
    return approval_id


def finish(
    tx: Tx,
    row: Mapping[str, Any],
    state: str,
    *,
    at: datetime,
    actor: str,
    reason: str,
    on_behalf_of: str | None = None,
) -> None:
    """End a pending approval: its task and its timer end with it. The caller records why."""
    rows.end(tx, row["id"], state, at=at, actor=actor, reason=reason, on_behalf_of=on_behalf_of)
    timers.cancel(tx, APPROVAL_EXPIRE, row["id"])
    ended = "done" if state in ("approved", "declined") else "expired"
    close_task(tx, APPROVAL, str(row["id"]), at=at, actor=actor, outcome=state, reason=reason, state=ended)


def withdraw(tx: Tx, hold_id: int, *, at: datetime, actor: str, reason: str) -> None:
    """End what is still asked for a hold that was lifted another way, or need not be asked any more."""
    for row in rows.of_hold(tx, hold_id):
        if row["state"] == "pending":
            finish(tx, row, "expired", at=at, actor=actor, reason=reason)
