"""What was paid, as the payer tells it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from core.documents.party import Party


class Deduction(NamedTuple):
    """Why less, or more, is paid than was due: ``reason`` is UN data element 4465 (4 short delivery, 5 price query).

    ``amount`` is as sent: its sign is the payer's. ``line`` is the line of the invoice, ``reference`` what it relates
    to and ``reference_type`` what that is (UN 1153: AAK despatch advice, DL debit note).
    """

    amount: Decimal | None
    reason: str = ""
    text: str = ""
    reference: str = ""
    reference_type: str = ""
    line: str = ""


class SettledDocument(NamedTuple):
    """One invoice or credit note that a payment settles: what was ``due`` of it and what is ``paid``.

    ``code`` is UN data element 1001 (380 invoice, 381 credit note, whose amounts the payer takes off).
    """

    number: str
    code: str = "380"
    issued: date | None = None
    due: Decimal | None = None
    paid: Decimal | None = None
    discount: Decimal | None = None
    deductions: tuple[Deduction, ...] = ()
    buyer_reference: str = ""


@dataclass(frozen=True, slots=True)
class RemittanceAdvice:
    """A payer's advice of one payment and of what it settles (REMADV)."""

    number: str
    documents: tuple[SettledDocument, ...]
    total: Decimal | None = None
    code: str = "481"
    function: str = "9"
    issued_at: datetime | None = None
    paid_on: date | None = None
    currency: str = ""
    payment_reference: str = ""
    payment_method: str = ""
    payer: Party | None = None
    payee: Party | None = None
    payer_account: str = ""
    payee_account: str = ""
    notes: tuple[str, ...] = ()
