"""Who hears of which alert, and when nobody is woken."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.alerts.sinks import QuietHours, Sink

BERLIN = ZoneInfo("Europe/Berlin")
NIGHT = QuietHours(time(22), time(6, 30), BERLIN)
SECOND = timedelta(seconds=1)


def berlin(*parts: int, fold: int = 0) -> datetime:
    return datetime(*parts, tzinfo=BERLIN, fold=fold).astimezone(UTC)  # type: ignore[arg-type,misc]


def test_a_night_begins_and_ends_to_the_second() -> None:
    begins, ends = berlin(2026, 3, 2, 22), berlin(2026, 3, 3, 6, 30)
    assert NIGHT.until(begins - SECOND) == begins - SECOND
    assert NIGHT.until(begins) == ends
    assert NIGHT.until(ends - SECOND) == ends
    assert NIGHT.until(ends) == ends


def test_hours_of_one_day_begin_and_end_on_it() -> None:
    lunch = QuietHours(time(12), time(13), BERLIN)
    begins, ends = berlin(2026, 3, 2, 12), berlin(2026, 3, 2, 13)
    assert [lunch.until(at) for at in (begins, ends - SECOND)] == [ends, ends]
    assert [lunch.hold(at) for at in (begins - SECOND, ends)] == [False, False]


@pytest.mark.parametrize(
    ("evening", "hours"), [((2026, 3, 27), 8.5), ((2026, 3, 28), 7.5), ((2026, 10, 23), 8.5), ((2026, 10, 24), 9.5)]
)
def test_a_night_on_which_the_clock_is_changed_is_an_hour_shorter_or_longer(
    evening: tuple[int, int, int], hours: float
) -> None:
    begins = berlin(*evening, 22)
    assert NIGHT.until(begins) - begins == timedelta(hours=hours)


def test_an_end_that_the_clock_skips_comes_as_much_later() -> None:
    early = QuietHours(time(22), time(2, 30), BERLIN)
    assert early.until(berlin(2026, 3, 28, 23)) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)  # 03:30 there


def test_an_end_that_the_clock_shows_twice_is_the_next_of_them() -> None:
    early = QuietHours(time(22), time(2, 30), BERLIN)
    first, second = datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert early.until(berlin(2026, 10, 24, 23)) == first
    assert early.until(berlin(2026, 10, 25, 2, 10, fold=1)) == second


@given(
    at=st.integers(0, 2 * 365 * 86_400),
    start=st.times(),
    end=st.times(),
    zone=st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Shanghai", "Australia/Lord_Howe", "UTC"]),
)
def test_quiet_hours_end_within_a_day_and_hold_nothing_then(at: int, start: time, end: time, zone: str) -> None:
    if start == end:
        return
    quiet, now = QuietHours(start, end, ZoneInfo(zone)), datetime(2025, 1, 1, tzinfo=UTC) + at * SECOND
    until = quiet.until(now)
    assert not quiet.hold(until)
    assert (until == now) is not quiet.hold(now)
    assert now <= until <= now + timedelta(hours=25)


def test_causes_and_partners_choose_what_a_sink_hears() -> None:
    sink = Sink("team", "webhook", ("hook.*", "file.refused"), ("ACME",))
    assert sink.wants("hook.dead", "shop", "ACME")
    assert sink.wants("file.refused", "x", "ACME")
    assert not sink.wants("delivery.failed", "x", "ACME")
    assert not sink.wants("hook.dead", "shop", "OTHER")
    assert not sink.wants("hook.dead", "shop", None)
    assert Sink("all", "mail").wants("delivery.failed", "folders/ACME/out", None)


def test_a_sink_is_not_told_that_it_cannot_be_reached() -> None:
    assert not Sink("all", "mail").wants("delivery.failed", "mail/alerts.all", None)
    assert Sink("other", "webhook").wants("delivery.failed", "mail/alerts.all", None)


def test_an_urgent_cause_wakes_people() -> None:
    sink = Sink("all", "mail", quiet=NIGHT, urgent=("outbox.*",))
    night = berlin(2026, 3, 2, 23)
    assert sink.due("outbox.stale", night) == night
    assert sink.due("file.refused", night) == berlin(2026, 3, 3, 6, 30)
