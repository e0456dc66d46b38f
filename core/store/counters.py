"""Gap-free serials: order numbers per year and channel, and named sequences (ARCHITECTURE decision 4).

``n = n + k RETURNING n`` inside the transaction that uses the serials: a rollback gives them back. Taken last,
so that the row is locked only for the commit.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from core.store.engine import Tx
from core.store.tables.ordering import counters, sequences

#: an order number shows at least this many digits of its serial (NUM-01)
SERIAL_DIGITS = 6


def take_serials(tx: Tx, year: int, channel: str, count: int) -> range:
    """Take the next *count* serials of *year* and *channel*."""
    make = _insert(tx)
    statement = (
        make(counters)
        .values(year=year, channel=channel, n=count)
        .on_conflict_do_update(index_elements=["year", "channel"], set_={"n": counters.c.n + count})
        .returning(counters.c.n)
    )
    last = int(tx.execute(statement).scalar_one())
    return range(last - count + 1, last + 1)


def peek_serial(tx: Tx, year: int, channel: str) -> int:
    """Return the serial that would come next, without taking it."""
    statement = select(counters.c.n).where(counters.c.year == year, counters.c.channel == channel)
    return int(tx.execute(statement).scalar_one_or_none() or 0) + 1


def next_in_sequence(tx: Tx, name: str, count: int = 1) -> int:
    """Take *count* serials of the sequence *name* and return the first."""
    make = _insert(tx)
    statement = make(sequences).values(name=name, n=count)
    statement = statement.on_conflict_do_update(index_elements=["name"], set_={"n": sequences.c.n + count}).returning(
        sequences.c.n
    )
    return int(tx.execute(statement).scalar_one()) - count + 1


def peek_sequence(tx: Tx, name: str) -> int:
    """Return the serial that *name* would give next, without taking it."""
    return int(tx.execute(select(sequences.c.n).where(sequences.c.name == name)).scalar_one_or_none() or 0) + 1


def _insert(tx: Tx) -> Any:
    """Return the insert of this dialect: both have the same ON CONFLICT, but no common type."""
    return sqlite.insert if tx.is_sqlite else postgresql.insert


def order_number(year: int, channel: str, serial: int) -> str:
    """Return the order number, ``2026-ED-000123`` (NUM-01)."""
    return f"{year}-{channel}-{serial:0{SERIAL_DIGITS}d}"
