# Made by `make reference` from the OpenAPI document. Do not edit.
"""The operations of the subject reports."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from gateway.client.caller import Caller
from gateway.client.shapes import (
    ChannelPerformanceReport,
    ChannelShareReport,
    CycleTimeReport,
    HoldReasonReport,
    IntakeQualityShape,
    InventoryReport,
    RebatesShape,
)


class ReportsCalls(Caller):
    """The operations of the subject reports."""

    def cycle_time(self, *, from_: dt.date | None = None, to: dt.date | None = None) -> CycleTimeReport:
        """How long orders took to be confirmed, shipped and settled, by type: mean and percentiles.

        Of the orders that were received in the period, those that came so far. Percentiles are to the minute, by
        nearest rank.

        ``GET /api/v1/reports/cycle-time``, scope ``read``.
        """
        return self._one(CycleTimeReport, "GET", "/api/v1/reports/cycle-time", query={"from": from_, "to": to})

    def cycle_time_csv(self, *, from_: dt.date | None = None, to: dt.date | None = None) -> bytes:
        """How long orders took to be confirmed, shipped and settled, by type: mean and percentiles.

        Of the orders that were received in the period, those that came so far. Percentiles are to the minute, by
        nearest rank.

        ``GET /api/v1/reports/cycle-time`` as text/csv, scope ``read``.
        """
        return self._file("/api/v1/reports/cycle-time", "text/csv", query={"from": from_, "to": to})

    def channel_performance(
        self,
        *,
        from_: dt.date | None = None,
        to: dt.date | None = None,
    ) -> ChannelPerformanceReport:
        """Mean handling time and error rate of each channel, against the targets of the rules.

        The error rate is corrected fields / total fields: an order has 30, and one of them is corrected when a change
        before the first confirmation gave it another value.

        ``GET /api/v1/reports/channel-performance``, scope ``read``.
        """
        return self._one(
            ChannelPerformanceReport,
            "GET",
            "/api/v1/reports/channel-performance",
            query={"from": from_, "to": to},
        )

    def channel_performance_csv(self, *, from_: dt.date | None = None, to: dt.date | None = None) -> bytes:
        """Mean handling time and error rate of each channel, against the targets of the rules.

        The error rate is corrected fields / total fields: an order has 30, and one of them is corrected when a change
        before the first confirmation gave it another value.

        ``GET /api/v1/reports/channel-performance`` as text/csv, scope ``read``.
        """
        return self._file("/api/v1/reports/channel-performance", "text/csv", query={"from": from_, "to": to})

    def channel_mix(self, *, from_: dt.date | None = None, to: dt.date | None = None) -> ChannelShareReport:
        """The share of each channel in the orders of a period, and how far it is off its target.

        ``GET /api/v1/reports/channel-mix``, scope ``read``.
        """
        return self._one(ChannelShareReport, "GET", "/api/v1/reports/channel-mix", query={"from": from_, "to": to})

    def channel_mix_csv(self, *, from_: dt.date | None = None, to: dt.date | None = None) -> bytes:
        """The share of each channel in the orders of a period, and how far it is off its target.

        ``GET /api/v1/reports/channel-mix`` as text/csv, scope ``read``.
        """
        return self._file("/api/v1/reports/channel-mix", "text/csv", query={"from": from_, "to": to})

    def inventory(self, *, from_: dt.date | None = None, to: dt.date | None = None) -> InventoryReport:
        """How often the stock of each item turned in each warehouse, and how old what is left is.

        Turnover is what was issued, less what came back, by the mean of the balances at the end of each day; the age is
        first in, first out, at the end of the period.

        ``GET /api/v1/reports/inventory``, scope ``read``.
        """
        return self._one(InventoryReport, "GET", "/api/v1/reports/inventory", query={"from": from_, "to": to})

    def inventory_csv(self, *, from_: dt.date | None = None, to: dt.date | None = None) -> bytes:
        """How often the stock of each item turned in each warehouse, and how old what is left is.

        Turnover is what was issued, less what came back, by the mean of the balances at the end of each day; the age is
        first in, first out, at the end of the period.

        ``GET /api/v1/reports/inventory`` as text/csv, scope ``read``.
        """
        return self._file("/api/v1/reports/inventory", "text/csv", query={"from": from_, "to": to})

    def hold_reasons(self, *, from_: dt.date | None = None, to: dt.date | None = None) -> HoldReasonReport:
        """Why orders were held.

        By month, reason and partner, the most frequent first, and how long until they went on

        Of the holds that were set in the period: how many a person lifted and how many a rule, and the median time.

        ``GET /api/v1/reports/hold-reasons``, scope ``read``.
        """
        return self._one(HoldReasonReport, "GET", "/api/v1/reports/hold-reasons", query={"from": from_, "to": to})

    def hold_reasons_csv(self, *, from_: dt.date | None = None, to: dt.date | None = None) -> bytes:
        """Why orders were held.

        By month, reason and partner, the most frequent first, and how long until they went on

        Of the holds that were set in the period: how many a person lifted and how many a rule, and the median time.

        ``GET /api/v1/reports/hold-reasons`` as text/csv, scope ``read``.
        """
        return self._file("/api/v1/reports/hold-reasons", "text/csv", query={"from": from_, "to": to})

    def intake_quality(
        self,
        *,
        from_: dt.date | None = None,
        to: dt.date | None = None,
        by: Literal["week", "month"] | None = None,
        partner: str | None = None,
        class_: Literal["pdf", "table", "mail", "scan", "fax"] | None = None,
    ) -> IntakeQualityShape:
        """How well orders by mail and fax were read, by class of paper, against typing them by hand.

        The error is measured by samples that people read once more blindly, with exact bounds at 95 %. Null is what
        nothing was counted of: not measured, never 0. CSV has the rows without the fields that were doubted most.

        ``GET /api/v1/reports/intake-quality``, scope ``read``.
        """
        return self._one(
            IntakeQualityShape,
            "GET",
            "/api/v1/reports/intake-quality",
            query={"from": from_, "to": to, "by": by, "partner": partner, "class": class_},
        )

    def intake_quality_csv(
        self,
        *,
        from_: dt.date | None = None,
        to: dt.date | None = None,
        by: Literal["week", "month"] | None = None,
        partner: str | None = None,
        class_: Literal["pdf", "table", "mail", "scan", "fax"] | None = None,
    ) -> bytes:
        """How well orders by mail and fax were read, by class of paper, against typing them by hand.

        The error is measured by samples that people read once more blindly, with exact bounds at 95 %. Null is what
        nothing was counted of: not measured, never 0. CSV has the rows without the fields that were doubted most.

        ``GET /api/v1/reports/intake-quality`` as text/csv, scope ``read``.
        """
        return self._file(
            "/api/v1/reports/intake-quality",
            "text/csv",
            query={"from": from_, "to": to, "by": by, "partner": partner, "class": class_},
        )

    def rebate_accruals(self, *, year: int | None = None) -> RebatesShape:
        """What the annual rebates and growth bonuses of a year have earned by what is invoiced until now.

        The step that is reached counts for the whole net turnover.

        ``GET /api/v1/reports/rebates``, scope ``read``.
        """
        return self._one(RebatesShape, "GET", "/api/v1/reports/rebates", query={"year": year})

    def rebate_accruals_csv(self, *, year: int | None = None) -> bytes:
        """What the annual rebates and growth bonuses of a year have earned by what is invoiced until now.

        The step that is reached counts for the whole net turnover.

        ``GET /api/v1/reports/rebates`` as text/csv, scope ``read``.
        """
        return self._file("/api/v1/reports/rebates", "text/csv", query={"year": year})
