"""Reports over a period, as JSON or, where Accept asks for text/csv, as CSV."""

from __future__ import annotations

from aiohttp import web

from core.reporting.intake_quality import Asked
from core.reporting.table import csv_of
from gateway.web.call import Call
from gateway.web.contract import Answer, Contract, HandlerResult
from gateway.web.ports import Json
from gateway.web.shapes.reports import (
    ChannelPerformanceShape,
    ChannelShareShape,
    CycleTimeShape,
    HoldReasonShape,
    IntakeQualityQuery,
    IntakeQualityShape,
    InventoryShape,
    PeriodQuery,
    RebatesShape,
    ReportShape,
    YearQuery,
)

routes = Contract("reports")

JSON, CSV = "application/json", "text/csv"


@routes.get("/api/v1/reports/cycle-time", answers={200: (ReportShape[CycleTimeShape], CSV)}, house_only=True)
async def cycle_time(call: Call, *, query: PeriodQuery) -> HandlerResult:
    """How long orders took to be confirmed, shipped and settled, by type: mean and percentiles.

    Of the orders that were received in the period, those that came so far. Percentiles are to the minute, by nearest
    rank.
    """
    return await _report(call, "cycle-time", query)


@routes.get(
    "/api/v1/reports/channel-performance", answers={200: (ReportShape[ChannelPerformanceShape], CSV)}, house_only=True
)
async def channel_performance(call: Call, *, query: PeriodQuery) -> HandlerResult:
    """Mean handling time and error rate of each channel, against the targets of the rules.

    The error rate is corrected fields / total fields: an order has 30, and one of them is corrected when a change
    before the first confirmation gave it another value.
    """
    return await _report(call, "channel-performance", query)


@routes.get("/api/v1/reports/channel-mix", answers={200: (ReportShape[ChannelShareShape], CSV)}, house_only=True)
async def channel_mix(call: Call, *, query: PeriodQuery) -> HandlerResult:
    """The share of each channel in the orders of a period, and how far it is off its target."""
    return await _report(call, "channel-mix", query)


@routes.get("/api/v1/reports/inventory", answers={200: (ReportShape[InventoryShape], CSV)}, house_only=True)
async def inventory(call: Call, *, query: PeriodQuery) -> HandlerResult:
    """How often the stock of each item turned in each warehouse, and how old what is left is.

    Turnover is what was issued, less what came back, by the mean of the balances at the end of each day; the age is
    first in, first out, at the end of the period.
    """
    return await _report(call, "inventory", query)


@routes.get("/api/v1/reports/hold-reasons", answers={200: (ReportShape[HoldReasonShape], CSV)}, house_only=True)
async def hold_reasons(call: Call, *, query: PeriodQuery) -> HandlerResult:
    """Why orders were held, by month, reason and partner, the most frequent first, and how long until they went on.

    Of the holds that were set in the period: how many a person lifted and how many a rule, and the median time.
    """
    return await _report(call, "hold-reasons", query)


@routes.get("/api/v1/reports/intake-quality", answers={200: (IntakeQualityShape, CSV)}, house_only=True)
async def intake_quality(call: Call, *, query: IntakeQualityQuery) -> HandlerResult:
    """How well orders by mail and fax were read, by class of paper, against typing them by hand.

    The error is measured by samples that people read once more blindly, with exact bounds at 95 %. Null is what nothing
    was counted of: not measured, never 0. CSV has the rows without the fields that were doubted most.
    """
    kind = call.wanted(JSON, CSV)
    asked = Asked(query.first, query.last, query.by, query.partner, query.paper_class)
    found = await call.run(call.operations.report_desk.intake_quality, asked)
    return table(found, f"intake-quality-{found['from']}-{found['to']}") if kind == CSV else Answer(found)


@routes.get("/api/v1/reports/rebates", answers={200: (RebatesShape, CSV)}, house_only=True)
async def rebate_accruals(call: Call, *, query: YearQuery) -> HandlerResult:
    """What the annual rebates and growth bonuses of a year have earned by what is invoiced until now.

    The step that is reached counts for the whole net turnover.
    """
    kind = call.wanted(JSON, CSV)
    found = await call.run(call.operations.report_desk.rebates, query.year)
    return table(found, f"rebates-{found['year']}") if kind == CSV else Answer(found)


async def _report(call: Call, name: str, query: PeriodQuery) -> HandlerResult:
    kind = call.wanted(JSON, CSV)
    found = await call.run(call.operations.report_desk.report, name, first=query.first, last=query.last)
    return table(found, f"{name}-{found['from']}-{found['to']}") if kind == CSV else Answer(found)


def table(found: Json, name: str) -> web.Response:
    """Return the rows of a report as a CSV file of that *name*."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return web.Response(text=csv_of(found["rows"]), content_type=CSV, charset="utf-8", headers=headers)
