"""Timers: every deadline is a row, and firing it deletes that row in the transaction of its work (decision 9).

Database-only work takes the row with :func:`take` and does everything in that transaction. Outside calls claim it
first with :func:`claim_due`, committed before the call, and end with :func:`finish` or :func:`put_back`. Whoever
finds the row gone, or claimed by another, has lost the race and does nothing: a timer fires once (invariant 9).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, delete, func, insert, select, update

from core.store.engine import Tx
from core.store.lists import among, listed
from core.store.tables.messaging import timers

# What every order and every poll needs is built once: making a statement costs several times as much as running it.
_SCHEDULE = insert(timers)
_NEXT_DUE = select(func.min(timers.c.due_at)).where(timers.c.worker_id.is_(None))
_TAKE = delete(timers).where(timers.c.id == bindparam("timer_id"), timers.c.worker_id.is_(None))
_CANCEL = delete(timers).where(timers.c.kind == bindparam("kind"), timers.c.subject_id == bindparam("subject_id"))


@cache
def _due(*, is_sqlite: bool) -> Select[Any]:
    return (
        select(timers)
        .where(
            timers.c.due_at <= bindparam("now"),
            timers.c.worker_id.is_(None),
            among(timers.c.kind, "kinds", is_sqlite=is_sqlite),
        )
        .order_by(timers.c.due_at, timers.c.id)
        .limit(bindparam("most"))
    )


@cache
def _claim_due(*, is_sqlite: bool) -> Select[Any]:
    return _due(is_sqlite=is_sqlite).with_for_update(skip_locked=True)  # PostgreSQL; on SQLite the writer is alone


@cache
def _next_due_of(*, is_sqlite: bool) -> Select[Any]:
    return _NEXT_DUE.where(among(timers.c.kind, "kinds", is_sqlite=is_sqlite))


class Timer(NamedTuple):
    """One deadline. ``subject_id`` is the order or shipment it is about; ``attempts`` counts claims so far."""

    id: int
    kind: str
    subject_id: int
    due_at: datetime
    payload: dict[str, Any]
    worker_id: int | None
    attempts: int


def schedule(tx: Tx, kind: str, subject_id: int, due_at: datetime, payload: Mapping[str, Any] | None = None) -> int:
    """Set a timer and return its id."""
    timer_id = tx.ids.next()
    row = {
        "id": timer_id,
        "kind": kind,
        "subject_id": subject_id,
        "due_at": due_at,
        "payload": dict(payload or {}),
        "worker_id": None,
        "attempts": 0,
    }
    tx.execute(_SCHEDULE, row)
    return timer_id


def due(tx: Tx, now: datetime, kinds: Collection[str], limit: int) -> list[Timer]:
    """Return up to *limit* unclaimed timers of *kinds* that are due at *now*, the earliest first."""
    wanted = {"now": now, "kinds": listed(tx, kinds), "most": limit}
    return [Timer(**row) for row in tx.execute(_due(is_sqlite=tx.is_sqlite), wanted).mappings()]


def next_due(tx: Tx, kinds: Collection[str] = ()) -> datetime | None:
    """Return when the next unclaimed timer (of *kinds*, if any are named) is due, None when there is none."""
    of_these = {"kinds": listed(tx, kinds)}
    found = tx.execute(_next_due_of(is_sqlite=tx.is_sqlite), of_these) if kinds else tx.execute(_NEXT_DUE)
    earliest: datetime | None = found.scalar()
    return earliest


def take(tx: Tx, timer_id: int) -> bool:
    """Delete an unclaimed timer; False when another transaction was first and its work is not ours."""
    return tx.execute(_TAKE, {"timer_id": timer_id}).rowcount == 1


def claim_due(tx: Tx, now: datetime, kinds: Collection[str], worker_id: int, limit: int) -> list[Timer]:
    """Claim up to *limit* due timers for *worker_id* and return them, this attempt counted."""
    wanted = {"now": now, "kinds": listed(tx, kinds), "most": limit}
    found = [Timer(**row) for row in tx.execute(_claim_due(is_sqlite=tx.is_sqlite), wanted).mappings()]
    if not found:
        return []
    tx.execute(
        update(timers)
        .where(timers.c.id.in_([timer.id for timer in found]))
        .values(worker_id=worker_id, attempts=timers.c.attempts + 1)
    )
    return [timer._replace(worker_id=worker_id, attempts=timer.attempts + 1) for timer in found]


def finish(tx: Tx, timer: Timer) -> bool:
    """Delete a timer that its worker still claims; False when the claim was lost."""
    return tx.execute(delete(timers).where(*_held(timer))).rowcount == 1


def put_back(tx: Tx, timer: Timer, due_at: datetime) -> bool:
    """Give a claim back, due again at *due_at*; False when the claim was lost."""
    return tx.execute(update(timers).where(*_held(timer)).values(worker_id=None, due_at=due_at)).rowcount == 1


def claimed(tx: Tx, kinds: Collection[str]) -> list[tuple[int, int]]:
    """Return (timer id, worker number) of every claim on *kinds*."""
    statement = select(timers.c.id, timers.c.worker_id).where(timers.c.worker_id.is_not(None), timers.c.kind.in_(kinds))
    return [(row.id, row.worker_id) for row in tx.execute(statement)]


def free(tx: Tx, timer_id: int, worker_id: int) -> bool:
    """Free the claim of a worker that is gone, its attempt stays counted; False when the claim is another's by now."""
    statement = update(timers).where(timers.c.id == timer_id, timers.c.worker_id == worker_id)
    return tx.execute(statement.values(worker_id=None)).rowcount == 1


def cancel(tx: Tx, kind: str, subject_id: int) -> int:
    """Delete the timers of *kind* on *subject_id* and return how many there were."""
    return tx.execute(_CANCEL, {"kind": kind, "subject_id": subject_id}).rowcount


def _held(timer: Timer) -> tuple[Any, ...]:
    # The attempt is part of the claim: a worker that was taken for dead and freed must not end its successor's.
    return timers.c.id == timer.id, timers.c.worker_id == timer.worker_id, timers.c.attempts == timer.attempts
