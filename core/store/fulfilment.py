"""Reservations and stock as fulfilment needs them: what is reserved, and its issue out of stock and ledger."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import insert, select, update

from core.clock import to_micros
from core.errors import Conflict
from core.store.engine import Tx
from core.store.tables.master import items, stock, stock_moves
from core.store.tables.ordering import order_lines, reservations


class Reserved(NamedTuple):
    """A quantity of one line that one warehouse keeps for the order."""

    line: int
    warehouse: str
    sku: str
    quantity: Decimal


def active_reservations(tx: Tx, order_id: int) -> list[Reserved]:
    """Return what is reserved for an order now, by line and warehouse."""
    statement = (
        select(reservations.c.line, reservations.c.warehouse, reservations.c.sku, reservations.c.quantity)
        .where(reservations.c.order_id == order_id, reservations.c.state == "active")
        .order_by(reservations.c.line, reservations.c.warehouse)
    )
    return [Reserved._make(row) for row in tx.execute(statement)]


def issue(tx: Tx, order_id: int, shipment_id: int, issued: Collection[Reserved], at: datetime) -> None:
    """Take *issued* out of the reservations and out of stock, with one ledger row an item and warehouse (INV-26).

    Raises:
        Conflict: reservation or stock no longer cover it.
    """
    per_place: dict[tuple[str, str], Decimal] = {}
    for part in issued:
        per_place[part.sku, part.warehouse] = per_place.get((part.sku, part.warehouse), Decimal(0)) + part.quantity
    # Rows of stock are locked in one order everywhere, so that two transactions cannot wait for each other.
    for (sku, warehouse), quantity in sorted(per_place.items()):
        taken = tx.execute(
            update(stock)
            .where(
                stock.c.sku == sku,
                stock.c.warehouse == warehouse,
                stock.c.on_hand >= quantity,
                stock.c.reserved >= quantity,
            )
            .values(on_hand=stock.c.on_hand - quantity, reserved=stock.c.reserved - quantity)
        )
        if taken.rowcount != 1:
            raise Conflict(f"warehouse {warehouse} does not hold {quantity} of {sku}", inputs={"sku": sku})
        tx.execute(
            insert(stock_moves).values(
                id=tx.ids.next(),
                sku=sku,
                warehouse=warehouse,
                kind="issue",
                quantity=-quantity,
                order_id=order_id,
                shipment_id=shipment_id,
                at=to_micros(at),
            )
        )
    for part in issued:
        _consume(tx, order_id, part)


def _consume(tx: Tx, order_id: int, part: Reserved) -> None:
    row = (
        (reservations.c.order_id == order_id)
        & (reservations.c.line == part.line)
        & (reservations.c.warehouse == part.warehouse)
        & (reservations.c.state == "active")
    )
    whole = tx.execute(
        update(reservations).where(row, reservations.c.quantity == part.quantity).values(state="consumed")
    )
    if whole.rowcount != 1:
        rest = tx.execute(
            update(reservations)
            .where(row, reservations.c.quantity > part.quantity)
            .values(quantity=reservations.c.quantity - part.quantity)
        )
        if rest.rowcount != 1:
            raise Conflict(f"line {part.line} has no reservation of {part.quantity} left", inputs={"line": part.line})
    tx.execute(
        update(order_lines)
        .where(order_lines.c.order_id == order_id, order_lines.c.line == part.line)
        .values(reserved=order_lines.c.reserved - part.quantity)
    )


def unit_weights(tx: Tx, skus: Collection[str]) -> dict[str, Decimal | None]:
    """Return the weight in kg of one unit of each of *skus* that is in the catalogue."""
    return {
        row.sku: row.weight_kg
        for row in tx.execute(select(items.c.sku, items.c.weight_kg).where(items.c.sku.in_(skus)))
    }
