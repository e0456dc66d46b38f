"""Sums that must come out even: documents against sources, orders against documents, numbers against counters."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, case, func, select

from core.store.engine import Tx
from core.store.tables.intake import documents, sources
from core.store.tables.ordering import counters, orders


class Sums(NamedTuple):
    """Documents of all sources against documents judged, both ways, source by source.

    ``lacking`` and ``surplus`` are of settled sources; ``unjudged`` are those of sources that are still at work.
    """

    documents: int
    lacking: int
    surplus: int
    unjudged: int


class Series(NamedTuple):
    """The order numbers of one year and channel: the counter, how many orders there are and their last serial."""

    year: int
    channel: str
    counter: int
    orders: int
    last: int


def document_sums(tx: Tx) -> Sums:
    """Return how many documents there should be and by how many they miss or exceed that."""
    judged = select(documents.c.source_id, func.count().label("n")).group_by(documents.c.source_id).subquery()
    n = func.coalesce(judged.c.n, 0)
    lack = case((n < sources.c.documents, sources.c.documents - n), else_=0)
    row = tx.execute(
        select(
            func.coalesce(func.sum(sources.c.documents), 0).label("documents"),
            func.coalesce(func.sum(case((sources.c.settled, lack), else_=0)), 0).label("lacking"),
            func.coalesce(func.sum(case((sources.c.settled, 0), else_=lack)), 0).label("unjudged"),
            func.coalesce(func.sum(case((n > sources.c.documents, n - sources.c.documents), else_=0)), 0).label(
                "surplus"
            ),
        ).outerjoin(judged, judged.c.source_id == sources.c.id)
    ).one()
    strays = tx.execute(
        select(func.coalesce(func.sum(judged.c.n), 0))
        .outerjoin(sources, sources.c.id == judged.c.source_id)
        .where(sources.c.id.is_(None))
    ).scalar_one()
    return Sums(int(row.documents), int(row.lacking), int(row.surplus) + int(strays), int(row.unjudged))


def order_count(tx: Tx) -> int:
    """Return how many orders there are."""
    return int(tx.execute(select(func.count()).select_from(orders)).scalar_one())


def orders_with_document(tx: Tx) -> int:
    """Return how many orders and accepted documents name each other."""
    named = and_(
        documents.c.id == orders.c.document_id,
        documents.c.order_id == orders.c.id,
        documents.c.outcome == "accepted",
    )
    return int(tx.execute(select(func.count()).select_from(orders).join(documents, named)).scalar_one())


def series(tx: Tx, year: int, channel: str) -> Series:
    """Return what is known of one year and channel without reading every number."""
    counter = tx.execute(
        select(counters.c.n).where(counters.c.year == year, counters.c.channel == channel)
    ).scalar_one_or_none()
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
    return Series(year, channel, int(counter or 0), _count(tx, prefix), last)


def every_series(tx: Tx) -> list[Series]:
    """Return every year and channel that a counter knows."""
    rows = tx.execute(select(counters.c.year, counters.c.channel).order_by(counters.c.year, counters.c.channel)).all()
    return [series(tx, row.year, row.channel) for row in rows]


def trial_numbers(tx: Tx) -> int:
    """Return how many orders carry a test number, which no counter gave."""
    return _count(tx, "TEST-")


def numbers_in(tx: Tx, year: int, channel: str) -> Iterator[str]:
    """Yield every order number of a year and channel in no special order, streamed."""
    statement = select(orders.c.number).where(_starts_with(tx, f"{year}-{channel}-"))
    yield from tx.execute(statement.execution_options(yield_per=10_000)).scalars()


def _count(tx: Tx, prefix: str) -> int:
    return int(tx.execute(select(func.count()).select_from(orders).where(_starts_with(tx, prefix))).scalar_one())


def _starts_with(tx: Tx, prefix: str) -> ColumnElement[bool]:
    """Return a condition that the index on numbers serves: SQLite sorts by bytes, PostgreSQL perhaps by language."""
    if tx.is_sqlite:
        return and_(orders.c.number >= prefix, orders.c.number < prefix[:-1] + chr(ord(prefix[-1]) + 1))
    return orders.c.number.startswith(prefix, autoescape=True)
