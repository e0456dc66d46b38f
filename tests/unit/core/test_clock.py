"""Instants survive the store to the microsecond, and the sandbox may move the clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from core.clock import SystemClock, from_micros, iso, to_micros

INSTANTS = st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis adds the zone


@given(INSTANTS)
def test_an_instant_comes_back_equal(instant: datetime) -> None:
    assert from_micros(to_micros(instant)) == instant
    assert datetime.fromisoformat(iso(instant)) == instant


def test_text_is_utc_with_microseconds() -> None:
    vienna = timezone(timedelta(hours=1))
    assert iso(datetime(2026, 11, 22, 1, 30, tzinfo=vienna)) == "2026-11-22T00:30:00.000000Z"


def test_the_clock_runs_with_its_offset() -> None:
    clock = SystemClock()
    before = clock.now()
    clock.shift(timedelta(days=7))
    moved = clock.now() - before
    assert timedelta(days=7) <= moved < timedelta(days=7, minutes=1)
    assert clock.now().tzinfo is UTC
