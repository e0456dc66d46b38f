"""Ids of the client: unique across threads and workers, in the order of time (decision 4: no hot sequence)."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.store import ids
from core.store.ids import IdMaker

WORKERS = 1024


def test_threads_of_one_process_never_get_the_same_id() -> None:
    maker = IdMaker(3)
    with ThreadPoolExecutor(4) as pool:
        taken = [future.result() for future in [pool.submit(maker.take, 5000) for _ in range(4)]]
    assert len({one for batch in taken for one in batch}) == 20_000


def test_a_batch_ascends_and_follows_what_was_given_before() -> None:
    maker = IdMaker()
    given_before = maker.next()
    batch = maker.take(10_000)  # more than one millisecond holds
    assert given_before < batch[0]
    assert all(one < following for one, following in pairwise(batch))


@given(st.integers(0, WORKERS - 1), st.integers(0, WORKERS - 1))
def test_two_workers_never_share_an_id(one: int, other: int) -> None:
    first, second = IdMaker(one).take(50), IdMaker(other).take(50)
    assert one == other or not set(first) & set(second)
    assert {number >> 12 & 1023 for number in first} == {one}


def test_an_id_fits_a_signed_bigint_for_generations() -> None:
    assert 0 < IdMaker(1023).next() < 2**63
    sixty_nine_years = 69 * 366 * 86_400_000
    assert sixty_nine_years << 22 < 2**63


def test_later_ids_of_any_worker_are_larger() -> None:
    early = IdMaker(1023).next()
    deadline = time.monotonic() + 5
    while (late := IdMaker(0).next()) >> 22 == early >> 22:
        assert time.monotonic() < deadline
    assert early < late


@pytest.mark.parametrize("jumps", [[0, 0, 0], [5, 3, 1], [10, 9, 10, 9]])
def test_a_clock_that_goes_back_repeats_nothing(monkeypatch: pytest.MonkeyPatch, jumps: list[int]) -> None:
    moments = iter([1_800_000_000_000 + jump for jump in jumps])
    monkeypatch.setattr(ids.time, "time_ns", lambda: next(moments) * 1_000_000)
    maker = IdMaker(1)
    taken = [maker.next() for _ in jumps]
    assert all(one < following for one, following in pairwise(taken))


def test_more_than_a_millisecond_holds_borrows_from_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ids.time, "time_ns", lambda: 1_800_000_000_000_000_000)
    taken = IdMaker(5).take(10_000)
    assert all(one < following for one, following in pairwise(taken))
    assert {number >> 12 & 1023 for number in taken} == {5}
    assert len({number >> 22 for number in taken}) == 3
