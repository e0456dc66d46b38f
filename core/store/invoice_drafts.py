"""Rows of invoices that wait for their approval."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from sqlalchemy import insert, select, update

from core.errors import NotFound
from core.store.engine import Tx
from core.store.named import named_row
from core.store.tables.invoice_drafts import credit_notes, invoice_drafts
from core.store.tables.ordering import orders
from core.store.tables.shipping import invoices, shipments

corrected: Final = invoices.alias("corrected")
_ALL: Final = (
    select(
        invoice_drafts, orders.c.number.label("order"), shipments.c.number.label("shipment"),
        invoices.c.number.label("invoice"), corrected.c.number.label("corrects"),
        credit_notes.c.number.label("credit_note"),
    )
    .join(orders, orders.c.id == invoice_drafts.c.order_id)
    .join(shipments, shipments.c.id == invoice_drafts.c.shipment_id)
    .join(invoices, invoices.c.id == invoice_drafts.c.invoice_id, isouter=True)
    .join(corrected, corrected.c.id == invoice_drafts.c.corrects_id, isouter=True)
    .join(credit_notes, credit_notes.c.draft_id == invoice_drafts.c.id, isouter=True)
)  # fmt: skip


def add(tx: Tx, **values: Any) -> int:
    """Add a draft and return its id."""
    draft_id = tx.ids.next()
    tx.execute(insert(invoice_drafts).values(id=draft_id, state="draft", **values))
    return draft_id


def get(tx: Tx, draft_id: int) -> dict[str, Any]:
    """Return a draft with the numbers of its order, shipment and invoice.

    Raises:
        NotFound: there is none.
    """
    return named_row(tx, _ALL.where(invoice_drafts.c.id == draft_id), f"draft {draft_id} of an invoice")


def waiting_for(tx: Tx, shipment_id: int) -> int | None:
    """Return the draft that bills a shipment and is not decided, None where there is none."""
    statement = select(invoice_drafts.c.id).where(
        invoice_drafts.c.shipment_id == shipment_id,
        invoice_drafts.c.state == "draft",
        invoice_drafts.c.corrects_id.is_(None),
    )
    draft_id: int | None = tx.execute(statement).scalar_one_or_none()
    return draft_id


def decide(
    tx: Tx, draft_id: int, state: str, *, at: datetime, actor: str, reason: str, invoice_id: int | None = None
) -> None:
    """Set what became of a draft."""
    values = {"state": state, "decided_at": at, "decided_by": actor, "reason": reason, "invoice_id": invoice_id}
    tx.execute(update(invoice_drafts).where(invoice_drafts.c.id == draft_id).values(**values))


def found(tx: Tx, *, state: str, after: int | None, limit: int) -> list[dict[str, Any]]:
    """Return up to *limit* drafts in *state* behind the id *after*, the earliest first."""
    statement = _ALL.where(invoice_drafts.c.state == state).order_by(invoice_drafts.c.id).limit(limit)
    if after is not None:
        statement = statement.where(invoice_drafts.c.id > after)
    return [dict(row) for row in tx.execute(statement).mappings()]


def shipment_id_by_number(tx: Tx, number: str) -> int:
    """Return the id of the shipment *number*.

    Raises:
        NotFound: there is none.
    """
    shipment_id: int | None = tx.execute(select(shipments.c.id).where(shipments.c.number == number)).scalar()
    if shipment_id is None:
        raise NotFound(f"there is no shipment {number}")
    return shipment_id
