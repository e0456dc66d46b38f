"""Claims on rows of queues that workers share: what one may take, and whether it still has it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Table, and_

OwnerT = TypeVar("OwnerT", bound=Hashable)


def full(room: Mapping[OwnerT, int]) -> list[OwnerT]:
    """Return the owners of whom nothing may be taken: their rows need not be looked at."""
    return [owner for owner, free in room.items() if free <= 0]


def picked(
    due: Iterable[Any], owner_of: Callable[[Any], OwnerT], *, most: int, each: int, room: Mapping[OwnerT, int]
) -> list[int]:
    """Return the ids of up to *most* of the rows that are *due*, in their sequence.

    Of one owner at most as many as *room* says, *each* where it says nothing: one that hangs starves no other.
    """
    left = dict(room)
    ids: list[int] = []
    for row in due:
        owner = owner_of(row)
        free = left.get(owner, each)
        if free > 0 and len(ids) < most:
            left[owner] = free - 1
            ids.append(int(row.id))
    return ids


def held(table: Table, row: Any, state: str) -> ColumnElement[bool]:
    """Return the condition that the claim by which *row* was taken still counts: nobody has claimed it since."""
    return and_(
        table.c.id == row.id,
        table.c.state == state,
        table.c.attempts == row.attempts,
        table.c.worker_id == row.worker_id,
    )
