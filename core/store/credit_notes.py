"""Rows of credit notes, and what is credited of an invoice or for a refund already, drafts counted."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import func, insert, select

from core.errors import NotFound
from core.store.engine import Tx
from core.store.tables.invoice_drafts import credit_notes, invoice_drafts


class CreditNoteRow(NamedTuple):
    """One issued credit note; ``parts`` are as its draft had them."""

    id: int
    number: str
    draft_id: int
    order_id: int
    invoice_id: int
    issued_at: datetime
    currency: str
    net: Decimal
    tax: Decimal
    total: Decimal
    reason: str
    parts: list[dict[str, Any]]
    approved_by: str


def add_credit_note(tx: Tx, row: CreditNoteRow) -> None:
    """Add an issued credit note."""
    tx.execute(insert(credit_notes).values(**row._asdict()))


def credit_note_row(tx: Tx, credit_note_id: int) -> CreditNoteRow:
    """Return one credit note.

    Raises:
        NotFound: there is none.
    """
    row = tx.execute(select(credit_notes).where(credit_notes.c.id == credit_note_id)).one_or_none()
    if row is None:
        raise NotFound(f"there is no credit note {credit_note_id}")
    return CreditNoteRow._make(row)


def credited(tx: Tx, invoice_id: int) -> Decimal:
    """Return what is credited of an invoice, with what waits to be."""
    statement = select(func.sum(invoice_drafts.c.total)).where(
        invoice_drafts.c.corrects_id == invoice_id, invoice_drafts.c.state != "declined"
    )
    return tx.execute(statement).scalar() or Decimal(0)


def credited_parts(tx: Tx, invoice_id: int) -> list[dict[str, Any]]:
    """Return the parts of all credit notes of an invoice, as they are kept, with those that wait."""
    statement = (
        select(invoice_drafts.c.parts)
        .where(invoice_drafts.c.corrects_id == invoice_id, invoice_drafts.c.state != "declined")
        .order_by(invoice_drafts.c.id)
    )
    return [part for parts in tx.execute(statement).scalars() for part in parts]


def drafted_for(tx: Tx, order_id: int, reference: str) -> Decimal:
    """Return what was ever drafted for *reference*; what somebody declined is decided, too."""
    statement = select(func.sum(invoice_drafts.c.total)).where(
        invoice_drafts.c.order_id == order_id, invoice_drafts.c.reference == reference
    )
    return tx.execute(statement).scalar() or Decimal(0)
