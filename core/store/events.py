"""Rows of the event table: append, the tail of a chain, sealing, the stream."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import bindparam, func, select, update

from core.audit.chain import GENESIS, EventRow, seal_link
from core.store import prepared
from core.store.counters import next_in_sequence, peek_sequence
from core.store.engine import Tx
from core.store.tables.ordering import events, orders

# What every order needs is built once: making a statement costs several times as much as running it.
_TAIL = (
    select(events.c.seq, events.c.hash)
    .where(events.c.order_id == bindparam("order_id"))
    .order_by(events.c.seq.desc())
    .limit(1)
)
_FIRST_UNSEALED = (
    select(events.c.id, events.c.hash).where(events.c.seal.is_(None)).order_by(events.c.id).limit(bindparam("most"))
)
_UNSEALED_COUNT = select(func.count()).select_from(events).where(events.c.seal.is_(None))
_SEAL_HASH = select(events.c.seal_hash).where(events.c.seal == bindparam("seal"))
_SEAL = update(events).where(events.c.id == bindparam("event_id")).values(seal=bindparam("s"), seal_hash=bindparam("h"))
_SEAL_SQLITE = "UPDATE events SET seal = ?2, seal_hash = ?3 WHERE id = ?1"
_STREAM = (
    select(
        events.c.seal, events.c.at, events.c.event, events.c.summary, events.c.document_id, events.c.order_id,
        orders.c.number, orders.c.partner_id, orders.c.channel,
    )
    .join(orders, orders.c.id == events.c.order_id)
    .where(events.c.seal > bindparam("after"))
    .order_by(events.c.seal)
    .limit(bindparam("most"))
)  # fmt: skip


def append_events(tx: Tx, rows: Sequence[EventRow]) -> None:
    """Append chained events."""
    tx.append(events, rows)


def tail(tx: Tx, order_id: int) -> tuple[int, bytes]:
    """Return the last sequence number and hash of an order's chain, (0, GENESIS) when it is empty."""
    row = tx.execute(_TAIL, {"order_id": order_id}).one_or_none()
    return (row.seq, bytes(row.hash)) if row else (0, GENESIS)


def seal_some(tx: Tx, limit: int) -> int:
    """Chain up to *limit* unsealed events into the stream and return how many there were.

    The sequence row makes the sealer single: a second one waits for this transaction. Unsealed rows are found by
    ``seal IS NULL`` and not by a range of ids, because a slow transaction may commit a smaller id later.
    """
    if not unsealed_count(tx):
        return 0
    position = next_in_sequence(tx, "seal", 0)
    unsealed = tx.execute(_FIRST_UNSEALED, {"most": limit}).all()
    if not unsealed:
        return 0
    last = position - 1
    previous = GENESIS
    if last:
        previous = bytes(tx.execute(_SEAL_HASH, {"seal": last}).scalar_one())
    rows = []
    for offset, row in enumerate(unsealed, 1):
        previous = seal_link(previous, bytes(row.hash))
        rows.append({"event_id": row.id, "s": last + offset, "h": previous})
    if tx.is_sqlite:
        prepared.run_many(tx.connection, _SEAL_SQLITE, [(row["event_id"], row["s"], row["h"]) for row in rows])
    else:
        tx.execute(_SEAL, rows)
    next_in_sequence(tx, "seal", len(rows))
    return len(rows)


def sealed_upto(tx: Tx) -> int:
    """Return the last position of the stream."""
    return peek_sequence(tx, "seal") - 1


def unsealed_count(tx: Tx) -> int:
    """Return how many events wait for the sealer."""
    return int(tx.execute(_UNSEALED_COUNT).scalar_one())


def stream(tx: Tx, after: int, limit: int) -> list[dict[str, Any]]:
    """Return sealed events after position *after*, oldest first, with their order's number."""
    return [dict(row) for row in tx.execute(_STREAM, {"after": after, "most": limit}).mappings()]


def of_order(tx: Tx, order_id: int) -> list[dict[str, Any]]:
    """Return every event of one order, oldest first."""
    statement = select(events).where(events.c.order_id == order_id).order_by(events.c.seq)
    return [dict(row) for row in tx.execute(statement).mappings()]


def by_chain(tx: Tx) -> Iterator[Any]:
    """Yield every event ordered by order and sequence, streamed."""
    statement = select(events).order_by(events.c.order_id, events.c.seq).execution_options(yield_per=1000)
    with tx.execute(statement) as found:  # closed too when the reader stops early
        yield from found.mappings()


def by_seal(tx: Tx) -> Iterator[Any]:
    """Yield (seal, hash, seal_hash, id) of every sealed event in stream order, streamed."""
    statement = (
        select(events.c.seal, events.c.hash, events.c.seal_hash, events.c.id)
        .where(events.c.seal.is_not(None))
        .order_by(events.c.seal)
        .execution_options(yield_per=1000)
    )
    with tx.execute(statement) as found:  # closed too when the reader stops early
        yield from found.mappings()
