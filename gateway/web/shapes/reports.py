"""Reports: the days that they cover and their rows."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Generic, Literal, TypeVar

from pydantic import Field

from gateway.web.shapes.common import DecimalOut, IsoDate, Request, Shape

T = TypeVar("T")


class PeriodQuery(Request):
    """Which days, at the company's place."""

    first: IsoDate | None = Field(None, alias="from", description="the first day; 29 before the last")
    last: IsoDate | None = Field(None, alias="to", description="the last day; today")


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
