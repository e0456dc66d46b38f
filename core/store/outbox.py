"""Outbox rows: what has to be told, written in the transaction of the fact; rendered later, never changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Select, Text, Update, bindparam, select, type_coerce, update

from core.clock import to_micros
from core.store.engine import Tx
from core.store.lists import among, listed
from core.store.tables.intake import sources
from core.store.tables.messaging import outbox

# What every order needs is built once: making a statement costs several times as much as running it.
_WAITING = (
    select(outbox.c.source_id, outbox.c.id)
    .outerjoin(sources, sources.c.id == outbox.c.source_id)
    .where(outbox.c.transmission_id.is_(None))
    .where(outbox.c.source_id.is_(None) | sources.c.settled)
    .order_by(outbox.c.id)
    .limit(bindparam("most"))
)
_UNRENDERED = (
    select(
        outbox.c.id, outbox.c.partner_id, outbox.c.type, outbox.c.source_id, outbox.c.interchange_id,
        outbox.c.order_id, type_coerce(outbox.c.payload, Text), outbox.c.test,
    )
    .where(outbox.c.transmission_id.is_(None))
    .order_by(outbox.c.id)
)  # fmt: skip
_UNRENDERED_ROW = _UNRENDERED.where(outbox.c.id == bindparam("row_id"))
_UNRENDERED_OF = _UNRENDERED.where(outbox.c.source_id == bindparam("source_id"))
_SETTLED = select(sources.c.id).where(sources.c.id == bindparam("source_id"), sources.c.settled)


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


class Unrendered(NamedTuple):
    """A message that waits to be rendered. ``payload`` stays JSON text: thousands of answers may wait together."""

    id: int
    partner_id: int
    type: str
    source_id: int | None
    interchange_id: int | None
    order_id: int | None
    payload: str
    test: bool

    @property
    def said(self) -> dict[str, Any]:
        """Return what the message is to say."""
        said: dict[str, Any] = orjson.loads(self.payload)
        return said


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
    rows = tx.execute(_WAITING, {"most": limit})
    found = [Waiting(row.source_id, None if row.source_id else row.id) for row in rows]
    return list(dict.fromkeys(found))


def unrendered(tx: Tx, one: Waiting) -> list[Unrendered]:
    """Return the rows of what waits, oldest first, for this transaction to render.

    All replies to a source are rendered together: none while one of its documents is not judged, and its row is
    locked so that of two processes one gets them all. What another process renders right now is left to it.
    """
    if one.source_id is None:
        found = tx.execute(_skipping_locked(_UNRENDERED_ROW, is_sqlite=tx.is_sqlite), {"row_id": one.row_id})
    else:
        source = {"source_id": one.source_id}
        if tx.execute(_skipping_locked(_SETTLED, is_sqlite=tx.is_sqlite), source).first() is None:
            return []
        found = tx.execute(_UNRENDERED_OF, source)
    return [Unrendered._make(row) for row in found]


@cache
def _skipping_locked(statement: Select[Any], *, is_sqlite: bool) -> Select[Any]:
    return statement if is_sqlite else statement.with_for_update(skip_locked=True)


def assign(tx: Tx, transmission_id: int, row_ids: Sequence[int]) -> None:
    """Say which transmission carries these rows."""
    parameters = {"transmission": transmission_id, "rows": listed(tx, row_ids)}
    tx.execute(_assign(is_sqlite=tx.is_sqlite), parameters)


@cache
def _assign(*, is_sqlite: bool) -> Update:
    chosen = among(outbox.c.id, "rows", is_sqlite=is_sqlite)
    return update(outbox).where(chosen).values(transmission_id=bindparam("transmission"))


def of_order(tx: Tx, order_id: int) -> list[dict[str, Any]]:
    """Return everything that was or will be told of an order, oldest first."""
    statement = select(outbox).where(outbox.c.order_id == order_id).order_by(outbox.c.id)
    return [dict(row) for row in tx.execute(statement).mappings()]
