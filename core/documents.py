"""Canonical documents: what an order, an answer, a despatch advice and an invoice say, in no format's words.

They cross the border between adapters and core in both directions and are immutable. Headers are frozen
dataclasses, lines are NamedTuples (a frozen dataclass per line costs seven times as much to make).
Quantities and amounts are ``Decimal``; a field that the sender left out is ``None`` or "".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Literal, NamedTuple


class Party(NamedTuple):
    """One party of a document under its role (UN data element 3035: BY, SU, DP, IV, ...)."""

    role: str
    gln: str = ""
    code: str = ""
    name: str = ""
    street: str = ""
    city: str = ""
    region: str = ""
    postal_code: str = ""
    country: str = ""
    tax_id: str = ""
    contact: str = ""
    phone: str = ""
    email: str = ""


class OrderLine(NamedTuple):
    """One ordered item as sent. ``line`` is the buyer's own line number (LIN 1082)."""

    line: int
    quantity: Decimal
    gtin: str = ""
    buyer_code: str = ""
    supplier_code: str = ""
    description: str = ""
    unit: str = ""
    price: Decimal | None = None
    price_basis: Decimal = Decimal(1)
    amount: Decimal | None = None
    requested_date: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Order:
    """A purchase order as the buyer sent it (ORDERS, webhook, API).

    ``code`` is UN data element 1001 (220 order, 224 rush, 228 sample); ``type`` is our order type that follows
    from it. ``response_wanted`` is element 4343 (AB, AC, AI, NA or "").
    """

    buyer_reference: str
    lines: tuple[OrderLine, ...]
    code: str = "220"
    type: Literal["standard", "urgent", "pre_order", "sample"] = "standard"
    function: str = "9"
    document_date: datetime | None = None
    requested_date: date | None = None
    currency: str = ""
    contract: str = ""
    buyer: Party | None = None
    supplier: Party | None = None
    ship_to: Party | None = None
    invoicee: Party | None = None
    payment_method: str = ""
    payment_terms: str = ""
    transport_mode: str = ""
    delivery_terms: str = ""
    notes: tuple[str, ...] = ()
    total: Decimal | None = None
    response_wanted: str = ""


class LineAnswer(StrEnum):
    """What we answer to one order line (UN data element 1229)."""

    ADDED = "1"
    CHANGED = "3"
    ACCEPTED = "5"
    REFUSED = "7"


class ResponseLine(NamedTuple):
    """One line of an order response: the ordered item, the answer and what we promise."""

    line: int
    answer: LineAnswer
    quantity: Decimal
    ordered: Decimal
    gtin: str = ""
    sku: str = ""
    buyer_code: str = ""
    description: str = ""
    unit: str = ""
    price: Decimal | None = None
    promised_date: date | None = None


@dataclass(frozen=True, slots=True)
class OrderResponse:
    """Our answer to an order (ORDRSP). ``function`` is BGM 1225: 29 accepted, 27 refused, 4 changed."""

    number: str
    buyer_reference: str
    function: Literal["29", "27", "4"]
    answered_at: datetime
    lines: tuple[ResponseLine, ...]
    order_date: datetime | None = None
    promised_date: date | None = None
    currency: str = ""
    buyer: Party | None = None
    supplier: Party | None = None
    ship_to: Party | None = None
    reasons: tuple[str, ...] = ()
    total: Decimal | None = None


class PackedItem(NamedTuple):
    """A quantity of one order line inside one package."""

    line: int
    quantity: Decimal
    gtin: str = ""
    sku: str = ""
    buyer_code: str = ""
    description: str = ""
    unit: str = ""


class PackageNotice(NamedTuple):
    """A package of a shipment: its SSCC-18, package type (UN data element 7065) and content."""

    sscc: str
    items: tuple[PackedItem, ...]
    type: str = "CT"
    weight_kg: Decimal | None = None


@dataclass(frozen=True, slots=True)
class DespatchAdvice:
    """What left our door (DESADV, BGM 351)."""

    number: str
    order_number: str
    buyer_reference: str
    despatched_at: datetime
    packages: tuple[PackageNotice, ...]
    expected_date: date | None = None
    buyer: Party | None = None
    supplier: Party | None = None
    ship_to: Party | None = None
    carrier: str = ""
    carrier_name: str = ""
    tracking_number: str = ""


class InvoiceLine(NamedTuple):
    """One billed line; ``net`` = quantity x price, rounded to the cent."""

    line: int
    quantity: Decimal
    price: Decimal
    net: Decimal
    tax_rate: Decimal
    gtin: str = ""
    sku: str = ""
    buyer_code: str = ""
    description: str = ""
    unit: str = ""


class TaxTotal(NamedTuple):
    """The tax of one rate (per cent): taxable base and tax amount."""

    rate: Decimal
    base: Decimal
    tax: Decimal


@dataclass(frozen=True, slots=True)
class Invoice:
    """A commercial invoice (INVOIC, BGM 380)."""

    number: str
    order_number: str
    buyer_reference: str
    issued_at: datetime
    due_date: date
    currency: str
    lines: tuple[InvoiceLine, ...]
    taxes: tuple[TaxTotal, ...]
    net: Decimal
    tax: Decimal
    total: Decimal
    despatch_number: str = ""
    despatched_at: datetime | None = None
    delivered_at: datetime | None = None
    buyer: Party | None = None
    supplier: Party | None = None
    ship_to: Party | None = None
    invoicee: Party | None = None
    payment_terms_days: int = 0
    bank_account: str = ""


class MessageAcknowledgement(NamedTuple):
    """What CONTRL says of one message (UCM): action 7 acknowledged or 4 rejected, and the faults.

    ``faults`` are (code 0085, segment position counted from UNH = 1, element, component); position None = whole
    message (UCM itself carries the first such code).
    """

    reference: str
    type: str
    version: str
    release: str
    agency: str
    association: str
    action: Literal["4", "7"]
    faults: tuple[tuple[str, int | None, int | None, int | None], ...] = ()


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """Our CONTRL for one received interchange (ISO 9735: UCI once, UCM per message that is told of)."""

    control_reference: str
    sender: str
    sender_qualifier: str
    recipient: str
    recipient_qualifier: str
    action: Literal["4", "7", "8"]
    code: str = ""
    segment_tag: str = ""
    messages: tuple[MessageAcknowledgement, ...] = ()
