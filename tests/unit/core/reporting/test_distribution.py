"""Percentiles by nearest rank over durations that are counted by the minute."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from math import ceil

from hypothesis import given
from hypothesis import strategies as st

from core.reporting.distribution import distribution, in_hours, percent_of
from core.store.reports import Bucket

MINUTE = 60_000_000


@given(micros=st.lists(st.integers(0, 40 * MINUTE), min_size=1, max_size=60))
def test_it_is_what_sorting_every_one_gives(micros: list[int]) -> None:
    """ORD-06: mean and percentiles."""
    minutes = [one // MINUTE for one in micros]
    sums = {minute: sum(one for one in micros if one // MINUTE == minute) for minute in minutes}
    found = distribution([Bucket(minute, n, sums[minute]) for minute, n in Counter(minutes).items()], (50, 90, 95, 100))
    assert found is not None
    assert found.orders == len(micros)
    assert abs(found.mean - Decimal(sum(micros)) / (len(micros) * MINUTE)) < Decimal("1e-20")
    ordered = sorted(minutes)
    assert found.percentiles == tuple(ordered[ceil(len(ordered) * p / 100) - 1] for p in (50, 90, 95, 100))


def test_of_nothing_there_is_none() -> None:
    assert distribution([], (50,)) is None
    assert percent_of(0, 0) == Decimal("0.00")


def test_figures_have_two_decimals_and_round_half_up() -> None:
    assert (in_hours(100), percent_of(1, 3), percent_of(1, 800)) == (Decimal("1.67"), Decimal("33.33"), Decimal("0.13"))
