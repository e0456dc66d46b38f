# Made by `make reference` from the OpenAPI document. Do not edit.
"""Bodies and answers of the subject reports."""

from __future__ import annotations

import datetime as dt

from pydantic import Field

from gateway.client.values import Answer, Exact

__all__ = [
    "ChannelPerformanceReport",
    "ChannelPerformanceShape",
    "ChannelShareReport",
    "ChannelShareShape",
    "CycleTimeReport",
    "CycleTimeShape",
    "HoldReasonReport",
    "HoldReasonShape",
    "InventoryReport",
    "InventoryShape",
    "RebateShape",
    "RebatesShape",
]


class ChannelPerformanceShape(Answer):
    """How fast and how cleanly orders of one channel came in."""

    channel: str
    orders: int
    #: confirmed or declined
    handled: int
    #: from receipt to decision
    mean_minutes: Exact | None
    p95_minutes: int | None
    target_minutes: int | None
    #: 30 an order
    fields: int
    #: fields that a change before the confirmation gave another value
    corrected: int
    error_percent: Exact
    target_percent: Exact | None
    met: bool | None


class ChannelPerformanceReport(Answer):
    """ReportShape[ChannelPerformanceShape]."""

    report: str
    from_: dt.date = Field(alias="from")
    to: dt.date
    #: of the targets
    rule_version: str
    rows: list[ChannelPerformanceShape]


class ChannelShareShape(Answer):
    """The share of one channel."""

    channel: str
    orders: int
    percent: Exact
    target_percent: Exact | None
    #: points of per cent above the target
    off_by: Exact | None


class ChannelShareReport(Answer):
    """ReportShape[ChannelShareShape]."""

    report: str
    from_: dt.date = Field(alias="from")
    to: dt.date
    #: of the targets
    rule_version: str
    rows: list[ChannelShareShape]


class CycleTimeShape(Answer):
    """How long orders of one type took from their receipt."""

    #: `all` for every type together
    type: str
    #: to the first confirmation, despatch, or delivered, billed and paid
    measure: str
    #: those that came to the end of the measure
    orders: int
    mean_hours: Exact
    p50_hours: Exact
    p90_hours: Exact
    p95_hours: Exact
    target_hours: Exact | None
    met: bool | None


class CycleTimeReport(Answer):
    """ReportShape[CycleTimeShape]."""

    report: str
    from_: dt.date = Field(alias="from")
    to: dt.date
    #: of the targets
    rule_version: str
    rows: list[CycleTimeShape]


class HoldReasonShape(Answer):
    """How often orders of a partner were held for one reason in a month."""

    month: str
    code: str
    rule: str
    partner: str
    holds: int
    #: lifted by a person
    by_person: int
    #: lifted by a rule, whose cause was gone
    by_rule: int
    #: still in force
    open: int
    #: from the hold to its end
    median_minutes: int | None


class HoldReasonReport(Answer):
    """ReportShape[HoldReasonShape]."""

    report: str
    from_: dt.date = Field(alias="from")
    to: dt.date
    #: of the targets
    rule_version: str
    rows: list[HoldReasonShape]


class InventoryShape(Answer):
    """What moved of an item in a warehouse, how often it turned, and how old what is left is."""

    sku: str
    warehouse: str
    opening: Exact
    #: by receipts
    received: Exact
    #: what counts and transfers added or took away
    adjusted: Exact
    #: less what came back
    issued: Exact
    closing: Exact
    #: of the balances at the end of each day
    mean: Exact
    #: issued by mean
    turnover: Exact | None
    #: how long the mean lasts at the rate of the period
    days_of_stock: Exact | None
    #: of all that was issued
    share_percent: Exact
    #: of what is left, up to 30 days old
    age_30: Exact
    age_60: Exact
    age_90: Exact
    age_older: Exact
    last_issue: str | None


class InventoryReport(Answer):
    """ReportShape[InventoryShape]."""

    report: str
    from_: dt.date = Field(alias="from")
    to: dt.date
    #: of the targets
    rule_version: str
    rows: list[InventoryShape]


class RebateShape(Answer):
    """What one agreement has earned up to now."""

    partner: str
    kind: str
    contract: str | None
    currency: str | None
    #: invoiced net in the year
    turnover: Exact
    #: invoiced net in the year before
    before: Exact
    growth_percent: Exact | None
    #: of the step that is reached; it counts for the whole turnover
    percent: Exact
    accrued: Exact
    #: turnover that the next step still needs
    missing: Exact | None


class RebatesShape(Answer):
    """The rebates of a year."""

    report: str
    year: int
    rows: list[RebateShape]
