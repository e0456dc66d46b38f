"""The bounds that a measured share is told with (issue 6: confidence intervals stated)."""

from __future__ import annotations

import pytest
from bounds import at_most, bounds


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    [(5, 10, 0.1871, 0.8129), (1, 10, 0.0025, 0.4450), (0, 10, 0.0, 0.3085), (10, 10, 0.6915, 1.0), (0, 0, 0.0, 1.0)],
)
def test_the_bounds_are_those_of_clopper_and_pearson(hits: int, of: int, low: float, high: float) -> None:
    assert bounds(hits, of) == pytest.approx((low, high), abs=5e-5)


def test_nothing_wrong_in_three_thousand_shows_a_thousandth() -> None:
    assert at_most(0, 3_000) == pytest.approx(1 - 0.05 ** (1 / 3_000))
