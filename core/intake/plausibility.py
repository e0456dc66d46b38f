"""Rules of a document that need no master data: dates that can be meant, line numbers that are unique.

They reject (fault table of ARCHITECTURE section 2). The core knows the field, the adapter knows where it stands:
the caller puts the place in.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from core.documents import Order, OrderChange
from core.errors import ValueOutOfRange
from core.provenance import Violation, fault


@dataclass(frozen=True, slots=True)
class PlausibleDates:
    """The limits (settings ``intake``)."""

    max_age_days: int = 400
    max_ahead_days: int = 2
    max_requested_years: int = 5


class Implausible(NamedTuple):
    """A field that cannot be meant: its path, and what is wrong with it."""

    field: str
    violation: Violation


def implausible_fields(order: Order | OrderChange, today: date, limits: PlausibleDates) -> list[Implausible]:
    """Return every field of *order*, or of a change of one, that breaks a rule.

    *today* is the receipt's day in the company's time zone.
    """
    found = []
    if order.document_date is not None:
        day = order.document_date.date()
        age = (today - day).days
        if age > limits.max_age_days:
            old = fault("date.too_old", {"date": str(day), "most": limits.max_age_days}, syntax_code="12")
            found.append(Implausible("document_date", old))
        elif -age > limits.max_ahead_days:
            ahead = fault("date.ahead", {"date": str(day), "most": limits.max_ahead_days}, syntax_code="12")
            found.append(Implausible("document_date", ahead))
    asked = [("requested_date", order.requested_date)] if order.requested_date else []
    asked += [(f"lines.{line.line}.requested_date", line.requested_date) for line in order.lines if line.requested_date]
    if asked:
        latest = _years_later(today, limits.max_requested_years)
        for field, wanted in asked:
            if wanted > latest:
                far = fault("date.too_far", {"date": str(wanted), "most": limits.max_requested_years}, syntax_code="12")
                found.append(Implausible(field, far))
    if len({line.line for line in order.lines}) < len(order.lines):
        found += _repeated_lines(order)
    return found


def _repeated_lines(order: Order | OrderChange) -> list[Implausible]:
    found = []
    seen: set[int] = set()
    for line in order.lines:
        if line.line in seen:
            repeated = fault("line.repeated", {"line": line.line}, syntax_code="12")
            found.append(Implausible(f"lines.{line.line}.line", repeated))
        seen.add(line.line)
    return found


def beyond_what_is_kept(error: ValueOutOfRange) -> Violation:
    """Return the violation of an order whose amounts, multiplied and added up, are larger than the store keeps."""
    value = str(error.inputs.get("value", ""))
    return fault("value.out_of_range", {"sent": value[:40]}, variant="order", value=value[:80], syntax_code="12")


def _years_later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)
