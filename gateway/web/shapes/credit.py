"""Credit accounts, payments and credit adjustments, and what is asked of them."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, StringConstraints

from gateway.web.shapes.common import (
    DecimalOut,
    DecimalText,
    IsoDate,
    OrderNumber,
    Paging,
    PartnerCode,
    Request,
    Shape,
    ShortText,
    Text,
)
from gateway.web.shapes.masters import GrowingShape

_LARGEST = Decimal(10) ** 12


def _payable(amount: Decimal) -> Decimal:
    if not 0 < amount <= _LARGEST or amount != amount.quantize(Decimal("0.01")):
        raise ValueError("an amount is more than 0, at most 10^12, and has whole cents")
    return amount


Amount = Annotated[DecimalText, AfterValidator(_payable)]
Reason = Annotated[Text, StringConstraints(min_length=1, max_length=500)]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
AdjustmentId = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,19}$")]
Kind = Literal["limit", "guarantee", "payment_plan"]
State = Literal["requested", "approved", "declined", "expired"]


class PartnerPath(Request):
    """Which partner."""

    code: PartnerCode


class AdjustmentPath(Request):
    """Which credit adjustment."""

    id: AdjustmentId


class ExposureShape(Shape):
    """What the exposure is made of: invoices + orders - prepayments."""

    open_invoices: DecimalOut
    confirmed_orders: DecimalOut
    prepayments: DecimalOut


class OverdueShape(Shape):
    """An invoice that was to be paid before today."""

    number: str
    due: str
    amount: DecimalOut
    days_late: int


class AdjustmentShape(GrowingShape):
    """A temporary limit, a guarantee or a payment plan with its request and decision."""

    id: str
    partner: str
    kind: Kind
    amount: DecimalOut
    reason: str
    valid_to: str = Field(description="the last day on which it counts, in our time zone")
    state: State
    release_role: str = Field(description="the least role that may approve the amount")
    requested_by: str
    requested_at: str
    decided_by: str | None
    decided_at: str | None
    decision_reason: str | None


class GradeShape(Shape):
    """A grade that a person gave."""

    grade: str
    before: str | None
    reason: str
    actor: str
    at: str


class CreditShape(GrowingShape):
    """How a partner stands."""

    partner: str
    grade: str
    currency: str
    limit: DecimalOut | None = Field(description="with what is granted for a time; null where none is known")
    limit_base: DecimalOut | None
    limit_origin: str
    raised: DecimalOut
    exposure: DecimalOut
    exposure_parts: ExposureShape
    available: DecimalOut | None
    terms_days: int
    terms_origin: str
    overdue_amount: DecimalOut
    overdue: list[OverdueShape]
    adjustments: list[AdjustmentShape] = Field(description="those that count now")
    grades: list[GradeShape]


class GradeRequest(Request):
    """A credit grade and why."""

    grade: Literal["A", "B", "C", "D"]
    reason: Reason


class PaidInvoiceShape(Shape):
    """What of a payment went to an invoice."""

    number: str
    due: str
    amount: DecimalOut
    days_late: int


class PaymentShape(GrowingShape):
    """A payment."""

    id: str
    reference: str
    order: str | None = Field(description="the order that it pays in advance")
    amount: DecimalOut
    currency: str
    date: str
    unapplied: DecimalOut
    reversed_at: str | None = Field(description="since when it pays nothing: the bank took it back")
    invoices: list[PaidInvoiceShape]


class PaymentRequest(Request):
    """A payment as the bank tells it; the same reference again is the same payment."""

    partner: PartnerCode
    reference: ShortText
    amount: Amount
    currency: Currency
    date: IsoDate
    order: OrderNumber | None = Field(None, description="the order that it pays in advance")


class ReversalRequest(Request):
    """A payment that the bank took back, and why."""

    partner: PartnerCode
    reference: ShortText
    reason: Text = ""


class AdjustmentRequest(Request):
    """What is asked for, why, and until when."""

    partner: PartnerCode
    kind: Kind = "limit"
    amount: Amount
    reason: Reason
    valid_to: IsoDate


class DecisionRequest(Request):
    """Why it is decided so."""

    reason: Reason


class AdjustmentsQuery(Paging):
    """Which credit adjustments."""

    partner: PartnerCode | None = None
    state: State | None = None


class ChecksRequest(Request):
    """The orders to check, in the sequence in which they would take the limit."""

    orders: list[OrderNumber] = Field(min_length=1, max_length=500)


class CreditHoldShape(Shape):
    """A hold that the credit check would set."""

    code: str
    reason: str
    inputs: dict[str, Any]
    rule: str
    release_role: str
    release_when: str


class CreditCheckShape(Shape):
    """The credit check of one order; ``ok`` is null where there is no such order, or none left to check."""

    number: str
    partner: str | None
    state: str | None
    ok: bool | None
    holds: list[CreditHoldShape]
    evidence: dict[str, Any]


class CreditChecksShape(Shape):
    """The checks in the sequence asked."""

    items: list[CreditCheckShape]


class WarningsQuery(Request):
    """Which day; without one, now."""

    day: IsoDate | None = None


class WarningShape(Shape):
    """A partner that has used most of its limit, or owes what is overdue."""

    partner: str
    grade: str
    currency: str
    limit: DecimalOut | None
    exposure: DecimalOut
    used_percent: DecimalOut | None
    overdue_amount: DecimalOut
    overdue_invoices: int
    days_late: int
    reasons: list[Literal["limit", "overdue"]]


class WarningsShape(GrowingShape):
    """Whom to warn."""

    day: str
    at: str
    warning_percent: DecimalOut
    items: list[WarningShape]
