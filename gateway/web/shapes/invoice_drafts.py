"""Drafted invoices, and what is asked of them."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from gateway.web.shapes.approvals import Reason, RowId
from gateway.web.shapes.common import DecimalOut, Paging, Request, ShortText
from gateway.web.shapes.masters import GrowingShape

State = Literal["draft", "issued", "declined"]


class DraftPath(Request):
    """Which draft."""

    id: RowId


class InvoiceDraftShape(GrowingShape):
    """An invoice or credit note that waits, or waited, for its approval; it takes a number when it is issued."""

    id: str
    order: str
    shipment: str
    total: DecimalOut = Field(description="with tax, as it was when drafted")
    currency: str
    role: str = Field(description="who approves it, but not who drafted it")
    rule_version: str
    created_by: str
    created_at: str
    why: str
    state: State
    decided_by: str | None
    decided_at: str | None
    decision_reason: str | None
    invoice: str | None = Field(description="its number, once issued")
    corrects: str | None = Field(description="of a credit note: the number of the invoice that it is about")
    credit_note: str | None = Field(description="the number of a credit note, once issued")
    refund: str | None = Field(description="of a credit note: the id of the refund that it is for")


class InvoiceDraftsQuery(Paging):
    """Which drafts."""

    state: State = "draft"


class DraftInvoiceRequest(Request):
    """What is to be billed, and why by hand."""

    shipment: ShortText
    reason: Reason


class DecideInvoiceRequest(Request):
    """Why it is decided so."""

    reason: Reason
