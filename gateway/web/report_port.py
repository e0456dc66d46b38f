"""What the web needs of the desk of reports, :class:`gateway.reports.ReportDesk`; every method blocks."""

from __future__ import annotations

from datetime import date
from typing import Any, Protocol

from core.reporting.intake_quality import Asked

Json = dict[str, Any]


class ReportDesk(Protocol):
    """Counts what happened over a period."""

    def report(self, name: str, *, first: date | None = None, last: date | None = None) -> Json:
        """Return ``{"report","from","to","rule_version","rows"}`` of the report *name*.

        Raises:
            ValueRefused: the days end before they begin.
        """
        ...

    def intake_quality(self, asked: Asked) -> Json:
        """Return ``{"report","from","to","rule_version","rows","doubts"}``: how well papers were read.

        Raises:
            ValueRefused: the days end before they begin.
        """
        ...

    def rebates(self, year: int | None = None) -> Json:
        """Return ``{"report","year","rows"}``: what the rebates of a year, else this one, have earned up to now."""
        ...
