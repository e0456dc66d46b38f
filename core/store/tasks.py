"""Rows of tasks: opened once a cause, found by role, order and due time, closed with their outcome."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, and_, bindparam, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from core.store.engine import Tx
from core.store.named import named_row
from core.store.tables.ordering import orders
from core.store.tables.tasks import tasks

# What every lifted hold asks is built once: making a statement costs several times as much as running it.
_ALL: Final = select(tasks, orders.c.number.label("order")).join(orders, orders.c.id == tasks.c.order_id, isouter=True)

#: more of the words of a task is not kept
_WORDS: Final = 500

_OPEN_OF: Final = _ALL.where(
    tasks.c.kind == bindparam("kind"), tasks.c.subject == bindparam("subject"), tasks.c.state == "open"
)


def add(tx: Tx, **values: Any) -> int | None:
    """Add an open task and return its id; None when one of this kind and subject is open already."""
    # One statement, so that two workers who meet the same cause at once share its row.
    make: Any = sqlite.insert if tx.is_sqlite else postgresql.insert
    statement = make(tasks).values(id=tx.ids.next(), state="open", **values)
    statement = statement.on_conflict_do_nothing(
        index_elements=["kind", "subject"], index_where=tasks.c.state == "open"
    ).returning(tasks.c.id)
    task_id: int | None = tx.execute(statement).scalar_one_or_none()
    return task_id


def get(tx: Tx, task_id: int, *, lock: bool = False) -> dict[str, Any]:
    """Return a task, the number of its order as ``order``.

    Raises:
        NotFound: there is none.
    """
    statement = _ALL.where(tasks.c.id == task_id)
    if lock and not tx.is_sqlite:
        statement = statement.with_for_update(of=tasks)
    return named_row(tx, statement, f"task {task_id}")


def open_of(tx: Tx, kind: str, subject: str) -> dict[str, Any] | None:
    """Return the open task of this kind and subject, None where there is none."""
    row = tx.execute(_OPEN_OF, {"kind": kind, "subject": subject}).mappings().first()
    return None if row is None else dict(row)


def open_of_order(tx: Tx, order_id: int) -> list[dict[str, Any]]:
    """Return the open tasks of an order, the earliest first."""
    statement = _ALL.where(tasks.c.order_id == order_id, tasks.c.state == "open").order_by(tasks.c.id)
    return [dict(row) for row in tx.execute(statement).mappings()]


def close(tx: Tx, task_id: int, state: str, *, at: datetime, actor: str, outcome: str, reason: str) -> bool:
    """End an open task; False when it was closed before."""
    values = {"state": state, "closed_at": at, "done_by": actor, "outcome": outcome, "reason": reason}
    statement = update(tasks).where(tasks.c.id == task_id, tasks.c.state == "open").values(**values)
    return tx.execute(statement).rowcount == 1


def tell_anew(tx: Tx, task_id: int, *, words: str, inputs: Mapping[str, Any]) -> None:
    """Say anew what a task is about and from what it follows."""
    values = {"words": words[:_WORDS], "inputs": dict(inputs)}
    tx.execute(update(tasks).where(tasks.c.id == task_id).values(**values))


def set_reminded(tx: Tx, task_id: int, at: datetime) -> None:
    """Note when its people were reminded of it."""
    tx.execute(update(tasks).where(tasks.c.id == task_id).values(reminded_at=at))


def found(
    tx: Tx,
    *,
    roles: Collection[str] | None,
    assignee: str | None,
    kind: str | None,
    order: str | None,
    state: str | None,
    overdue_at: datetime | None,
    after: int | None,
    limit: int,
) -> list[dict[str, Any]]:
    """Return up to *limit* tasks behind the id *after*, the earliest opened first.

    *roles* keeps those that wait for one of them, or for *assignee* by name; those that name somebody else are not
    for the roles. *overdue_at* keeps open ones that were due before.
    """
    statement = _ALL.order_by(tasks.c.id).limit(limit)
    if roles is not None:
        statement = _waiting_for(statement, roles, assignee)
    for column, wanted in ((tasks.c.kind, kind), (orders.c.number, order), (tasks.c.state, state)):
        if wanted is not None:
            statement = statement.where(column == wanted)
    if overdue_at is not None:
        statement = statement.where(tasks.c.state == "open", tasks.c.due_at <= overdue_at)
    if after is not None:
        statement = statement.where(tasks.c.id > after)
    return [dict(row) for row in tx.execute(statement).mappings()]


def _waiting_for(statement: Select[Any], roles: Collection[str], assignee: str | None) -> Select[Any]:
    of_role = and_(tasks.c.assignee.is_(None), tasks.c.role.in_(roles))
    return statement.where(of_role if assignee is None else or_(of_role, tasks.c.assignee == assignee))
