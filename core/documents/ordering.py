"""An order and the answer to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Literal, NamedTuple

from core.documents.party import Party


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
