"""Rows of what papers taught: added, listed, revoked; a row is never taught twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import func, insert, select, update

from core.errors import NotFound
from core.store.engine import Tx
from core.store.papers import ADDRESS
from core.store.tables.entry import drafts
from core.store.tables.paper_memory import paper_memory
from core.store.tables.papers import paper_parts, paper_sources

Row = dict[str, Any]

#: papers that a lesson is tried on
TRIED: Final = 200
_MAX_ID: Final = 2**63


def add(tx: Tx, values: Mapping[str, Any]) -> Row:
    """Keep a lesson under the next version of its customer's memory, and return its row."""
    last = select(func.max(paper_memory.c.version)).where(paper_memory.c.partner == values["partner"])
    version = (tx.execute(last).scalar() or 0) + 1
    row = {"id": tx.ids.next(), "version": version, **values}
    tx.execute(insert(paper_memory), row)
    return row


def find(tx: Tx, partner: str, kind: str, value: str) -> Row | None:
    """Return the newest lesson about these words, whatever became of it."""
    mine = (paper_memory.c.partner == partner) & (paper_memory.c.kind == kind) & (paper_memory.c.value == value)
    statement = select(paper_memory).where(mine).order_by(paper_memory.c.id.desc()).limit(1)
    row = tx.execute(statement).mappings().first()
    return None if row is None else dict(row)


def active(tx: Tx, partner: str) -> Sequence[Any]:
    """Return ``kind``, ``value`` and ``meaning`` of all that is remembered of a customer, the oldest first."""
    mine = (paper_memory.c.partner == partner) & (paper_memory.c.state == "active")
    columns = (paper_memory.c.kind, paper_memory.c.value, paper_memory.c.meaning)
    return tx.execute(select(*columns).where(mine).order_by(paper_memory.c.version)).all()


def partners_of(tx: Tx, kind: str, value: str) -> list[str]:
    """Return the codes of the customers of whom this is remembered."""
    wanted = (paper_memory.c.kind == kind) & (paper_memory.c.value == value) & (paper_memory.c.state == "active")
    return list(tx.execute(select(paper_memory.c.partner).where(wanted).order_by(paper_memory.c.partner)).scalars())


def page(tx: Tx, *, partner: str | None, state: str | None, before: int | None, limit: int) -> list[Row]:
    """Return at most *limit* lessons, the newest first, those older than the id *before*."""
    statement = select(paper_memory).order_by(paper_memory.c.id.desc()).limit(limit)
    for column, wanted in ((paper_memory.c.partner, partner), (paper_memory.c.state, state)):
        if wanted is not None:
            statement = statement.where(column == wanted)
    if before is not None:
        statement = statement.where(paper_memory.c.id < before)
    return [dict(row) for row in tx.execute(statement).mappings()]


def get(tx: Tx, memory_id: int, *, lock: bool = False) -> Row:
    """Return one lesson.

    Raises:
        NotFound: there is none of that id.
    """
    statement = select(paper_memory).where(paper_memory.c.id == memory_id)
    if lock and not tx.is_sqlite:
        statement = statement.with_for_update()
    row = tx.execute(statement).mappings().first() if memory_id < _MAX_ID else None
    if row is None:
        raise NotFound(f"nothing was remembered under {memory_id}", hint="`ordergate papers memory` lists it.")
    return dict(row)


def end(tx: Tx, memory_id: int, values: Mapping[str, Any]) -> None:
    """End a lesson: *values* say how, and why."""
    tx.execute(update(paper_memory).where(paper_memory.c.id == memory_id).values(**values))


def confirmed_parts(tx: Tx, partner: str) -> Iterator[tuple[Row, Row | None]]:
    """Yield the parts of papers that became orders of a customer, the newest first, each with the draft that it was.

    There are :data:`TRIED` at most: what a customer wrote long ago says little of what it writes now.
    """
    statement = (
        select(paper_parts, drafts.c.content, drafts.c.origins)
        .outerjoin(drafts, drafts.c.id == paper_parts.c.draft_id)
        .where(paper_parts.c.partner == partner, paper_parts.c.became == "order")
        .order_by(paper_parts.c.source_id.desc(), paper_parts.c.ordinal)
        .limit(TRIED)
    )
    for row in tx.execute(statement).mappings():
        part = dict(row)
        content, origins = part.pop("content"), part.pop("origins")
        yield part, None if content is None else {"content": content, "origins": origins}


def other_of_sender(tx: Tx, sender: str, partner: str) -> tuple[int, str] | None:
    """Return (source, customer) of the oldest stored mail of *sender* that was another customer's order, or None.

    *sender* is in small letters.
    """
    address = sender[:ADDRESS]
    theirs = (paper_sources.c.sender == address) | (paper_sources.c.forwarded_from == address)
    statement = (
        select(paper_sources.c.id, paper_parts.c.partner)
        .join(paper_parts, paper_parts.c.source_id == paper_sources.c.id)
        .where(theirs, paper_parts.c.order_id.is_not(None), paper_parts.c.partner != partner)
        .order_by(paper_sources.c.id)
        .limit(1)
    )
    row = tx.execute(statement).first()
    return None if row is None else (row.id, row.partner)
