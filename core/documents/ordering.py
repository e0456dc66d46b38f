"""An order and the answer to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Literal, NamedTuple

from core.documents.billing import Allowance
from core.documents.charges import LineTax, OrderCharge
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
    from it. ``response_wanted`` is element 4343 (AB, AC, AI, NA or ""). ``charges`` are what it costs beside its
    goods, ``line_taxes`` the taxes that its sender took already; with ``tax_included`` the sender's prices contained
    them, and those here are what is left. ``notes`` are wishes for warehouse and carrier, ``gift_note`` words for
    whoever gets the goods.
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
    charges: tuple[OrderCharge, ...] = ()
    line_taxes: tuple[LineTax, ...] = ()
    tax_included: bool = False
    gift_note: str = ""


@dataclass(frozen=True, slots=True)
class DropShipOrder:
    """An order of ours to a supplier who delivers to a customer of ours (ORDERS).

    The buyer of ``order`` is us, its ``ship_to`` the customer. ``order_number`` is our number of the customer's
    order, ``customer_reference`` the customer's own.
    """

    order: Order
    order_number: str = ""
    customer_reference: str = ""


class TradeTerms(NamedTuple):
    """What an answer says of the terms that an order is taken on, beside its lines, prices and days.

    Payment is due ``payment_days`` after the invoice or on ``due_date``, or before the goods leave (``prepayment``).
    ``payment_method`` is UN data element 4461, ``payment_words`` what no code says of payment. ``delivery_terms`` is an
    Incoterm or words, ``transport_mode`` 8067 or words, ``agreements`` whatever else was specially agreed, in words.
    """

    payment_days: int | None = None
    due_date: date | None = None
    prepayment: bool = False
    payment_method: str = ""
    payment_words: tuple[str, ...] = ()
    delivery_terms: str = ""
    transport_mode: str = ""
    contract: str = ""
    agreements: tuple[str, ...] = ()


class ScheduleLine(NamedTuple):
    """A part of a line's quantity with a day of its own."""

    quantity: Decimal
    day: date | None = None


class LineAnswer(StrEnum):
    """The answer to one order line (UN data element 1229)."""

    ADDED = "1"
    DELETED = "2"
    CHANGED = "3"
    ACCEPTED = "5"
    REFUSED = "7"


class ResponseLine(NamedTuple):
    """One line of an order response: the ordered item, the answer and what the seller promises.

    ``line`` is the line of the order, ``sku`` the seller's code. ``backordered`` is what comes later, ``schedule`` the
    promise where it has several dates; ``reference`` is the buyer's own reference of the line, if there is one.
    ``substitute_gtin`` and ``substitute_sku`` name the item that is offered in the place of the one that was ordered.
    ``tax_rate`` is in per cent, None where the answer says none.
    """

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
    backordered: Decimal | None = None
    schedule: tuple[ScheduleLine, ...] = ()
    note: str = ""
    reference: str = ""
    price_basis: Decimal = Decimal(1)
    substitute_gtin: str = ""
    substitute_sku: str = ""
    allowances: tuple[Allowance, ...] = ()
    tax_rate: Decimal | None = None


@dataclass(frozen=True, slots=True)
class OrderResponse:
    """The answer to an order or to a change of it (ORDRSP): ours to a buyer, or a supplier's to us.

    ``function`` is BGM 1225: 29 accepted, 27 refused, 4 changed, 12 not decided yet. ``number`` is the seller's,
    ``buyer_reference`` the order that is answered; ``change_reference`` is the number of the change, where it is a
    change that is answered. ``notes`` are for people; what is read has them among its ``reasons``, as FTX AAI is both.
    ``terms`` are None where none are told. ``total`` is without tax: lines, their allowances and charges, and those of
    the whole order (``allowances``), which come to ``allowance_total``.
    """

    number: str
    buyer_reference: str
    function: Literal["29", "27", "4", "12"]
    answered_at: datetime | None
    lines: tuple[ResponseLine, ...]
    order_date: datetime | None = None
    promised_date: date | None = None
    currency: str = ""
    buyer: Party | None = None
    supplier: Party | None = None
    ship_to: Party | None = None
    reasons: tuple[str, ...] = ()
    total: Decimal | None = None
    change_reference: str = ""
    notes: tuple[str, ...] = ()
    terms: TradeTerms | None = None
    allowances: tuple[Allowance, ...] = ()
    allowance_total: Decimal | None = None
    tax: Decimal | None = None
