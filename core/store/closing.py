"""What belongs to an order when it is archived, by name and hash."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select

from core.store.engine import Tx
from core.store.tables.credit import payment_parts, payments
from core.store.tables.intake import documents, sources
from core.store.tables.ordering import order_revisions
from core.store.tables.shipping import invoices, shipments


def revision_hashes(tx: Tx, order_id: int) -> list[str]:
    """Return the SHA-256 of each revision, the first one first."""
    statement = select(order_revisions.c.hash).where(order_revisions.c.order_id == order_id)
    return [bytes(one).hex() for one in tx.execute(statement.order_by(order_revisions.c.revision)).scalars()]


def source_hashes(tx: Tx, order_id: int) -> list[str]:
    """Return the SHA-256 of each source that a document of the order came in with."""
    named = select(sources.c.sha256).join(documents, documents.c.source_id == sources.c.id)
    return _names(tx, named.where(documents.c.order_id == order_id).distinct().order_by(sources.c.sha256))


def shipment_numbers(tx: Tx, order_id: int) -> list[str]:
    """Return the despatch advice numbers."""
    return _names(tx, select(shipments.c.number).where(shipments.c.order_id == order_id).order_by(shipments.c.number))


def invoice_numbers(tx: Tx, order_id: int) -> list[str]:
    """Return the invoice numbers."""
    return _names(tx, select(invoices.c.number).where(invoices.c.order_id == order_id).order_by(invoices.c.number))


def payment_references(tx: Tx, order_id: int) -> list[str]:
    """Return the references of the payments that its invoices were paid with."""
    statement = (
        select(payments.c.reference)
        .join(payment_parts, payment_parts.c.payment_id == payments.c.id)
        .join(
            invoices,
            (invoices.c.number == payment_parts.c.invoice) & (invoices.c.partner_id == payments.c.partner_id),
        )
        .where(invoices.c.order_id == order_id, payments.c.reversed_at.is_(None))
    )
    return _names(tx, statement.distinct().order_by(payments.c.reference))


def _names(tx: Tx, statement: Select[Any]) -> list[str]:
    return [str(name) for name in tx.execute(statement).scalars()]
