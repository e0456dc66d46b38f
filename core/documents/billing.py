"""What is billed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from core.documents.party import Party


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
