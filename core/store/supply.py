"""What is to come of an item, as its stock row keeps it, the receipts against it, and what of it was promised."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final, NamedTuple

from sqlalchemy import BigInteger, select, type_coerce, update

from core.stock.atp import Kind
from core.store.engine import Tx
from core.store.tables.master import items, partners, stock, stock_moves, supply_promises
from core.store.tables.ordering import orders
from core.values import text

RECEIPT: Final = "receipt"
_PROMISED = (
    select(
        supply_promises.c.order_id, supply_promises.c.line, supply_promises.c.sku, supply_promises.c.warehouse,
        supply_promises.c.kind, supply_promises.c.day,
        type_coerce(supply_promises.c.quantity, BigInteger), orders.c.number, orders.c.type, orders.c.revision,
        partners.c.code, partners.c.id,
    )
    .join(orders, orders.c.id == supply_promises.c.order_id)
    .join(partners, partners.c.id == orders.c.partner_id)
    .order_by(supply_promises.c.day, supply_promises.c.order_id, supply_promises.c.line)
)  # fmt: skip


class Promised(NamedTuple):
    """What a line of an order was promised of one supply; the quantity x 10^6."""

    order_id: int
    line: int
    sku: str
    warehouse: str
    kind: Kind
    day: date
    quantity6: int
    number: str
    order_type: str
    revision: int
    partner: str
    partner_id: int


def every_promise(tx: Tx) -> list[Promised]:
    """Return everything that lines wait for, by day and order; few rows, as most lines are served from hand."""
    rows: Sequence[Any] = tx.execute(_PROMISED).all()
    return [Promised._make(row) for row in rows]


def gtins_of(tx: Tx, skus: Sequence[str]) -> dict[str, str]:
    """Return the GTIN of each of *skus* that has one."""
    statement = select(items.c.sku, items.c.gtin).where(items.c.sku.in_(skus), items.c.gtin.is_not(None))
    return {row.sku: row.gtin for row in tx.execute(statement)}


def coming(tx: Tx, sku: str, warehouse: str, kind: Kind) -> list[tuple[date, Decimal]]:
    """Return what the warehouse expects of the item, by day; the caller holds the lock of its stock."""
    statement = select(stock.c[kind]).where(stock.c.sku == sku, stock.c.warehouse == warehouse)
    rows = tx.execute(statement).scalar_one_or_none() or []
    return sorted((date.fromisoformat(row["date"]), Decimal(row["quantity"])) for row in rows)


def expect(tx: Tx, sku: str, warehouse: str, kind: Kind, rows: Sequence[tuple[date, Decimal]]) -> None:
    """Let *rows* be what the warehouse expects."""
    kept = [{"date": day.isoformat(), "quantity": text(quantity)} for day, quantity in rows if quantity]
    row = (stock.c.sku == sku) & (stock.c.warehouse == warehouse)
    tx.execute(update(stock).where(row).values({kind: kept}))


def received(tx: Tx, sku: str, warehouse: str, reference: str) -> Decimal | None:
    """Return the quantity of the receipt of that reference, None where there is none."""
    statement = select(stock_moves.c.quantity).where(
        stock_moves.c.sku == sku,
        stock_moves.c.warehouse == warehouse,
        stock_moves.c.kind == RECEIPT,
        stock_moves.c.reason == reference,
    )
    found: Decimal | None = tx.execute(statement).scalars().first()
    return found
