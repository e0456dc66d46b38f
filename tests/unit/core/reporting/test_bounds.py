"""The bounds that a measured share is told with (issue 6: confidence intervals stated)."""

from __future__ import annotations

from math import comb, fsum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.reporting.bounds import Looked, bounds, weighted


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    [(5, 10, 0.1871, 0.8129), (1, 10, 0.0025, 0.4450), (0, 10, 0.0, 0.3085), (10, 10, 0.6915, 1.0), (0, 0, 0.0, 1.0)],
)
def test_the_bounds_are_those_of_clopper_and_pearson(hits: int, of: int, low: float, high: float) -> None:
    assert bounds(hits, of) == pytest.approx((low, high), abs=5e-5)


def test_nothing_wrong_in_three_thousand_shows_a_thousandth() -> None:
    assert bounds(0, 3_000, beyond=0.1)[1] == pytest.approx(1 - 0.05 ** (1 / 3_000))


@given(st.integers(0, 60), st.integers(1, 60))
def test_outside_of_the_bounds_the_count_is_less_likely_than_two_and_a_half_per_cent(hits: int, of: int) -> None:
    """The definition itself, with exact binomials: at each bound the tail that the count is in has 2.5 %."""
    hits = min(hits, of)
    low, high = bounds(hits, of)
    assert 0 <= low <= hits / of <= high <= 1

    def chance(counts: range, share: float) -> float:
        return fsum(comb(of, one) * share**one * (1 - share) ** (of - one) for one in counts)

    if hits > 0:
        assert chance(range(hits, of + 1), low) == pytest.approx(0.025, abs=1e-9)
    if hits < of:
        assert chance(range(hits + 1), high) == pytest.approx(0.025, abs=1e-9)


@given(st.integers(0, 20), st.integers(1, 5_000))
def test_more_looks_with_as_many_wrong_narrow_it_down(hits: int, of: int) -> None:
    of += hits
    (low, high), (narrower, lower) = bounds(hits, of), bounds(2 * hits, 2 * of)
    assert lower - narrower < high - low


@pytest.mark.parametrize(("share", "of"), [(0.001, 700), (0.01, 60), (0.05, 100)])
def test_the_true_share_lies_within_at_least_as_often_as_claimed(share: float, of: int) -> None:
    """Over every count that can come out: the coverage of an exact interval is never below 95 %."""
    covered = fsum(
        comb(of, hits) * share**hits * (1 - share) ** (of - hits)
        for hits in range(60)
        if bounds(hits, of)[0] <= share <= bounds(hits, of)[1]
    )
    assert covered >= 0.95


looks = st.builds(
    lambda of, hits, percent: Looked(of, min(hits, of), percent / 100),
    st.integers(0, 500), st.integers(0, 20), st.integers(1, 100),
)  # fmt: skip


@given(st.lists(looks, max_size=5))
def test_samples_of_different_chances_show_what_all_papers_would(found: list[Looked]) -> None:
    """The share is that of the papers which each sample stands for; the size is never more than what was looked at."""
    hits, size = weighted(found)
    of, stands_for = sum(one.of for one in found), sum(one.of / one.chance for one in found)
    assert 0 <= hits <= size * (1 + 1e-9)
    assert size <= of * (1 + 1e-9)
    if of:
        assert hits / size == pytest.approx(sum(one.hits / one.chance for one in found) / stands_for)


@given(st.lists(st.tuples(st.integers(0, 500), st.integers(0, 20)), max_size=5), st.floats(0.01, 1))
def test_samples_of_one_chance_are_simply_added_up(counts: list[tuple[int, int]], chance: float) -> None:
    found = [Looked(of, min(hits, of), chance) for of, hits in counts]
    assert weighted(found) == (sum(one.hits for one in found if one.of), sum(one.of for one in found))


def test_one_in_a_hundred_of_all_and_one_in_ten_of_a_tenth() -> None:
    """By hand: 100 of 100 papers with one wrong, 10 of 100 with one wrong stand for 1 + 10 of 200."""
    hits, size = weighted([Looked(100, 1, 1.0), Looked(10, 1, 0.1)])
    assert hits / size == pytest.approx(11 / 200)
    assert size == pytest.approx(200**2 / (100 + 10 * 100))
