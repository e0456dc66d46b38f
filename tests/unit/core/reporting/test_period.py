"""The steps of a period: they cover it without a gap, each within its month or week at the company's place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.reporting.period import Period, months, period, weeks

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
days = st.dates(date(2020, 1, 1), date(2030, 12, 31))
Steps = Callable[[Period], Iterator[tuple[str, Period]]]


def test_steps_are_named_as_calendars_name_them() -> None:
    """ISO 8601: the first week of a year has its first Thursday."""
    whole = period(date(2026, 12, 30), date(2027, 1, 5), now=NOW, timezone="Europe/Vienna")
    assert [(name, one.first.day, one.last.day) for name, one in weeks(whole)] == [
        ("2026-W53", 30, 3), ("2027-W01", 4, 5),
    ]  # fmt: skip
    assert [(name, one.first.day, one.last.day) for name, one in months(whole)] == [
        ("2026-12", 30, 31), ("2027-01", 1, 5),
    ]  # fmt: skip


@pytest.mark.parametrize("steps", [months, weeks])
@given(first=days, length=st.integers(0, 400), timezone=st.sampled_from(["Europe/Vienna", "Asia/Shanghai", "UTC"]))
def test_steps_cover_the_period_without_a_gap(steps: Steps, first: date, length: int, timezone: str) -> None:
    whole = period(first, first + timedelta(days=length), now=NOW, timezone=timezone)
    parts = [part for _, part in steps(whole)]
    assert (parts[0].since, parts[-1].until) == (whole.since, whole.until)
    assert [one.until for one in parts[:-1]] == [one.since for one in parts[1:]]
    assert [one.last + timedelta(days=1) for one in parts[:-1]] == [one.first for one in parts[1:]]
