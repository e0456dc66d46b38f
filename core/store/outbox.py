"""Outbox rows: what has to be told, written in the transaction of the fact; rendered later, never changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import orjson
from sqlalchemy import select, update

from core.clock import to_micros
from core.store.engine import Tx
from core.store.tables.intake import sources
from core.store.tables.messaging import outbox


class OutboxRow(NamedTuple):
    """One message to tell, in the column order of the table; ``payload`` is JSON text, ``created_at`` microseconds."""

    id: int
    partner_id: int
    type: str
    source_id: int | None
    interchange_id: int | None
    order_id: int | None
    document_id: int | None
    payload: str
    test: bool
    created_at: int
    transmission_id: int | None = None


class Waiting(NamedTuple):
    """What is rendered in one go: all replies to one source, or the one row that has none."""

    source_id: int | None
    row_id: int | None = None


def queue(
    tx: Tx,
    *,
    partner_id: int,
    type: str,  # noqa: A002 - the column's and the trade's own word
    order_id: int | None,
    payload: Mapping[str, Any],
    at: datetime,
    source_id: int | None = None,
    interchange_id: int | None = None,
    document_id: int | None = None,
    test: bool = False,
) -> int:
    """Queue one message and return its id; with a *source_id* it is rendered together with that source's replies."""
    row_id = tx.ids.next()
    text = orjson.dumps(payload, option=orjson.OPT_SORT_KEYS).decode()
    micros = to_micros(at)
    append(
        tx, [OutboxRow(row_id, partner_id, type, source_id, interchange_id, order_id, document_id, text, test, micros)]
    )
    return row_id


def append(tx: Tx, rows: Sequence[OutboxRow]) -> None:
    """Queue many messages at once."""
    tx.append(outbox, rows)


def waiting(tx: Tx, limit: int) -> list[Waiting]:
    """Return what may be rendered now, oldest first: what the *limit* oldest waiting rows belong to."""
    statement = (
        select(outbox.c.source_id, outbox.c.id)
        .outerjoin(sources, sources.c.id == outbox.c.source_id)
        .where(outbox.c.transmission_id.is_(None))
        .where(outbox.c.source_id.is_(None) | sources.c.settled)
        .order_by(outbox.c.id)
        .limit(limit)
    )
    found = [Waiting(row.source_id, None if row.source_id else row.id) for row in tx.execute(statement)]
    return list(dict.fromkeys(found))


def unrendered(tx: Tx, one: Waiting) -> list[dict[str, Any]]:
    """Return the rows of what waits, oldest first, for this transaction to render.

    All replies to a source are rendered together: none while one of its documents is not judged, and its row is
    locked so that of two processes one gets them all. What another process renders right now is left to it.
    """
    statement = select(outbox).where(outbox.c.transmission_id.is_(None)).order_by(outbox.c.id)
    if one.source_id is None:
        statement = statement.where(outbox.c.id == one.row_id)
        if not tx.is_sqlite:
            statement = statement.with_for_update(skip_locked=True)
    else:
        settled = select(sources.c.id).where(sources.c.id == one.source_id, sources.c.settled)
        if tx.execute(settled if tx.is_sqlite else settled.with_for_update(skip_locked=True)).first() is None:
            return []
        statement = statement.where(outbox.c.source_id == one.source_id)
    return [dict(row) for row in tx.execute(statement).mappings()]


def assign(tx: Tx, transmission_id: int, row_ids: Sequence[int]) -> None:
    """Say which transmission carries these rows."""
    for start in range(0, len(row_ids), 500):
        chunk = row_ids[start : start + 500]
        tx.execute(update(outbox).where(outbox.c.id.in_(chunk)).values(transmission_id=transmission_id))


def of_order(tx: Tx, order_id: int) -> list[dict[str, Any]]:
    """Return everything that was or will be told of an order, oldest first."""
    statement = select(outbox).where(outbox.c.order_id == order_id).order_by(outbox.c.id)
    return [dict(row) for row in tx.execute(statement).mappings()]
