"""A desk of reports in memory for tests of pages and clients."""

from __future__ import annotations

from datetime import date
from typing import Any

from core.errors import ValueRefused
from core.reporting.intake_quality import Asked

Json = dict[str, Any]


class MemoryReportDesk:
    """Answers with ``rows``, by the name of the report."""

    def __init__(self) -> None:
        self.rows: dict[str, list[Json]] = {}

    def report(self, name: str, *, first: date | None = None, last: date | None = None) -> Json:
        """Return the rows of *name*."""
        last = last or date(2025, 11, 22)
        first = first or last
        if first > last:
            raise ValueRefused(f"a report from {first} to {last} covers no day")
        days = {"from": first.isoformat(), "to": last.isoformat()}
        return {"report": name, **days, "rule_version": "1", "rows": self.rows.get(name, [])}

    def intake_quality(self, asked: Asked) -> Json:
        """Return the rows of ``intake-quality``, and those of ``doubts``."""
        found = self.report("intake-quality", first=asked.first, last=asked.last)
        return {**found, "doubts": self.rows.get("doubts", [])}

    def rebates(self, year: int | None = None) -> Json:
        """Return the rows of ``rebates``."""
        return {"report": "rebates", "year": year or 2025, "rows": self.rows.get("rebates", [])}
