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
    "DoubtedShape",
    "HoldReasonReport",
    "HoldReasonShape",
    "IntakeQualityRow",
    "IntakeQualityShape",
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


class DoubtedShape(Answer):
    """How often a field was left to a person for one reason, and what that person found."""

    #: on whichever line: `lines.quantity`
    field: str
    reason: str
    doubts: int
    #: what was read stayed
    confirmed: int
    corrected: int
    #: of no field of the order, as a total
    seen: int
    #: with their draft
    dropped: int
    open: int
    #: of confirmed and corrected
    corrected_percent: Exact | None


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


class IntakeQualityRow(Answer):
    """How papers of one class were read.

    Papers add up: orders, duplicates, rejected and left; shares are of 100.
    """

    #: `2026-11`, `2026-W47`, or the days of the report
    period: str
    #: `all`, pdf, table, mail, scan, fax, or `unread`: nothing of it could be read
    class_: str = Field(alias="class")
    #: documents, as the reconciliation counts them
    papers: int
    #: straight, reviewed, drafts and discarded
    orders: int
    #: orders that needed nobody
    straight: int
    #: orders that a person completed
    reviewed: int
    #: that wait for a person
    drafts: int
    #: drafts that a person dropped
    discarded: int
    duplicates: int
    #: no order
    rejected: int
    #: broken, or kept closed
    left: int
    #: of `orders`
    straight_percent: Exact | None
    #: measured fields of the straight ones
    fields: int
    #: measured fields of the reviewed ones that nobody had doubted
    reviewed_fields: int
    #: those of them that the person changed all the same
    slipped: int
    #: drawn
    samples: int
    #: samples by the share of their class that a person has read: orders that the error is of
    answered: int
    #: of these; what the error is of
    fields_compared: int
    #: so many, all with the same chance to be drawn, show as much: the size that the bounds are of
    fields_effective: int
    fields_wrong: int
    #: differ, and wait for the second look
    fields_undecided: int
    #: wrong of compared, weighted by the chance to be drawn; what is undecided counts as right
    error_percent: Exact | None
    #: lower bound at 95 % (Clopper and Pearson)
    error_low: Exact | None
    #: upper bound; what is undecided counts as wrong
    error_high: Exact | None
    #: of `answered`, those with a wrong field
    orders_wrong: int
    order_error_percent: Exact | None
    order_error_low: Exact | None
    order_error_high: Exact | None
    #: samples among the first of a customer and class: of no rate
    first_answered: int
    first_fields_compared: int
    first_fields_wrong: int
    #: of orders that are typed (rules, `papers`)
    baseline_error_percent: Exact
    #: null while the bounds lie on both sides of it
    below_baseline: bool | None
    #: fields of submitted drafts that had been left to a person
    doubts_decided: int
    #: those of them that the person gave another value
    doubts_corrected: int
    doubts_corrected_percent: Exact | None
    #: from receipt to the order
    straight_p50_seconds: int | None
    straight_p95_seconds: int | None
    #: from receipt to the submitted draft
    reviewed_p50_minutes: int | None
    reviewed_p95_minutes: int | None
    #: from the draft to its submission, waiting included
    review_p50_minutes: int | None
    review_p95_minutes: int | None
    #: at least, against typing: a review counts with its waiting
    saved_minutes: int | None
    #: of an order that is typed (rules, `papers`)
    baseline_minutes: int


class IntakeQualityShape(Answer):
    """How well papers that were received in a period were read."""

    report: str
    from_: dt.date = Field(alias="from")
    to: dt.date
    #: of the targets
    rule_version: str
    rows: list[IntakeQualityRow]
    #: the fields that were doubted most
    doubts: list[DoubtedShape]


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
