"""The order of work inside a folder (gateway practices 10 and 11)."""

from __future__ import annotations

import pytest

from gateway.transports.folder.lanes import PATIENCE, Job, Lane


def drain(lane: Lane, now: float) -> list[Job]:
    return list(iter(lambda: lane.next(now), None))


def test_practice_10_by_arrival_and_left_behind_first():
    lane, first, second, left = Lane(), Job(0.0), Job(0.0), Job(0.0)
    lane.push(first)
    lane.push(second)
    lane.push_first(left)
    assert lane.due() == float("-inf")
    assert drain(lane, 0.0) == [left, first, second]
    assert lane.due() is None


def test_practice_11_a_fault_that_stops_all_files_keeps_the_order():
    lane, failing, later = Lane(), Job(0.0, attempts=1), Job(0.0)
    lane.push(later)
    lane.retry(failing, 10.0, blocks=True)
    assert lane.due() == 11.0
    assert lane.next(10.5) is None
    assert drain(lane, 11.0) == [failing, later]


def test_practice_10_a_poison_file_steps_aside():
    lane, poison, later = Lane(), Job(0.0, attempts=1), Job(0.0)
    lane.push(later)
    lane.retry(poison, 10.0, blocks=False)
    assert drain(lane, 10.0) == [later]
    assert lane.due() == 11.0
    assert drain(lane, 11.0) == [poison]


def test_practice_11_patience_ends_and_the_others_go_on():
    lane, failing, later = Lane(), Job(0.0, attempts=PATIENCE), Job(0.0)
    lane.push(later)
    lane.retry(failing, 0.0, blocks=True)
    assert failing.stuck
    assert drain(lane, 0.0) == [later]
    assert [job for job in lane.jobs() if job.stuck] == [failing]


@pytest.mark.parametrize(("attempts", "seconds"), [(1, 1), (2, 2), (3, 4), (6, 32), (7, 60), (1000, 60)])
def test_practice_11_the_backoff_is_bounded(attempts, seconds):
    assert Job(0.0, attempts=attempts).pause() == seconds


def test_a_second_blocking_job_waits_aside():
    lane, first, second = Lane(), Job(0.0, attempts=1), Job(0.0, attempts=1)
    lane.retry(first, 0.0, blocks=True)
    lane.retry(second, 0.0, blocks=True)
    assert set(map(id, drain(lane, 1.0))) == {id(first), id(second)}
