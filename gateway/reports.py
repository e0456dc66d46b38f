"""The desk of reports: the figures of a period, for API and console."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from core.clock import Clock
from core.reporting.intake_quality import Asked, intake_quality
from core.reporting.rebates import rebates
from core.reporting.reports import report
from core.store.engine import Store, Tx
from core.store.lookup import MasterCache, our_company

Json = dict[str, Any]


class ReportDesk:
    """See ``gateway.web.report_port.ReportDesk`` for what each method promises."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def report(self, name: str, *, first: date | None = None, last: date | None = None) -> Json:
        """Return the rows of a report."""
        now = self._clock.now()
        return self._store.read(lambda tx: report(tx, name, first=first, last=last, now=now))

    def intake_quality(self, asked: Asked) -> Json:
        """Return how well papers were read."""
        now = self._clock.now()
        return self._store.read(lambda tx: intake_quality(tx, asked, now=now))

    def rebates(self, year: int | None = None) -> Json:
        """Return what the rebates of a year have earned."""
        now = self._clock.now()

        def work(tx: Tx) -> Json:
            zone = ZoneInfo(our_company(tx, MasterCache()).timezone)
            return rebates(tx, year or now.astimezone(zone).year)

        return self._store.read(work)
