"""The days that a report is about, at the company's place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from core.errors import ValueRefused
from core.review.phases import day_end

#: days that a report covers where none are named, today among them
_DAYS: Final = 30


class Period(NamedTuple):
    """From the first day to the last, both counted; ``since`` is the first instant, ``until`` the first after them."""

    first: date
    last: date
    since: datetime
    until: datetime


def period(first: date | None, last: date | None, *, now: datetime, timezone: str) -> Period:
    """Return the days from *first* to *last*; the thirty up to today where nothing is said.

    Raises:
        ValueRefused: they end before they begin.
    """
    last = last or now.astimezone(ZoneInfo(timezone)).date()
    first = first or last - timedelta(days=_DAYS - 1)
    if first > last:
        raise ValueRefused(f"a report from {first} to {last} covers no day")
    return Period(first, last, datetime.combine(first, time(), ZoneInfo(timezone)), day_end(last, timezone))


def months(whole: Period) -> Iterator[tuple[str, Period]]:
    """Yield the months of a period by name (``2026-11``), each with the part of the period that is in it."""
    for first, last in _parts(whole, _month_end):
        yield f"{first:%Y-%m}", _between(whole, first, last)


def weeks(whole: Period) -> Iterator[tuple[str, Period]]:
    """Yield the weeks of a period by name (ISO 8601: ``2026-W47``), each with the part of the period that is in it."""
    for first, last in _parts(whole, lambda day: day + timedelta(days=6 - day.weekday())):
        yield f"{first:%G-W%V}", _between(whole, first, last)


def _parts(whole: Period, end: Callable[[date], date]) -> Iterator[tuple[date, date]]:
    first = whole.first
    while first <= whole.last:
        last = min(whole.last, end(first))
        yield first, last
        first = last + timedelta(days=1)


def _month_end(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1) - timedelta(days=1)


def _between(whole: Period, first: date, last: date) -> Period:
    timezone = str(whole.since.tzinfo)
    return Period(first, last, datetime.combine(first, time(), ZoneInfo(timezone)), day_end(last, timezone))
