"""Rebates of a year, on both sides of every step."""

from __future__ import annotations

from decimal import Decimal

import pytest

from core.catalogue.rebates import RebateStep, accrue

D = Decimal
ANNUAL = (RebateStep(D(100000), D("2.5")), RebateStep(D(50000), D(1)))
GROWTH = (RebateStep(D(10), D(1)), RebateStep(D(20), D(2)))


@pytest.mark.parametrize(
    ("turnover", "percent", "amount", "missing"),
    [
        ("49999.99", "0", "0", "0.01"),
        ("50000", "1", "500", "50000"),
        ("99999.99", "1", "1000.00", "0.01"),
        ("100000", "2.5", "2500", None),
        ("-5", "0", "0", "50005"),
    ],
)
def test_the_step_reached_counts_for_the_whole_turnover(
    turnover: str, percent: str, amount: str, missing: str | None
) -> None:
    """PRI-05: the annual rebate."""
    found = accrue("annual", ANNUAL, D(turnover), D(0))
    assert (found.percent, found.amount) == (D(percent), D(amount))
    assert found.missing == (None if missing is None else D(missing))


@pytest.mark.parametrize(
    ("turnover", "percent", "amount", "missing"),
    [
        ("1099.99", "0", "0", "0.01"),
        ("1100", "1", "11", "100"),
        ("1199.99", "1", "12", "0.01"),
        ("1200", "2", "24", None),
        ("900", "0", "0", "200"),
    ],
)
def test_growth_is_over_the_year_before(turnover: str, percent: str, amount: str, missing: str | None) -> None:
    """PRI-05: the growth bonus."""
    found = accrue("growth", GROWTH, D(turnover), D(1000))
    assert (found.percent, found.amount) == (D(percent), D(amount))
    assert found.missing == (None if missing is None else D(missing))


def test_without_a_year_before_there_is_no_growth() -> None:
    found = accrue("growth", GROWTH, D(1000), D(0))
    assert (found.growth, found.amount, found.missing) == (None, 0, None)
