"""What is taken from where, never more than there is; what is promised for when (INV-01)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.catalogue.model import StockLevel
from core.review.availability import allocate, available6, date_unmet, promise, stock_short

TODAY = date(2026, 3, 2)
LEVELS = st.lists(st.integers(-50, 100), max_size=5).map(
    lambda amounts: [StockLevel(f"W{place}", amount) for place, amount in enumerate(amounts)]
)


@given(LEVELS, st.integers(1, 400))
def test_never_more_than_available_and_never_less_than_possible(levels: list[StockLevel], wanted: int) -> None:
    before = {level.warehouse: level.available6 for level in levels}
    possible = available6(levels)
    taken = allocate(levels, wanted)
    assert all(0 < part <= before[warehouse] for warehouse, part in taken)
    assert sum(part for _, part in taken) == min(wanted, possible)
    assert len(dict(taken)) == len(taken)
    after = {level.warehouse: level.available6 for level in levels}
    assert after == {warehouse: have - dict(taken).get(warehouse, 0) for warehouse, have in before.items()}


@given(LEVELS, st.lists(st.integers(1, 60), max_size=8))
def test_a_run_of_orders_uses_up_what_there_is_and_no_more(levels: list[StockLevel], orders: list[int]) -> None:
    possible = available6(levels)
    served = sum(part for wanted in orders for _, part in allocate(levels, wanted))
    assert served == min(sum(orders), possible)


def test_one_warehouse_that_has_it_all_is_preferred_to_a_split() -> None:
    assert allocate([StockLevel("A", 5), StockLevel("B", 10), StockLevel("C", 10)], 10) == [("B", 10)]
    assert allocate([StockLevel("A", 5), StockLevel("B", 4)], 9) == [("A", 5), ("B", 4)]


def test_debts_of_one_warehouse_do_not_reduce_another() -> None:
    assert available6([StockLevel("A", -7), StockLevel("B", 3)]) == 3


def test_a_short_line_says_what_is_there_and_what_is_missing() -> None:
    hold = stock_short(2, "CUP-1", 12_500_000, 4_000_000)
    assert (hold.code, hold.line) == ("stock.short", 2)
    assert hold.inputs == {"sku": "CUP-1", "ordered": "12.5", "available": "4", "short": "8.5"}
    assert hold.lifted_by == "8.5 more of CUP-1 on hand; a release confirms 4"


@pytest.mark.parametrize(
    ("requested", "promised"),
    [
        (None, TODAY + timedelta(days=5)),
        (TODAY, TODAY + timedelta(days=1)),
        (TODAY + timedelta(days=1), TODAY + timedelta(days=1)),
        (TODAY + timedelta(days=9), TODAY + timedelta(days=9)),
        (TODAY - timedelta(days=30), TODAY + timedelta(days=1)),
    ],
)
def test_the_requested_day_is_promised_but_not_before_the_lead_time(requested: date | None, promised: date) -> None:
    assert promise(requested, TODAY, lead_days=1, standard_days=5) == promised


@pytest.mark.parametrize(("days_late", "held"), [(2, False), (3, True)])
def test_a_late_promise_holds_beyond_the_tolerance(days_late: int, held: bool) -> None:
    hold = date_unmet(TODAY, TODAY + timedelta(days=days_late), days_late=2)
    assert (hold is not None) == held
    if hold is not None:
        assert (hold.code, hold.inputs["days_late_tolerated"]) == ("date.unmet", 2)
