"""Reports: the days that they cover and their rows."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Generic, Literal, TypeVar

from pydantic import Field

from gateway.web.shapes.common import DecimalOut, IsoDate, PartnerCode, Request, Shape
from gateway.web.shapes.samples import PaperClass

T = TypeVar("T")


class PeriodQuery(Request):
    """Which days, at the company's place."""

    first: IsoDate | None = Field(None, alias="from", description="the first day; 29 before the last")
    last: IsoDate | None = Field(None, alias="to", description="the last day; today")


class IntakeQualityQuery(PeriodQuery):
    """Which papers, and in which steps."""

    by: Literal["week", "month"] | None = Field(None, description="a row for each; else one for the whole period")
    partner: PartnerCode | None = Field(None, description="those that are certainly of this partner")
    paper_class: PaperClass | None = Field(None, alias="class")


class ReportShape(Shape, Generic[T]):
    """A report over the orders that were received in a period."""

    report: str
    from_: date = Field(alias="from")
    to: date
    rule_version: str = Field(description="of the targets")
    rows: list[T]


class CycleTimeShape(Shape):
    """How long orders of one type took from their receipt."""

    type: str = Field(description="`all` for every type together")
    measure: str = Field(description="to the first confirmation, despatch, or delivered, billed and paid")
    orders: int = Field(description="those that came to the end of the measure")
    mean_hours: DecimalOut
    p50_hours: DecimalOut
    p90_hours: DecimalOut
    p95_hours: DecimalOut
    target_hours: DecimalOut | None
    met: bool | None


class ChannelPerformanceShape(Shape):
    """How fast and how cleanly orders of one channel came in."""

    channel: str
    orders: int
    handled: int = Field(description="confirmed or declined")
    mean_minutes: DecimalOut | None = Field(description="from receipt to decision")
    p95_minutes: int | None
    target_minutes: int | None
    fields: int = Field(description="30 an order")
    corrected: int = Field(description="fields that a change before the confirmation gave another value")
    error_percent: DecimalOut
    target_percent: DecimalOut | None
    met: bool | None


class InventoryShape(Shape):
    """What moved of an item in a warehouse, how often it turned, and how old what is left is."""

    sku: str
    warehouse: str
    opening: DecimalOut
    received: DecimalOut = Field(description="by receipts")
    adjusted: DecimalOut = Field(description="what counts and transfers added or took away")
    issued: DecimalOut = Field(description="less what came back")
    closing: DecimalOut
    mean: DecimalOut = Field(description="of the balances at the end of each day")
    turnover: DecimalOut | None = Field(description="issued by mean")
    days_of_stock: DecimalOut | None = Field(description="how long the mean lasts at the rate of the period")
    share_percent: DecimalOut = Field(description="of all that was issued")
    age_30: DecimalOut = Field(description="of what is left, up to 30 days old")
    age_60: DecimalOut
    age_90: DecimalOut
    age_older: DecimalOut
    last_issue: str | None


class IntakeQualityRow(Shape):
    """How papers of one class were read. Papers add up: orders, duplicates, rejected and left; shares are of 100."""

    period: str = Field(description="`2026-11`, `2026-W47`, or the days of the report")
    class_: str = Field(
        alias="class", description="`all`, pdf, table, mail, scan, fax, or `unread`: nothing of it could be read"
    )
    papers: int = Field(description="documents, as the reconciliation counts them")
    orders: int = Field(description="straight, reviewed, drafts and discarded")
    straight: int = Field(description="orders that needed nobody")
    reviewed: int = Field(description="orders that a person completed")
    drafts: int = Field(description="that wait for a person")
    discarded: int = Field(description="drafts that a person dropped")
    duplicates: int
    rejected: int = Field(description="no order")
    left: int = Field(description="broken, or kept closed")
    straight_percent: DecimalOut | None = Field(description="of `orders`")
    fields: int = Field(description="measured fields of the straight ones")
    reviewed_fields: int = Field(description="measured fields of the reviewed ones that nobody had doubted")
    slipped: int = Field(description="those of them that the person changed all the same")
    samples: int = Field(description="drawn")
    answered: int = Field(
        description="samples by the share of their class that a person has read: orders that the error is of"
    )
    fields_compared: int = Field(description="of these; what the error is of")
    fields_effective: int = Field(
        description="so many, all with the same chance to be drawn, show as much: the size that the bounds are of"
    )
    fields_wrong: int
    fields_undecided: int = Field(description="differ, and wait for the second look")
    error_percent: DecimalOut | None = Field(
        description="wrong of compared, weighted by the chance to be drawn; what is undecided counts as right"
    )
    error_low: DecimalOut | None = Field(description="lower bound at 95 % (Clopper and Pearson)")
    error_high: DecimalOut | None = Field(description="upper bound; what is undecided counts as wrong")
    orders_wrong: int = Field(description="of `answered`, those with a wrong field")
    order_error_percent: DecimalOut | None
    order_error_low: DecimalOut | None
    order_error_high: DecimalOut | None
    first_answered: int = Field(description="samples among the first of a customer and class: of no rate")
    first_fields_compared: int
    first_fields_wrong: int
    baseline_error_percent: DecimalOut = Field(description="of orders that are typed (rules, `papers`)")
    below_baseline: bool | None = Field(description="null while the bounds lie on both sides of it")
    doubts_decided: int = Field(description="fields of submitted drafts that had been left to a person")
    doubts_corrected: int = Field(description="those of them that the person gave another value")
    doubts_corrected_percent: DecimalOut | None
    straight_p50_seconds: int | None = Field(description="from receipt to the order")
    straight_p95_seconds: int | None
    reviewed_p50_minutes: int | None = Field(description="from receipt to the submitted draft")
    reviewed_p95_minutes: int | None
    review_p50_minutes: int | None = Field(description="from the draft to its submission, waiting included")
    review_p95_minutes: int | None
    saved_minutes: int | None = Field(description="at least, against typing: a review counts with its waiting")
    baseline_minutes: int = Field(description="of an order that is typed (rules, `papers`)")


class DoubtedShape(Shape):
    """How often a field was left to a person for one reason, and what that person found."""

    field: str = Field(description="on whichever line: `lines.quantity`")
    reason: str
    doubts: int
    confirmed: int = Field(description="what was read stayed")
    corrected: int
    seen: int = Field(description="of no field of the order, as a total")
    dropped: int = Field(description="with their draft")
    open: int
    corrected_percent: DecimalOut | None = Field(description="of confirmed and corrected")


class IntakeQualityShape(ReportShape[IntakeQualityRow]):
    """How well papers that were received in a period were read."""

    doubts: list[DoubtedShape] = Field(description="the fields that were doubted most")


class HoldReasonShape(Shape):
    """How often orders of a partner were held for one reason in a month."""

    month: str
    code: str
    rule: str
    partner: str
    holds: int
    by_person: int = Field(description="lifted by a person")
    by_rule: int = Field(description="lifted by a rule, whose cause was gone")
    open: int = Field(description="still in force")
    median_minutes: int | None = Field(description="from the hold to its end")


class ChannelShareShape(Shape):
    """The share of one channel."""

    channel: str
    orders: int
    percent: DecimalOut
    target_percent: DecimalOut | None
    off_by: DecimalOut | None = Field(description="points of per cent above the target")


class YearQuery(Request):
    """Which year."""

    year: Annotated[int, Field(ge=2000, le=2999)] | None = Field(None, description="this one, where none is named")


class RebateShape(Shape):
    """What one agreement has earned up to now."""

    partner: str
    kind: Literal["annual", "growth"]
    contract: str | None
    currency: str | None
    turnover: DecimalOut = Field(description="invoiced net in the year")
    before: DecimalOut = Field(description="invoiced net in the year before")
    growth_percent: DecimalOut | None
    percent: DecimalOut = Field(description="of the step that is reached; it counts for the whole turnover")
    accrued: DecimalOut
    missing: DecimalOut | None = Field(description="turnover that the next step still needs")


class RebatesShape(Shape):
    """The rebates of a year."""

    report: str
    year: int
    rows: list[RebateShape]
