"""A change of an order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from core.documents.charges import LineTax, OrderCharge
from core.documents.ordering import ScheduleLine
from core.documents.party import Party


class ChangeFunction(StrEnum):
    """What a change does to its order (UN data element 1225)."""

    CANCEL = "1"
    CHANGE = "4"
    REPLACE = "5"


class LineAction(StrEnum):
    """What a change does to one line of its order (UN data element 1229)."""

    ADD = "1"
    DELETE = "2"
    CHANGE = "3"
    KEEP = "4"


class ChangedLine(NamedTuple):
    """What a change says of one line of the order.

    ``line`` is the buyer's line number in the order. What is "" or None, or for ``schedule`` empty, is not said and
    stays as it was; of an added line, and of every line of a replacement, it is all there is. ``price_basis`` belongs
    to ``price``.
    """

    line: int
    action: LineAction
    quantity: Decimal | None = None
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
    schedule: tuple[ScheduleLine, ...] = ()


@dataclass(frozen=True, slots=True)
class OrderChange:
    """A buyer's wish to cancel, change or replace an order (ORDCHG).

    ``number`` is that of the change, ``buyer_reference`` the buyer's number of the order, ``order_number`` ours where
    the buyer tells it. A header field that is "" or None, or empty, is not said and stays as it was, unless the
    function is to replace. A cancellation is of the whole order, whatever its lines. ``charges`` and ``line_taxes`` are
    all that there are, None where they are not said.
    """

    number: str
    buyer_reference: str
    function: ChangeFunction
    lines: tuple[ChangedLine, ...] = ()
    order_number: str = ""
    document_date: datetime | None = None
    order_date: datetime | None = None
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
    gift_note: str = ""
    total: Decimal | None = None
    response_wanted: str = ""
    charges: tuple[OrderCharge, ...] | None = None
    line_taxes: tuple[LineTax, ...] | None = None
