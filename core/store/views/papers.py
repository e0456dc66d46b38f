"""Lists of what came by mail and fax: sources newest first, the parts of each, and single parts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, exists, select

from core.store.engine import Tx
from core.store.tables.intake import sources
from core.store.tables.papers import paper_parts, paper_sources

Row = dict[str, Any]

#: what is told of a source; the rest of its row is for the workers
_SOURCE = (
    paper_sources.c.id, paper_sources.c.name, paper_sources.c.state, paper_sources.c.attempts, paper_sources.c.letter,
    paper_sources.c.message_id, paper_sources.c.problem, paper_sources.c.ended_at, sources.c.transport,
    sources.c.origin, sources.c.sha256, sources.c.size, sources.c.received_at,
)  # fmt: skip


class PaperFilter(NamedTuple):
    """Which sources; None leaves a thing open. *became* and *partner* are those of any of its parts."""

    state: str | None = None
    transport: str | None = None
    became: str | None = None
    partner: str | None = None
    since: datetime | None = None


def page(tx: Tx, wanted: PaperFilter, before: int | None, limit: int) -> list[Row]:
    """Return at most *limit* sources, the newest first, those older than the id *before*."""
    statement = _sources().order_by(paper_sources.c.id.desc()).limit(limit)
    for column, value in ((paper_sources.c.state, wanted.state), (sources.c.transport, wanted.transport)):
        if value is not None:
            statement = statement.where(column == value)
    if wanted.became is not None or wanted.partner is not None:
        mine = select(paper_parts.c.source_id).where(paper_parts.c.source_id == paper_sources.c.id)
        for column, value in ((paper_parts.c.became, wanted.became), (paper_parts.c.partner, wanted.partner)):
            if value is not None:
                mine = mine.where(column == value)
        statement = statement.where(exists(mine))
    if wanted.since is not None:
        statement = statement.where(sources.c.received_at >= wanted.since)
    if before is not None:
        statement = statement.where(paper_sources.c.id < before)
    return [dict(row) for row in tx.execute(statement).mappings()]


def one(tx: Tx, source_id: int) -> Row | None:
    """Return one source, None where none came by mail or fax under this id."""
    row = tx.execute(_sources().where(paper_sources.c.id == source_id)).mappings().first()
    return None if row is None else dict(row)


def parts_of(tx: Tx, source_ids: Sequence[int]) -> dict[int, list[Row]]:
    """Return the parts of each of these sources in the order of the tree."""
    found: dict[int, list[Row]] = {source_id: [] for source_id in source_ids}
    statement = (
        select(paper_parts)
        .where(paper_parts.c.source_id.in_(source_ids))
        .order_by(paper_parts.c.source_id, paper_parts.c.ordinal)
    )
    for row in tx.execute(statement).mappings():
        found[row["source_id"]].append(dict(row))
    return found


def part(tx: Tx, source_id: int, ordinal: int) -> Row | None:
    """Return one part, None where there is none."""
    mine = (paper_parts.c.source_id == source_id) & (paper_parts.c.ordinal == ordinal)
    row = tx.execute(select(paper_parts).where(mine)).mappings().first()
    return None if row is None else dict(row)


def _sources() -> Select[Any]:
    return select(*_SOURCE).join(sources, sources.c.id == paper_sources.c.id)
