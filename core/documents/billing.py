"""What is billed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from core.documents.party import Party


class Allowance(NamedTuple):
    """An allowance or, with ``charge``, a charge on a whole invoice or on one of its lines.

    ``amount`` is without tax, ``percent`` of ``base``. ``code`` is UN data element 7161 (FC freight, PC packing),
    ``reason`` its words. ``tax_category`` is UN 5305, ``tax_rate`` in per cent.
    """

    charge: bool
    amount: Decimal | None = None
    percent: Decimal | None = None
    base: Decimal | None = None
    code: str = ""
    reason: str = ""
    tax_rate: Decimal | None = None
    tax_category: str = ""


class InvoiceLine(NamedTuple):
    """One billed line; in what we write ``net`` = quantity x price, rounded to the cent.

    ``price`` is net, for ``price_basis`` units; ``gross_price``, for ``gross_basis``, is before the ``allowances``.
    ``tax_category`` is UN data element 5305 (S standard, Z zero, E exempt, AE reverse charge; "" is not told).
    ``buyer_reference``, ``order_line`` and ``despatch_number`` name the order and the despatch where the header does
    not. What a partner's invoice left out is None.
    """

    line: int
    quantity: Decimal | None
    price: Decimal | None
    net: Decimal | None
    tax_rate: Decimal | None
    gtin: str = ""
    sku: str = ""
    buyer_code: str = ""
    description: str = ""
    unit: str = ""
    tax_category: str = ""
    tax: Decimal | None = None
    price_basis: Decimal = Decimal(1)
    gross_price: Decimal | None = None
    gross_basis: Decimal = Decimal(1)
    allowances: tuple[Allowance, ...] = ()
    buyer_reference: str = ""
    order_line: int | None = None
    despatch_number: str = ""
    note: str = ""


class TaxTotal(NamedTuple):
    """The tax of one rate (per cent) and category (UN 5305): taxable base and tax amount; None is not told."""

    rate: Decimal | None
    base: Decimal | None
    tax: Decimal | None
    category: str = ""


class CashDiscount(NamedTuple):
    """What may be taken off for paying early: per cent of the total, within days of the invoice or until a day."""

    percent: Decimal
    days: int = 0
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Invoice:
    """An invoice or credit note (INVOIC): ours to a buyer, or a supplier's to us.

    ``code`` is UN data element 1001: 380 commercial invoice, 381 credit note, whose amounts are what is credited, not
    below 0; ``corrects`` is the number of the invoice that it is about. ``net`` adds up the lines, ``allowance_total``
    what charges put on top less the allowances, ``total`` is with tax. Payment is due on ``due_date``,
    ``payment_terms_days`` or ``payment_terms_months`` after the invoice. ``tax_note`` says why tax is not charged.
    """

    number: str
    order_number: str
    buyer_reference: str
    issued_at: datetime
    due_date: date | None
    currency: str
    lines: tuple[InvoiceLine, ...]
    taxes: tuple[TaxTotal, ...]
    net: Decimal | None
    tax: Decimal | None
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
    code: str = "380"
    function: str = "9"
    corrects: str = ""
    corrects_date: date | None = None
    order_date: datetime | None = None
    contract: str = ""
    tax_point: date | None = None
    allowances: tuple[Allowance, ...] = ()
    allowance_total: Decimal | None = None
    prepaid: Decimal | None = None
    payable: Decimal | None = None
    payment_terms_months: int = 0
    cash_discounts: tuple[CashDiscount, ...] = ()
    payment_method: str = ""
    bank_code: str = ""
    bank_name: str = ""
    account_holder: str = ""
    notes: tuple[str, ...] = ()
    tax_note: str = ""
