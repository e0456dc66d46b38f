"""The settle rule without clock, watcher or file system (ARCHITECTURE decision 7, gateway practice 2)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.transports.folder.settle import Identity, SettleRule, SettleTracker

FIRST = Identity(1, 10, 100, 5_000)
GROWN = Identity(1, 10, 180, 6_000)


@pytest.fixture
def tracker() -> SettleTracker:
    return SettleTracker(SettleRule(settle_seconds=2.0, incomplete_seconds=60.0))


def test_closed_and_complete_is_ready_at_once(tracker):
    assert tracker.observe("a", FIRST, 0.0, arrived=True, complete=True).ready


def test_closed_without_an_end_mark_waits_for_the_long_time(tracker):
    # Two writers: a close is seen while the first still writes (practice 2).
    look = tracker.observe("a", FIRST, 0.0, arrived=True, complete=False)
    assert (look.ready, look.at) == (False, 60.0)
    assert not tracker.observe("a", FIRST, 59.9, complete=False).ready
    assert tracker.observe("a", FIRST, 60.0, complete=False).ready


def test_complete_but_never_seen_closed_waits_for_the_settle_time(tracker):
    look = tracker.observe("a", FIRST, 0.0, complete=True)
    assert (look.ready, look.at) == (False, 2.0)
    assert tracker.observe("a", FIRST, 2.0, complete=True).ready


def test_a_change_starts_the_wait_anew(tracker):
    tracker.observe("a", FIRST, 0.0, complete=True)
    assert tracker.observe("a", GROWN, 1.9, complete=True).at == pytest.approx(3.9)
    assert not tracker.observe("a", GROWN, 2.5, complete=True).ready
    assert tracker.observe("a", GROWN, 3.9, complete=True).ready


def test_an_old_close_says_nothing_about_later_bytes(tracker):
    tracker.observe("a", FIRST, 0.0, arrived=True, complete=False)
    assert not tracker.observe("a", GROWN, 0.1, complete=True).ready


def test_the_close_may_be_seen_before_or_after_the_look(tracker):
    assert not tracker.observe("a", FIRST, 0.0, complete=True).ready
    assert tracker.observe("a", FIRST, 0.1, arrived=True, complete=True).ready


def test_the_files_own_time_is_never_trusted(tracker):
    # Practice 2: an old mtime (a copy that keeps times) does not make a file look settled.
    ancient = Identity(1, 10, 100, 1)
    assert not tracker.observe("a", ancient, 1_000_000.0, complete=True).ready


def test_a_second_name_is_looked_at_often_and_refused_after_the_settle_time(tracker):
    look = tracker.observe_linked("a", FIRST, 0.0)
    assert (look.ready, look.at) == (False, pytest.approx(0.1))
    assert tracker.observe_linked("a", FIRST, 2.0).ready


def test_after_the_second_name_is_gone_the_end_is_read(tracker):
    tracker.observe_linked("a", FIRST, 0.0)
    assert tracker.completeness("a", FIRST) is None
    assert tracker.observe("a", FIRST, 0.1, complete=True).at == 2.0


def test_completeness_is_remembered_for_the_same_identity_only(tracker):
    tracker.observe("a", FIRST, 0.0, complete=True)
    assert tracker.completeness("a", FIRST) is True
    assert tracker.completeness("a", GROWN) is None


def test_due_files_come_once_and_in_time(tracker):
    tracker.observe("late", FIRST, 1.0, complete=True)
    tracker.observe("soon", FIRST, 0.0, complete=True)
    assert tracker.due() == 2.0
    assert tracker.pop_due(1.9) == []
    assert tracker.pop_due(3.0) == ["soon", "late"]
    assert tracker.due() is None


def test_forgotten_files_are_not_due(tracker):
    for name in ("a", "b", "c"):
        tracker.observe(name, FIRST, 0.0, complete=True)
    tracker.forget("a")
    tracker.keep_only(["c"])
    assert tracker.pop_due(10.0) == ["c"]
    assert tracker.oldest() == 0.0
    tracker.forget("c")
    assert tracker.oldest() is None


def test_repeated_looks_leave_one_timer(tracker):
    for step in range(1_000):
        tracker.observe("a", FIRST, step / 1_000, complete=True)
    assert len(tracker._timers) == 1


@given(
    st.lists(st.tuples(st.floats(0.01, 30.0), st.integers(0, 3), st.booleans(), st.booleans()), min_size=1, max_size=40)
)
def test_ready_always_means_closed_and_complete_or_unchanged_for_long_enough(steps):
    tracker, now, since, seen, closed = SettleTracker(SettleRule()), 0.0, 0.0, None, False
    for wait, size, arrived, complete in steps:
        now += wait
        identity = Identity(1, 1, size, 0)
        if identity != seen:
            seen, since, closed = identity, now, False
        closed = closed or arrived
        ready = tracker.observe("a", identity, now, arrived=arrived, complete=complete).ready
        assert ready == ((closed and complete) or now >= since + (2.0 if complete else 60.0))
