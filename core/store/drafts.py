"""Rows of drafts: added, read, changed and removed; pages newest first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, insert, select, update

from core.errors import NotFound
from core.store.engine import Tx
from core.store.tables.entry import drafts

Row = dict[str, Any]


def add(tx: Tx, row: Mapping[str, Any]) -> None:
    """Keep a new draft."""
    tx.execute(insert(drafts), row)


def get(tx: Tx, draft_id: int, *, partner: str | None = None, lock: bool = False) -> Row:
    """Return a draft; *partner* sees its own alone.

    Raises:
        NotFound: there is none of that id, or it is another partner's.
    """
    statement = select(drafts).where(drafts.c.id == draft_id)
    row = tx.execute(statement.with_for_update() if lock and not tx.is_sqlite else statement).mappings().first()
    if row is None or partner not in (None, row["partner"]):
        raise NotFound(f"there is no draft {draft_id}", hint="A draft that nobody changed for long is removed.")
    return dict(row)


def of_order(tx: Tx, number: str) -> Row | None:
    """Return the draft that became the order *number*, None when it was none."""
    row = tx.execute(select(drafts).where(drafts.c.order_number == number)).mappings().first()
    return None if row is None else dict(row)


def put(tx: Tx, draft_id: int, values: Mapping[str, Any]) -> None:
    """Change columns of a draft."""
    tx.execute(update(drafts).where(drafts.c.id == draft_id).values(**values))


def remove(tx: Tx, draft_id: int) -> None:
    """Remove a draft."""
    tx.execute(delete(drafts).where(drafts.c.id == draft_id))


def page(
    tx: Tx, *, partner: str | None, entered_by: str | None, state: str | None, before: int | None, limit: int
) -> list[Row]:
    """Return at most *limit* drafts, the newest first, those older than the id *before*."""
    statement = select(drafts)
    for column, wanted in ((drafts.c.partner, partner), (drafts.c.entered_by, entered_by), (drafts.c.state, state)):
        if wanted is not None:
            statement = statement.where(column == wanted)
    if before is not None:
        statement = statement.where(drafts.c.id < before)
    return [dict(row) for row in tx.execute(statement.order_by(drafts.c.id.desc()).limit(limit)).mappings()]
