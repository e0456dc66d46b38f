"""Rows of what is studied of papers: their words, and which of them wait."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import delete, insert, select

from core.store.engine import Tx
from core.store.tables.entry import drafts
from core.store.tables.papers import paper_parts, paper_studies, paper_words

Row = dict[str, Any]


class StudyRow(NamedTuple):
    """A part that waits to be studied, and who made it an order."""

    source_id: int
    ordinal: int
    partner: str
    order_id: int
    draft_id: int
    actor: str
    at: datetime


def keep_words(tx: Tx, source_id: int, ordinal: int, words: bytes) -> None:
    """Keep the words of a part."""
    tx.execute(insert(paper_words), {"source_id": source_id, "ordinal": ordinal, "words": words})


def add(tx: Tx, row: StudyRow) -> None:
    """Let a part be studied."""
    tx.execute(insert(paper_studies), row._asdict())


def due(tx: Tx) -> StudyRow | None:
    """Return the part that waits for longest, None where none does."""
    statement = select(paper_studies).order_by(paper_studies.c.at, paper_studies.c.source_id).limit(1)
    row = tx.execute(statement).one_or_none()
    return None if row is None else StudyRow._make(row)


def end(tx: Tx, row: StudyRow) -> bool:
    """Take a part from those that wait; False where another worker did."""
    mine = (paper_studies.c.source_id == row.source_id) & (paper_studies.c.ordinal == row.ordinal)
    return tx.execute(delete(paper_studies).where(mine)).rowcount == 1


def with_words(tx: Tx, source_id: int, ordinal: int) -> tuple[Row, bytes] | None:
    """Return a part and its words; None where they were not kept."""
    statement = (
        select(paper_parts, paper_words.c.words)
        .join(paper_words, _same_part())
        .where(paper_parts.c.source_id == source_id, paper_parts.c.ordinal == ordinal)
    )
    row = tx.execute(statement).mappings().first()
    return None if row is None else _apart(dict(row))


def stored(tx: Tx, partner: str, *, but: int, most: int) -> Iterator[tuple[Row, bytes, Row | None]]:
    """Yield the newest parts that became orders of a customer, with their words, and the draft where one was; but one.

    *but* is the source that is left out. Each is fetched when it is asked for: together they are many megabytes.
    """
    newest = (
        select(paper_parts.c.source_id, paper_parts.c.ordinal)
        .join(paper_words, _same_part())
        .where(paper_parts.c.partner == partner, paper_parts.c.became == "order", paper_parts.c.source_id != but)
        .order_by(paper_parts.c.source_id.desc(), paper_parts.c.ordinal)
        .limit(most)
    )
    for one in tx.execute(newest).mappings().all():
        statement = (
            select(paper_parts, paper_words.c.words, drafts.c.content, drafts.c.origins)
            .join(paper_words, _same_part())
            .outerjoin(drafts, drafts.c.id == paper_parts.c.draft_id)
            .where(paper_parts.c.source_id == one["source_id"], paper_parts.c.ordinal == one["ordinal"])
        )
        part, words = _apart(dict(tx.execute(statement).mappings().one()))
        content, origins = part.pop("content"), part.pop("origins")
        yield part, words, None if content is None else {"content": content, "origins": origins}


def _same_part() -> Any:
    return (paper_words.c.source_id == paper_parts.c.source_id) & (paper_words.c.ordinal == paper_parts.c.ordinal)


def _apart(row: Row) -> tuple[Row, bytes]:
    return row, bytes(row.pop("words"))
