"""Rules of a document that need no master data: dates that can be meant, line numbers that are unique.

They reject (fault table of ARCHITECTURE section 2). The core knows the field, the adapter knows where it stands:
the caller puts the place in.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from core.documents import Order


@dataclass(frozen=True, slots=True)
class PlausibleDates:
    """The limits (settings ``intake``)."""

    max_age_days: int = 400
    max_ahead_days: int = 2
    max_requested_years: int = 5


class Implausible(NamedTuple):
    """A field that cannot be meant: its path, the violation's code and words."""

    field: str
    code: str
    message: str
    hint: str


def implausible_fields(order: Order, today: date, limits: PlausibleDates) -> list[Implausible]:
    """Return every field of *order* that breaks a rule; *today* is the receipt's day in the company's time zone."""
    found = []
    if order.document_date is not None:
        day = order.document_date.date()
        if day < today - timedelta(days=limits.max_age_days):
            words = f"the document date {day} is more than {limits.max_age_days} days old"
            found.append(Implausible("document_date", "date.too_old", words, "Send the order with its real date."))
        elif day > today + timedelta(days=limits.max_ahead_days):
            words = f"the document date {day} is more than {limits.max_ahead_days} days ahead"
            found.append(Implausible("document_date", "date.ahead", words, "Send the order with its real date."))
    latest = _years_later(today, limits.max_requested_years)
    asked = [("requested_date", order.requested_date)]
    asked += [(f"lines.{line.line}.requested_date", line.requested_date) for line in order.lines if line.requested_date]
    for field, wanted in asked:
        if wanted is not None and wanted > latest:
            words = f"the requested date {wanted} is more than {limits.max_requested_years} years ahead"
            found.append(Implausible(field, "date.too_far", words, "Check the year."))
    seen: set[int] = set()
    for line in order.lines:
        if line.line in seen:
            words = f"line number {line.line} is used twice"
            found.append(Implausible(f"lines.{line.line}.line", "line.repeated", words, "Number each line once."))
        seen.add(line.line)
    return found


def _years_later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)
