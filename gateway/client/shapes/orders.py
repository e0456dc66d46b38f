# Made by `make reference` from the OpenAPI document. Do not edit.
"""Bodies and answers of the subject orders."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

from pydantic import AwareDatetime, Field

from gateway.client.shapes.common import CellFaultShape, DocumentShape, ImpactShape, RequestViolation
from gateway.client.values import Answer, Body, Exact

__all__ = [
    "ArchiveRequest",
    "BatchItem",
    "BatchRequest",
    "BatchShape",
    "BuyerRequest",
    "CancelRequest",
    "ChangeDetailShape",
    "ChangeRequest",
    "ChangedLineRequest",
    "ImportRequest",
    "ImportShape",
    "ImportedOrder",
    "LineRequest",
    "OrderRequest",
    "PhaseShape",
    "PhasesShape",
    "ProblemShape",
    "ReleaseRequest",
    "ShipTo",
]


class ArchiveRequest(Body):
    """Why an order is closed now."""

    reason: str = ""


class ProblemShape(Answer):
    """RFC 9457 problem document."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    #: stable; see the list of error codes
    code: str
    hint: str
    violations: list[RequestViolation]
    #: on 409 of an order: its open holds
    holds: list[dict[str, Any]] | None = None


class BatchItem(Answer):
    """What became of one order: its number and state, or the problem with pointers into that order."""

    #: place in the request, from 0
    index: int
    #: what `POST /api/v1/orders` would have answered
    status: int
    number: str | None
    state: str | None
    #: codes of what holds it
    holds: list[str]
    problem: ProblemShape | None


class BatchRequest(Body):
    """Orders, each as `POST /api/v1/orders` takes it."""

    orders: list[dict[str, Any]]


class BatchShape(Answer):
    """Every order of the request in its sequence."""

    placed: int
    refused: int
    items: list[BatchItem]
    result: str


class BuyerRequest(Body):
    """Who orders: what differs from the master data, or names the partner where ``partner`` does not."""

    #: our code of the customer, or its account with us
    code: str = ""
    gln: str = ""
    name: str = ""
    tax_id: str = ""
    contact: str = ""
    phone: str = ""
    email: str = ""


class CancelRequest(Body):
    """Why an order is cancelled."""

    reason: str = ""


class ChangeDetailShape(Answer):
    """A change with its evidence."""

    id: str
    number: str
    #: the requester's number of the change
    reference: str | None
    function: str
    #: applied: its revision waits for a decision, or another overtook it; cancelled: it ended the order
    state: str
    #: the revision that it made; of one that made none the revision that it met
    revision: int
    #: the date that the change itself bears
    dated: str | None
    at: str
    actor: str
    #: why it was asked for, or why it was declined
    reason: str
    document_id: str
    #: null of a change that was declined
    impact: ImpactShape | None
    #: the change as it was asked for; actions as in LIN 1229
    asked: dict[str, Any]
    #: total, promised date and lines before it
    stood: dict[str, Any]
    #: the document that asked for it, and our answers to it
    documents: list[DocumentShape]


class ShipTo(Body):
    """Where the goods go: a GLN we know, or a full address."""

    gln: str = ""
    name: str = ""
    street: str = ""
    city: str = ""
    region: str = ""
    postal_code: str = ""
    country: str = ""
    contact: str = ""
    phone: str = ""
    email: str = ""


class ChangedLineRequest(Body):
    """What becomes of one line; what is not said stays as it was."""

    #: its number in the order
    line: int
    action: Literal["add", "change", "delete"] = "change"
    sku: str | None = None
    gtin: str | None = None
    buyer_code: str | None = None
    #: 0 deletes the line
    quantity: Exact | None = None
    unit: str | None = None
    #: unit price that the buyer expects
    price: Exact | None = None
    requested_date: dt.date | None = None


class ChangeRequest(Body):
    """A change of an order: the same that an ORDCHG says."""

    #: the requester's number of the change: the same change again under it changes nothing
    reference: str = ""
    #: replace: the lines are the whole order; cancel: the order ends, whatever its lines
    function: Literal["change", "replace", "cancel"] = "change"
    requested_date: dt.date | None = None
    ship_to: ShipTo | None = None
    #: why, for the record
    reason: str = ""
    lines: list[ChangedLineRequest] = Field(default_factory=list)


class ImportRequest(Body):
    """A CSV file or a workbook with orders, and which of its columns is which field."""

    #: the file in base64
    content: str
    #: `columns`, `constants`, `decimal`, `date`, ..., as in a map of the command
    map: dict[str, Any]
    #: whose orders they are, where the file does not name it
    partner: str | None = None


class ImportedOrder(Answer):
    """What became of an order of a file, and the rows of its lines."""

    buyer_reference: str | None
    rows: list[int]
    status: str
    number: str | None
    state: str | None
    holds: list[str]
    faults: list[CellFaultShape]


class ImportShape(Answer):
    """Every order of a file in the sequence of their first rows."""

    placed: int
    refused: int
    orders: list[ImportedOrder]


class LineRequest(Body):
    """One line: exactly one of ``sku``, ``gtin`` and ``buyer_code`` names the item."""

    quantity: Exact
    sku: str | None = None
    gtin: str | None = None
    buyer_code: str | None = None
    unit: str | None = None
    #: unit price that the buyer expects
    price: Exact | None = None
    description: str = ""


class OrderRequest(Body):
    """An order placed by API."""

    buyer_reference: str
    lines: list[LineRequest]
    #: optional with a key that is bound to a partner
    partner: str | None = None
    currency: str | None = None
    requested_date: dt.date | None = None
    buyer: BuyerRequest | None = None
    ship_to: ShipTo | None = None
    payment_method: str = ""
    payment_terms: str = ""
    transport_mode: str = ""
    delivery_terms: str = ""
    #: which of our units serves it; the customer's own if left out
    business_unit: str = ""
    #: why this order differs from the master data; kept with it
    override_reason: str = ""
    #: wishes in words, for warehouse and carrier
    notes: list[str] = Field(default_factory=list)
    type: Literal["standard", "urgent", "pre_order", "sample"] = "standard"


class PhaseShape(Answer):
    """One phase: when it is to end, and when it did."""

    phase: str
    due_at: AwareDatetime
    ended_at: AwareDatetime | None
    #: ended behind its time, or still open behind it
    late: bool


class PhasesShape(Answer):
    """The phases of an order under the rules in force."""

    number: str
    type: str
    #: the one it is in; null at its end
    phase: str | None
    rule_version: str
    phases: list[PhaseShape]


class ReleaseRequest(Body):
    """Which holds to lift and why."""

    #: empty: all open holds
    codes: list[str] = Field(default_factory=list)
    reason: str = ""
