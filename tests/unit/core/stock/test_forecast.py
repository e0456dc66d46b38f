"""What will be in stock after a number of days (INV-15)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from core.stock.atp import Place, Supply
from core.stock.forecast import Demand, project

TODAY = date(2026, 3, 2)
PLACES = (
    Place("MAIN", 100, 30, (Supply(TODAY + timedelta(days=30), "inbound", 50, 10),)),
    Place("NORTH", 20, 0, (Supply(TODAY + timedelta(days=31), "planned", 40), Supply(TODAY, "inbound", 1))),
)


@pytest.mark.parametrize(
    ("days", "supply", "expected", "stock"),
    [(29, 1, 29, 92), (30, 51, 30, 141), (31, 91, 31, 180), (60, 91, 60, 151), (90, 91, 90, 121)],
)
def test_supply_counts_from_its_day_and_history_goes_on(days: int, supply: int, expected: int, stock: int) -> None:
    """INV-15: 90 were issued in 90 days, one a day; on hand 120."""
    found = project(PLACES, Demand(issued6=90, ordered6=0), days, TODAY)
    assert (found.supply6, found.expected6, found.stock6) == (supply, expected, stock)


@pytest.mark.parametrize(("ordered", "stock"), [(30, 141), (31, 140), (200, -29)])
def test_orders_count_where_they_exceed_what_history_lets_expect(ordered: int, stock: int) -> None:
    assert project(PLACES, Demand(issued6=90, ordered6=ordered), 30, TODAY).stock6 == stock


def test_supply_that_is_late_is_not_counted() -> None:
    assert project(PLACES, Demand(0, 0), 90, TODAY + timedelta(days=31)).supply6 == 40
