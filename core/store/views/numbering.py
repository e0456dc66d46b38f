"""The order numbers of a year and channel: the counter, what carries its serials, and which are void."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, func, select

from core.store.counters import order_number
from core.store.engine import Tx
from core.store.tables.ordering import counters, events, orders, voided_serials


class Series(NamedTuple):
    """The order numbers of one year and channel: the counter, how many orders and voids there are, the last serial."""

    year: int
    channel: str
    counter: int
    orders: int
    voids: int
    last: int


class VoidSerial(NamedTuple):
    """A serial that no order carries, and why."""

    serial: int
    number: str
    reason: str
    actor: str
    at: datetime


def series(tx: Tx, year: int, channel: str) -> Series:
    """Return what is known of one year and channel without reading every number."""
    counter = tx.execute(
        select(counters.c.n).where(counters.c.year == year, counters.c.channel == channel)
    ).scalar_one_or_none()
    voids = tx.execute(
        select(func.count())
        .select_from(voided_serials)
        .where(voided_serials.c.year == year, voided_serials.c.channel == channel)
    ).scalar_one()
    prefix = f"{year}-{channel}-"
    # Longer serials are later ones; among equally long ones the text decides.
    newest = tx.execute(
        select(orders.c.number)
        .where(_starts_with(tx, prefix))
        .order_by(func.length(orders.c.number).desc(), orders.c.number.desc())
        .limit(1)
    ).scalar_one_or_none()
    serial = (newest or "").removeprefix(prefix)
    last = int(serial) if serial.isascii() and serial.isdigit() else 0
    return Series(year, channel, int(counter or 0), _count(tx, prefix), int(voids), last)


def every_series(tx: Tx) -> list[Series]:
    """Return every year and channel that a counter knows."""
    rows = tx.execute(select(counters.c.year, counters.c.channel).order_by(counters.c.year, counters.c.channel)).all()
    return [series(tx, row.year, row.channel) for row in rows]


def trial_numbers(tx: Tx) -> int:
    """Return how many orders carry a test number, which no counter gave."""
    return _count(tx, "TEST-")


def numbered_orders(tx: Tx, year: int, channel: str) -> Iterator[tuple[str, bytes | None]]:
    """Yield number and first hash of the chain of every order of a year and channel, in no special order, streamed."""
    first = and_(events.c.order_id == orders.c.id, events.c.seq == 1)
    statement = (
        select(orders.c.number, events.c.hash)
        .join_from(orders, events, first, isouter=True)
        .where(_starts_with(tx, f"{year}-{channel}-"))
        .execution_options(yield_per=10_000)
    )
    for row in tx.execute(statement):
        yield row.number, None if row.hash is None else bytes(row.hash)


def is_carried(tx: Tx, number: str) -> bool:
    """Tell whether an order carries *number*."""
    return tx.execute(select(orders.c.id).where(orders.c.number == number)).first() is not None


def voids_in(tx: Tx, year: int, channel: str) -> list[VoidSerial]:
    """Return the void serials of a year and channel in their order."""
    of = voided_serials.c
    statement = (
        select(of.serial, of.reason, of.actor, of.at).where(of.year == year, of.channel == channel).order_by(of.serial)
    )
    return [
        VoidSerial(row.serial, order_number(year, channel, row.serial), row.reason, row.actor, row.at)
        for row in tx.execute(statement)
    ]


def _count(tx: Tx, prefix: str) -> int:
    return int(tx.execute(select(func.count()).select_from(orders).where(_starts_with(tx, prefix))).scalar_one())


def _starts_with(tx: Tx, prefix: str) -> ColumnElement[bool]:
    """Return a condition that the index on numbers serves: SQLite sorts by bytes, PostgreSQL perhaps by language."""
    if tx.is_sqlite:
        return and_(orders.c.number >= prefix, orders.c.number < prefix[:-1] + chr(ord(prefix[-1]) + 1))
    return orders.c.number.startswith(prefix, autoescape=True)
