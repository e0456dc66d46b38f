# Made by `make reference` from the OpenAPI document. Do not edit.
"""Bodies and answers of the subject credit."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

from gateway.client.values import Answer, Body, Exact

__all__ = [
    "AdjustmentRequest",
    "AdjustmentShape",
    "ChecksRequest",
    "CreditCheckShape",
    "CreditChecksShape",
    "CreditHoldShape",
    "CreditShape",
    "DecisionRequest",
    "ExposureShape",
    "GradeRequest",
    "GradeShape",
    "OverdueShape",
    "PaidInvoiceShape",
    "PaymentRequest",
    "PaymentShape",
    "ReversalRequest",
    "WarningShape",
    "WarningsShape",
]


class AdjustmentRequest(Body):
    """What is asked for, why, and until when."""

    partner: str
    amount: Exact
    reason: str
    valid_to: dt.date
    kind: Literal["limit", "guarantee", "payment_plan"] = "limit"


class AdjustmentShape(Answer):
    """A temporary limit, a guarantee or a payment plan with its request and decision."""

    id: str
    partner: str
    kind: str
    amount: Exact
    reason: str
    #: the last day on which it counts, in our time zone
    valid_to: str
    state: str
    #: the least role that may approve the amount
    release_role: str
    requested_by: str
    requested_at: str
    decided_by: str | None
    decided_at: str | None
    decision_reason: str | None


class ChecksRequest(Body):
    """The orders to check, in the sequence in which they would take the limit."""

    orders: list[str]


class CreditHoldShape(Answer):
    """A hold that the credit check would set."""

    code: str
    reason: str
    inputs: dict[str, Any]
    rule: str
    release_role: str
    release_when: str


class CreditCheckShape(Answer):
    """The credit check of one order; ``ok`` is null where there is no such order, or none left to check."""

    number: str
    partner: str | None
    state: str | None
    ok: bool | None
    holds: list[CreditHoldShape]
    evidence: dict[str, Any]


class CreditChecksShape(Answer):
    """The checks in the sequence asked."""

    items: list[CreditCheckShape]


class ExposureShape(Answer):
    """What the exposure is made of: invoices + orders - prepayments."""

    open_invoices: Exact
    confirmed_orders: Exact
    prepayments: Exact


class OverdueShape(Answer):
    """An invoice that was to be paid before today."""

    number: str
    due: str
    amount: Exact
    days_late: int


class GradeShape(Answer):
    """A grade that a person gave."""

    grade: str
    before: str | None
    reason: str
    actor: str
    at: str


class CreditShape(Answer):
    """How a partner stands."""

    partner: str
    grade: str
    currency: str
    #: with what is granted for a time; null where none is known
    limit: Exact | None
    limit_base: Exact | None
    limit_origin: str
    raised: Exact
    exposure: Exact
    exposure_parts: ExposureShape
    available: Exact | None
    terms_days: int
    terms_origin: str
    overdue_amount: Exact
    overdue: list[OverdueShape]
    #: those that count now
    adjustments: list[AdjustmentShape]
    grades: list[GradeShape]


class DecisionRequest(Body):
    """Why it is decided so."""

    reason: str


class GradeRequest(Body):
    """A credit grade and why."""

    grade: Literal["A", "B", "C", "D"]
    reason: str


class PaidInvoiceShape(Answer):
    """What of a payment went to an invoice."""

    number: str
    due: str
    amount: Exact
    days_late: int


class PaymentRequest(Body):
    """A payment as the bank tells it; the same reference again is the same payment."""

    partner: str
    reference: str
    amount: Exact
    currency: str
    date: dt.date
    #: the order that it pays in advance
    order: str | None = None


class PaymentShape(Answer):
    """A payment."""

    id: str
    reference: str
    #: the order that it pays in advance
    order: str | None
    amount: Exact
    currency: str
    date: str
    unapplied: Exact
    #: since when it pays nothing: the bank took it back
    reversed_at: str | None
    invoices: list[PaidInvoiceShape]


class ReversalRequest(Body):
    """A payment that the bank took back, and why."""

    partner: str
    reference: str
    reason: str = ""


class WarningShape(Answer):
    """A partner that has used most of its limit, or owes what is overdue."""

    partner: str
    grade: str
    currency: str
    limit: Exact | None
    exposure: Exact
    used_percent: Exact | None
    overdue_amount: Exact
    overdue_invoices: int
    days_late: int
    reasons: list[str]


class WarningsShape(Answer):
    """Whom to warn."""

    day: str
    at: str
    warning_percent: Exact
    items: list[WarningShape]
