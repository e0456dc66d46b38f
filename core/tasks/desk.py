"""Opens, lists and closes tasks: what waits for a person of a role, or for one who is named (REV-11).

A task is open once for its kind and subject, so that whoever finds the same cause again need not ask first. What is
about an order is told in the order's life.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from core.audit.record import record
from core.clock import iso
from core.errors import Conflict, Forbidden
from core.roles.matrix import TEAMS, RoleRules
from core.store import tasks as rows
from core.store import timers
from core.store.alerts import close_alert
from core.store.engine import Tx
from core.store.rulebooks import rules_in_force

TASK_REMIND: Final = "task.remind"
TASK_OVERDUE: Final = "task.overdue"
#: the alert of a reminder
TASK_DUE: Final = "task.due"
#: done by a decision or answer that tells itself what is asked and said, never by ``POST /tasks/{id}/done``
DECIDED_ELSEWHERE: Final = frozenset({"approval", "approval.invoice", "paper.finding", "paper.sample"})


@dataclass(frozen=True, slots=True)
class TaskDraft:
    """A task before it is stored: *kind* such as ``confirmation.unseen``, *subject* the key of what it is about.

    *role* is who does it, *assignee* the one of them who alone does; *words* tell what is to be done in a sentence,
    *inputs* (JSON-ready) from what that follows. Without *due_at* nobody is reminded of it.
    """

    kind: str
    subject: str
    role: str
    words: str
    order_id: int | None = None
    inputs: Mapping[str, Any] = field(default_factory=dict)
    due_at: datetime | None = None
    assignee: str | None = None


def open_task(tx: Tx, draft: TaskDraft, *, at: datetime, actor: str) -> int | None:
    """Open a task and return its id; None when one of its kind and subject is open already, which stays as it is.

    *actor* is the rule or person who finds it: ``rule:review-clock``. A reminder comes ``flow.remind_minutes`` of the
    rulebook before it is due, where there is time for one (REV-08).
    """
    task_id = rows.add(
        tx, kind=draft.kind, subject=draft.subject[:100], order_id=draft.order_id, role=draft.role,
        assignee=draft.assignee, words=draft.words[:500], inputs=dict(draft.inputs), opened_at=at, due_at=draft.due_at,
    )  # fmt: skip
    if task_id is None:
        return None
    if draft.due_at is not None:
        timers.schedule(tx, TASK_OVERDUE, task_id, draft.due_at)
        minutes = rules_in_force(tx).book.flow.remind_minutes
        remind_at = draft.due_at - timedelta(minutes=minutes)
        if minutes and remind_at > at:
            timers.schedule(tx, TASK_REMIND, task_id, remind_at)
    if draft.order_id is not None and draft.kind not in DECIDED_ELSEWHERE:
        inputs: dict[str, Any] = {"task": str(task_id), "kind": draft.kind, "role": draft.role}
        inputs |= {"assignee": draft.assignee, "due_at": draft.due_at and iso(draft.due_at)}
        record(tx, draft.order_id, "task.opened", at=at, actor=actor, summary=draft.words, inputs=inputs)
    return task_id


def close_task(
    tx: Tx,
    kind: str,
    subject: str,
    *,
    at: datetime,
    actor: str,
    outcome: str = "done",
    reason: str = "",
    state: str = "done",
) -> bool:
    """Close the open task of this kind and subject, whose cause is gone; False when none is open.

    *state* is ``done``, ``expired`` or ``cancelled``, *outcome* what became of it in a word.
    """
    task = rows.open_of(tx, kind, subject[:100])
    return task is not None and _close(tx, task, state, at=at, actor=actor, outcome=outcome, reason=reason)


def cancel_tasks(tx: Tx, order_id: int, *, at: datetime, actor: str, reason: str) -> None:
    """Cancel every open task of an order that ended."""
    for task in rows.open_of_order(tx, order_id):
        _close(tx, task, "cancelled", at=at, actor=actor, outcome="cancelled", reason=reason)


def finish_task(
    tx: Tx, task_id: int, *, matrix: RoleRules, roles: Collection[str] | None, actor: str, reason: str, at: datetime
) -> dict[str, Any]:
    """Close a task that a person did by hand, and return its row.

    *roles* are the person's; None is a key without roles, which may do everybody's.

    Raises:
        NotFound: no such task.
        Forbidden: it waits for another role, or for somebody else by name.
        Conflict: it is closed already, or is done by its decision alone.
    """
    task = rows.get(tx, task_id, lock=True)
    if task["kind"] in DECIDED_ELSEWHERE:
        raise Conflict(f"task {task_id} is done by its {task['kind']}", inputs={"kind": task["kind"]})
    permit(task, matrix=matrix, roles=roles, actor=actor)
    if not _close(tx, task, "done", at=at, actor=actor, outcome="done", reason=reason):
        raise Conflict(f"task {task_id} is {task['state']}", inputs={"state": task["state"]})
    return rows.get(tx, task_id)


def permit(task: Mapping[str, Any], *, matrix: RoleRules, roles: Collection[str] | None, actor: str) -> None:
    """Refuse somebody for whom *task* does not wait.

    Raises:
        Forbidden: it waits for another role, or for somebody else by name.
    """
    if task["assignee"] is not None:
        if task["assignee"] != actor:
            raise Forbidden(f"it waits for {task['assignee']}", inputs={"assignee": task["assignee"]})
    elif roles is not None and not matrix.may_release(roles, task["role"]):
        hint = f"One who may: {', '.join(sorted(matrix.deciders(task['role'])))}."
        raise Forbidden(f"it waits for the role {task['role']}", hint=hint, inputs={"role": task["role"]})


def roles_served(matrix: RoleRules, roles: Collection[str] | None) -> frozenset[str] | None:
    """Return the roles whose tasks somebody with *roles* may do; None for a key without roles: everybody's."""
    if roles is None:
        return None
    return frozenset(one for one in {*matrix.roles, *TEAMS} if matrix.may_release(roles, one))


def told(task: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """Return a task JSON-ready; ``overdue`` where it is open and was due by *now*."""
    due_at = task["due_at"]
    return {
        "id": str(task["id"]),
        "kind": task["kind"],
        "subject": task["subject"],
        "order": task["order"],
        "role": task["role"],
        "assignee": task["assignee"],
        "words": task["words"],
        "inputs": task["inputs"],
        "opened_at": iso(task["opened_at"]),
        "due_at": due_at and iso(due_at),
        "reminded_at": task["reminded_at"] and iso(task["reminded_at"]),
        "overdue": task["state"] == "open" and due_at is not None and due_at <= now,
        "state": task["state"],
        "closed_at": task["closed_at"] and iso(task["closed_at"]),
        "done_by": task["done_by"],
        "outcome": task["outcome"],
        "reason": task["reason"],
    }


def alert_subject(task: Mapping[str, Any]) -> str:
    """Return what names the cause of a task's alerts."""
    return f"{task['kind']} {task['subject']}"


def _close(tx: Tx, task: Mapping[str, Any], state: str, *, at: datetime, actor: str, outcome: str, reason: str) -> bool:
    closed = rows.close(tx, task["id"], state, at=at, actor=actor, outcome=outcome, reason=reason[:500])
    if not closed:
        return False
    close_alert(tx, task["kind"], task["subject"], at=at)  # that of the same cause, where one was raised with it
    if task["due_at"] is not None:
        for kind in (TASK_REMIND, TASK_OVERDUE):
            timers.cancel(tx, kind, task["id"])
        for alert in (TASK_DUE, TASK_OVERDUE):
            close_alert(tx, alert, alert_subject(task), at=at)
    if task["order_id"] is not None and task["kind"] not in DECIDED_ELSEWHERE:
        summary = f"{task['kind']}: {outcome}" + (f": {reason}" if reason else "")
        inputs = {"task": str(task["id"]), "kind": task["kind"], "outcome": outcome, "reason": reason}
        record(tx, task["order_id"], f"task.{state}", at=at, actor=actor, summary=summary, inputs=inputs)
    return True
