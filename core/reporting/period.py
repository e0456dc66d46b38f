"""The days that a report is about, at the company's place."""

from __future__ import annotations

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
