"""The desk of reports: the figures of a period, for API and console."""

from __future__ import annotations

from datetime import date
from typing import Any

from core.clock import Clock
from core.reporting.reports import report
from core.store.engine import Store

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
