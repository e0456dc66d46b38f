"""Gap-free serials: order numbers per year and channel, and named sequences (ARCHITECTURE decision 4).

``n = n + k RETURNING n`` inside the transaction that uses the serials: a rollback gives them back. Taken last,
so that the row is locked only for the commit.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Table, bindparam, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from core.store.engine import Tx
from core.store.tables.ordering import counters, sequences, voided_serials

#: an order number shows at least this many digits of its serial (NUM-01)
SERIAL_DIGITS = 6
_IN_SEQUENCE = select(sequences.c.n).where(sequences.c.name == bindparam("name"))


def take_serials(tx: Tx, year: int, channel: str, count: int) -> range:
    """Take the next *count* serials of *year* and *channel*."""
    row = {"year": year, "channel": channel, "n": count}
    last = int(tx.execute(_take(counters, is_sqlite=tx.is_sqlite), row).scalar_one())
    return range(last - count + 1, last + 1)


def peek_serial(tx: Tx, year: int, channel: str) -> int:
    """Return the serial that would come next, without taking it."""
    statement = select(counters.c.n).where(counters.c.year == year, counters.c.channel == channel)
    return int(tx.execute(statement).scalar_one_or_none() or 0) + 1


def next_in_sequence(tx: Tx, name: str, count: int = 1) -> int:
    """Take *count* serials of the sequence *name* and return the first."""
    last = int(tx.execute(_take(sequences, is_sqlite=tx.is_sqlite), {"name": name, "n": count}).scalar_one())
    return last - count + 1


def peek_sequence(tx: Tx, name: str) -> int:
    """Return the serial that *name* would give next, without taking it."""
    return int(tx.execute(_IN_SEQUENCE, {"name": name}).scalar_one_or_none() or 0) + 1


def void(tx: Tx, year: int, channel: str, serial: int, *, reason: str, actor: str, at: datetime) -> None:
    """Keep why no order carries *serial*."""
    row = {"year": year, "channel": channel, "serial": serial, "reason": reason, "actor": actor, "at": at}
    tx.execute(insert(voided_serials).values(row))


@cache
def _take(table: Table, *, is_sqlite: bool) -> Any:
    """Return the upsert that adds ``n`` and returns the sum: both dialects have the same, but no common type."""
    make: Any = sqlite.insert if is_sqlite else postgresql.insert
    added = make(table)
    return added.on_conflict_do_update(
        index_elements=list(table.primary_key), set_={"n": table.c.n + added.excluded.n}
    ).returning(table.c.n)


def order_number(year: int, channel: str, serial: int) -> str:
    """Return the order number, ``2026-ED-000123`` (NUM-01)."""
    return f"{year}-{channel}-{serial:0{SERIAL_DIGITS}d}"
