"""Orders whose phase ran out between two instants, read along the index (state, received_at)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from core.store.engine import Tx
from core.store.tables.intake import alerts
from core.store.tables.ordering import orders


class Window(NamedTuple):
    """Which orders of a phase: those whose deadline passed since the last look.

    A deadline is the later of two: hours after the receipt, and the end of the promised day (with ``after`` and
    ``until`` as the receipts that the first is over for, ``day_before`` and ``day`` as the days that the second is
    over for). ``types`` are the order types, or with ``others`` all but these.
    """

    states: Collection[str]
    types: Collection[str]
    others: bool
    after: datetime
    until: datetime
    day_before: date | None
    day: date | None


def ran_out(tx: Tx, window: Window, kind: str, limit: int) -> list[dict[str, Any]]:
    """Return up to *limit* order rows of *window* that no open alert of *kind* names yet, the oldest first."""
    over = [orders.c.received_at > window.after, orders.c.received_at <= window.until, _promise_over(window.day)]
    # What was promised for later is late when that day is over, however long ago it was received.
    ways = [and_(*over)]
    if window.day != window.day_before and window.day is not None and window.day_before is not None:
        ways.append(
            and_(
                orders.c.received_at <= window.after,
                orders.c.promised_date >= window.day_before,
                orders.c.promised_date < window.day,
            )
        )
    told = exists().where(alerts.c.kind == kind, alerts.c.subject == orders.c.number, alerts.c.closed_at.is_(None))
    statement = (
        select(orders)
        .where(*_of_window(window), or_(*ways), ~told)
        .order_by(orders.c.received_at, orders.c.id)
        .limit(limit)
    )
    return [dict(row) for row in tx.execute(statement).mappings()]


def next_receipt(tx: Tx, window: Window) -> datetime | None:
    """Return the earliest receipt after *window* of an order that is in its states, None where there is none."""
    statement = select(func.min(orders.c.received_at)).where(*_of_window(window), orders.c.received_at > window.until)
    earliest: datetime | None = tx.execute(statement).scalar()
    return earliest


def alerted(tx: Tx, kind: str) -> list[tuple[str, str]]:
    """Return (subject, message) of every open alert of *kind*."""
    statement = select(alerts.c.subject, alerts.c.message).where(alerts.c.kind == kind, alerts.c.closed_at.is_(None))
    return [(row.subject, row.message) for row in tx.execute(statement.order_by(alerts.c.subject))]


def by_numbers(tx: Tx, numbers: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return the order rows of *numbers*."""
    statement = select(orders).where(orders.c.number.in_(numbers))
    return {row["number"]: dict(row) for row in tx.execute(statement).mappings()}


def _of_window(window: Window) -> list[ColumnElement[bool]]:
    types = orders.c.type.not_in(window.types) if window.others else orders.c.type.in_(window.types)
    billed = and_(orders.c.state == "delivered", orders.c.billing == "full")
    return [orders.c.state.in_(window.states), types, orders.c.test.is_(False), ~billed]


def _promise_over(day: date | None) -> ColumnElement[bool]:
    if day is None:
        return orders.c.id.is_not(None)  # the review of an order does not wait for its promise
    return or_(orders.c.promised_date.is_(None), orders.c.promised_date < day)
