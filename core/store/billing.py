"""Rows of invoices, their lines and the open items that they make."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import func, insert, select, update

from core.errors import NotFound
from core.store.engine import Tx
from core.store.tables.master import items, open_invoices
from core.store.tables.ordering import orders
from core.store.tables.shipping import invoice_charges, invoice_lines, invoices


class InvoiceRow(NamedTuple):
    """One invoice; it bills one shipment and never changes but for its state."""

    id: int
    number: str
    order_id: int
    shipment_id: int
    partner_id: int
    issued_at: datetime
    due: date
    currency: str
    net: Decimal
    tax: Decimal
    total: Decimal
    state: str
    approved_by: str


class InvoiceLineRow(NamedTuple):
    """One billed line; ``tax_rate`` is per cent."""

    line: int
    quantity: Decimal
    price: Decimal
    net: Decimal
    tax_rate: Decimal


class InvoiceChargeRow(NamedTuple):
    """One billed charge, an allowance below 0; ``line`` is 0 for one of the whole order, ``tax_rate`` per cent."""

    kind: str
    line: int
    label: str
    reference: str
    code: str
    amount: Decimal
    tax_rate: Decimal
    tax_category: str


def insert_invoice(
    tx: Tx, invoice: InvoiceRow, lines: Sequence[InvoiceLineRow], charges: Sequence[InvoiceChargeRow] = (),
    *, foreign: str | None = None,
) -> None:  # fmt: skip
    """Add an invoice with what it bills and its open item; *foreign* is its currency where it is not the account's."""
    tx.execute(insert(invoices).values(**invoice._asdict()))
    tx.connection.execute(insert(invoice_lines), [{"invoice_id": invoice.id, **line._asdict()} for line in lines])
    if charges:
        told = [{"invoice_id": invoice.id, "place": place, **one._asdict()} for place, one in enumerate(charges, 1)]
        tx.connection.execute(insert(invoice_charges), told)
    tx.execute(
        insert(open_invoices).values(
            partner_id=invoice.partner_id,
            number=invoice.number,
            due=invoice.due,
            amount=invoice.total,
            invoice_id=invoice.id,
            currency=foreign,
        )
    )


def invoice_row(tx: Tx, invoice_id: int) -> InvoiceRow:
    """Return one invoice.

    Raises:
        NotFound: there is none.
    """
    row = tx.execute(select(invoices).where(invoices.c.id == invoice_id)).one_or_none()
    if row is None:
        raise NotFound(f"there is no invoice {invoice_id}")
    return InvoiceRow._make(row)


def invoices_of(tx: Tx, order_id: int) -> list[InvoiceRow]:
    """Return an order's invoices, oldest first, void ones left out."""
    statement = (
        select(invoices).where(invoices.c.order_id == order_id, invoices.c.state != "void").order_by(invoices.c.id)
    )
    return [InvoiceRow._make(row) for row in tx.execute(statement)]


def invoice_lines_of(tx: Tx, invoice_id: int) -> list[InvoiceLineRow]:
    """Return an invoice's lines by line number."""
    statement = (
        select(*(invoice_lines.c[name] for name in InvoiceLineRow._fields))
        .where(invoice_lines.c.invoice_id == invoice_id)
        .order_by(invoice_lines.c.line)
    )
    return [InvoiceLineRow._make(row) for row in tx.execute(statement)]


def invoice_charges_of(tx: Tx, invoice_id: int) -> list[InvoiceChargeRow]:
    """Return what an invoice charges and allows beside its lines, in its sequence."""
    statement = (
        select(*(invoice_charges.c[name] for name in InvoiceChargeRow._fields))
        .where(invoice_charges.c.invoice_id == invoice_id)
        .order_by(invoice_charges.c.place)
    )
    return [InvoiceChargeRow._make(row) for row in tx.execute(statement)]


def billed_charges(tx: Tx, order_id: int) -> dict[tuple[str, int, str, str], Decimal]:
    """Return how much of each charge of an order is billed, by kind, line, label and reference."""
    own = invoice_charges.c
    statement = (
        select(own.kind, own.line, own.label, own.reference, func.sum(own.amount).label("amount"))
        .join(invoices, invoices.c.id == own.invoice_id)
        .where(invoices.c.order_id == order_id, invoices.c.state != "void")
        .group_by(own.kind, own.line, own.label, own.reference)
    )
    return {(row.kind, row.line, row.label, row.reference): row.amount for row in tx.execute(statement)}


def billed_quantities(tx: Tx, order_id: int) -> dict[int, Decimal]:
    """Return how much of each order line is billed."""
    statement = (
        select(invoice_lines.c.line, func.sum(invoice_lines.c.quantity).label("quantity"))
        .join(invoices, invoices.c.id == invoice_lines.c.invoice_id)
        .where(invoices.c.order_id == order_id, invoices.c.state != "void")
        .group_by(invoice_lines.c.line)
    )
    return {row.line: row.quantity for row in tx.execute(statement)}


def open_amount(tx: Tx, partner_id: int, number: str) -> Decimal:
    """Return what is still to be paid of an invoice; 0 where it is not an open item."""
    statement = select(open_invoices.c.amount, open_invoices.c.paid).where(
        open_invoices.c.partner_id == partner_id, open_invoices.c.number == number
    )
    row = tx.execute(statement).first()
    return Decimal(0) if row is None else max(row.amount - row.paid, Decimal(0))


def set_billing(tx: Tx, order_id: int, billing: str) -> None:
    """Set the billing axis of an order: open, part or full."""
    tx.execute(update(orders).where(orders.c.id == order_id).values(billing=billing))


def tax_classes(tx: Tx, skus: Collection[str]) -> dict[str, str]:
    """Return the tax class of each of *skus* that is in the catalogue."""
    return {
        row.sku: row.tax_class
        for row in tx.execute(select(items.c.sku, items.c.tax_class).where(items.c.sku.in_(skus)))
    }
