"""The clock of a task: reminds of it before it is due, and tells once when it is late (REV-03, REV-08)."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from core.audit.record import record
from core.clock import iso
from core.store import tasks as rows
from core.store import timers
from core.store.alerts import close_alert, raise_alert
from core.store.engine import Tx
from core.store.timers import Timer
from core.tasks.desk import TASK_DUE, TASK_OVERDUE, TASK_REMIND, alert_subject

#: what this module fires
KINDS: Final = frozenset({TASK_REMIND, TASK_OVERDUE})


def fire(tx: Tx, timer: Timer, now: datetime) -> bool:
    """Remind of a task, or tell that it is late; False where somebody was first or it is closed."""
    if not timers.take(tx, timer.id):
        return False
    task = rows.get(tx, timer.subject_id, lock=True)
    if task["state"] != "open":
        return False
    late = timer.kind == TASK_OVERDUE
    waits = f"waits for {task['assignee'] or task['role']}"
    if late:
        close_alert(tx, TASK_DUE, alert_subject(task), at=now)
    else:
        rows.set_reminded(tx, task["id"], now)
    words = f"{task['words']}: {'was to be done' if late else 'is to be done'} by {iso(task['due_at'])}, {waits}"
    raise_alert(tx, TASK_OVERDUE if late else TASK_DUE, alert_subject(task), words, at=now)
    if task["order_id"] is not None:
        inputs = {"task": str(task["id"]), "kind": task["kind"], "due_at": iso(task["due_at"])}
        event = "task.overdue" if late else "task.reminded"
        record(tx, task["order_id"], event, at=now, actor="rule:task-clock", summary=words, inputs=inputs)
    return True
