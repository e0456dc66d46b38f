"""What reports count: set-wise, so that a million orders come back as some hundred rows.

Orders are found by receipt along the index (state, received_at), which needs every state named; of their events only
the first of each kind counts.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import BigInteger, ColumnElement, exists, func, select, type_coerce

from core.ordering.states import TRANSITIONS
from core.store.engine import Tx
from core.store.tables.changes import order_changes
from core.store.tables.ordering import events, orders

_MICROS_PER_MINUTE: Final = 60_000_000
_STATES: Final = sorted({state for state, _ in TRANSITIONS} | set(TRANSITIONS.values()))


class Bucket(NamedTuple):
    """So many ``orders`` took ``minute`` whole minutes, ``micros`` microseconds together."""

    minute: int
    orders: int
    micros: int


def durations(tx: Tx, column: str, since: datetime, until: datetime, ends: Collection[str]) -> dict[str, list[Bucket]]:
    """Return, by the value of an order's *column*, how long it was from receipt to the first event of *ends*.

    Real orders received from *since* on, before *until*; one without such an event does not count.
    """
    by = orders.c[column]
    took = (func.min(type_coerce(events.c.at, BigInteger)) - type_coerce(orders.c.received_at, BigInteger)).label(
        "took"
    )
    each = (
        select(by.label("by"), took)
        .join(events, events.c.order_id == orders.c.id)
        .where(*_received(since, until), events.c.event.in_(ends))
        .group_by(orders.c.id, by, orders.c.received_at)
        .subquery()
    )
    minute = each.c.took.op("/")(_MICROS_PER_MINUTE)
    statement = select(each.c.by, minute, func.count(), func.sum(each.c.took)).group_by(each.c.by, minute)
    found: dict[str, list[Bucket]] = {}
    rows: Sequence[Any] = tx.execute(statement).all()
    for name, minutes, number, micros in rows:
        found.setdefault(name, []).append(Bucket(int(minutes), number, int(micros)))
    return found


def counts(tx: Tx, column: str, since: datetime, until: datetime) -> dict[str, int]:
    """Return how many real orders were received, by the value of their *column*."""
    by = orders.c[column]
    rows: Sequence[Any] = tx.execute(select(by, func.count()).where(*_received(since, until)).group_by(by)).all()
    return dict(map(tuple, rows))


def corrections(tx: Tx, since: datetime, until: datetime) -> list[tuple[str, int, list[list[Any]]]]:
    """Return (channel, order id, differences) of each change of an order before it was confirmed first."""
    confirmed = exists().where(
        events.c.order_id == order_changes.c.order_id,
        events.c.event == "order.confirmed",
        events.c.at < order_changes.c.at,
    )
    statement = (
        select(orders.c.channel, orders.c.id, order_changes.c.differences)
        .join(order_changes, order_changes.c.order_id == orders.c.id)
        .where(*_received(since, until), order_changes.c.state == "applied", ~confirmed)
    )
    return [(row.channel, row.id, row.differences) for row in tx.execute(statement)]


def _received(since: datetime, until: datetime) -> list[ColumnElement[bool]]:
    return [
        orders.c.state.in_(_STATES),
        orders.c.received_at >= since,
        orders.c.received_at < until,
        orders.c.test.is_(False),
    ]
