"""What customers did over a time: orders, amounts, payments and what they bought, set-wise."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import BigInteger, func, select, type_coerce

from core.store.engine import Tx
from core.store.tables.credit import invoiced_months, payment_parts, payments
from core.store.tables.customers import feedback
from core.store.tables.master import sales_history
from core.store.tables.ordering import order_lines, orders
from core.values import MONEY_SCALE, QUANTITY_SCALE, from_scaled

_BOUGHT_NOTHING: Final = ("declined", "cancelled")


def orders_since(tx: Tx, since: datetime, partner_id: int | None = None) -> dict[int, int]:
    """Return, by partner, how many real orders came in since then and were not refused."""
    statement = select(orders.c.partner_id, func.count()).where(*_bought(since)).group_by(orders.c.partner_id)
    if partner_id is not None:
        statement = statement.where(orders.c.partner_id == partner_id)
    rows: Sequence[Any] = tx.execute(statement).all()
    return {row[0]: row[1] for row in rows}


def invoiced_since(tx: Tx, month: str) -> dict[int, Decimal]:
    """Return, by partner, what it was invoiced net since *month* ("2026-03"), before us and by us."""
    found: dict[int, Decimal] = {}
    for table in (sales_history, invoiced_months):
        amount = func.sum(type_coerce(table.c.amount, BigInteger))
        statement = select(table.c.partner_id, amount).where(table.c.month >= month).group_by(table.c.partner_id)
        rows: Sequence[Any] = tx.execute(statement).all()
        for partner_id, amount4 in rows:
            found[partner_id] = found.get(partner_id, Decimal(0)) + from_scaled(int(amount4), MONEY_SCALE)
    return found


def lateness_since(tx: Tx, day: date, partner_id: int | None = None) -> dict[int, list[tuple[date, date, int]]]:
    """Return, by partner, (paid on, due, how many parts) of the invoices paid since *day*."""
    statement = (
        select(payments.c.partner_id, payments.c.paid_on, payment_parts.c.due, func.count())
        .join(payment_parts, payment_parts.c.payment_id == payments.c.id)
        .where(payments.c.paid_on >= day, payments.c.reversed_at.is_(None))
        .group_by(payments.c.partner_id, payments.c.paid_on, payment_parts.c.due)
    )
    if partner_id is not None:
        statement = statement.where(payments.c.partner_id == partner_id)
    found: dict[int, list[tuple[date, date, int]]] = {}
    rows: Sequence[Any] = tx.execute(statement).all()
    for partner, paid_on, due, number in rows:
        found.setdefault(partner, []).append((paid_on, due, number))
    return found


def totals_of(tx: Tx, partner_id: int, since: datetime) -> list[Any]:
    """Return (channel, type, currency, orders, total, first and last receipt) of what a partner ordered since then."""
    total = func.sum(type_coerce(orders.c.total, BigInteger)).label("total4")
    by = (orders.c.channel, orders.c.type, orders.c.currency)
    statement = select(
        *by, func.count().label("orders"), total, func.min(orders.c.received_at).label("first"),
        func.max(orders.c.received_at).label("last"),
    ).where(orders.c.partner_id == partner_id, *_bought(since)).group_by(*by).order_by(*by)  # fmt: skip
    return list(tx.execute(statement).all())


def favourites_of(tx: Tx, partner_id: int, since: datetime, limit: int) -> list[tuple[str, int, Decimal, Decimal]]:
    """Return (SKU, orders, quantity, amount) of what a partner ordered most often since then."""
    times = func.count(func.distinct(order_lines.c.order_id))
    statement = (
        select(
            order_lines.c.sku, times, func.sum(type_coerce(order_lines.c.quantity, BigInteger)),
            func.sum(type_coerce(order_lines.c.amount, BigInteger)),
        )
        .join(orders, orders.c.id == order_lines.c.order_id)
        .where(orders.c.partner_id == partner_id, *_bought(since), order_lines.c.sku.is_not(None))
        .group_by(order_lines.c.sku)
        .order_by(times.desc(), order_lines.c.sku)
        .limit(limit)
    )  # fmt: skip
    rows: Sequence[Any] = tx.execute(statement).all()
    return [
        (sku, number, from_scaled(int(quantity6), QUANTITY_SCALE), from_scaled(int(amount4 or 0), MONEY_SCALE))
        for sku, number, quantity6, amount4 in rows
    ]


def ratings_of(tx: Tx, partner_id: int, since: datetime) -> tuple[int, int]:
    """Return how often a partner rated an order since then, and the sum of its ratings."""
    statement = select(func.count(), func.coalesce(func.sum(feedback.c.rating), 0))
    rows: Sequence[Any] = tx.execute(statement.where(feedback.c.partner_id == partner_id, feedback.c.at >= since)).all()
    ((number, together),) = rows
    return int(number), int(together)


def _bought(since: datetime) -> tuple[Any, ...]:
    return orders.c.received_at >= since, orders.c.test.is_(False), orders.c.state.not_in(_BOUGHT_NOTHING)
