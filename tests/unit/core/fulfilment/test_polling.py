from __future__ import annotations

from datetime import UTC, datetime, timedelta

from core.fulfilment.polling import PollPlan

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def seconds(count: float) -> timedelta:
    return timedelta(seconds=count)


def test_the_sandbox_is_asked_2_4_and_6_seconds_after_the_hand_over() -> None:
    plan = PollPlan()

    assert plan.next_at(START, START, 0) == START + seconds(2)
    assert plan.next_at(START, START + seconds(2.1), 1) == START + seconds(4)
    assert plan.next_at(START, START + seconds(4), 2) == START + seconds(6)


def test_then_each_wait_doubles_up_to_the_longest() -> None:
    plan = PollPlan(longest=seconds(20))
    now = START + seconds(60)

    waits = [plan.next_at(START, now, done) - now for done in (3, 4, 5, 6, 500)]

    assert waits == [seconds(6), seconds(12), seconds(20), seconds(20), seconds(20)]


def test_times_that_passed_while_nobody_asked_are_not_made_up_for() -> None:
    assert PollPlan().next_at(START, START + timedelta(days=7), 1) == START + timedelta(days=7) + seconds(6)
