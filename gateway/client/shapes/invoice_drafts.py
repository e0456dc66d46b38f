# Made by `make reference` from the OpenAPI document. Do not edit.
"""Bodies and answers of the subject invoice drafts."""

from __future__ import annotations

from gateway.client.values import Answer, Body, Exact

__all__ = ["DecideInvoiceRequest", "DraftInvoiceRequest", "InvoiceDraftShape"]


class DecideInvoiceRequest(Body):
    """Why it is decided so."""

    reason: str


class DraftInvoiceRequest(Body):
    """What is to be billed, and why by hand."""

    shipment: str
    reason: str


class InvoiceDraftShape(Answer):
    """An invoice or credit note that waits, or waited, for its approval; it takes a number when it is issued."""

    id: str
    order: str
    shipment: str
    #: with tax, as it was when drafted
    total: Exact
    currency: str
    #: who approves it, but not who drafted it
    role: str
    rule_version: str
    created_by: str
    created_at: str
    why: str
    state: str
    decided_by: str | None
    decided_at: str | None
    decision_reason: str | None
    #: its number, once issued
    invoice: str | None
    #: of a credit note: the number of the invoice that it is about
    corrects: str | None
    #: the number of a credit note, once issued
    credit_note: str | None
    #: of a credit note: the id of the refund that it is for
    refund: str | None
