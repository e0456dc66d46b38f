"""What is taken from where, never more than there is; what is promised for when (INV-01)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.catalogue.model import StockLevel
from core.review.availability import (
    Short,
    allocate,
    available6,
    await_supply,
    date_unmet,
    stock_short,
)
from core.review.promising import PromiseRules, last_tolerated, promise
from core.stock.atp import Place, Supply

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


@pytest.mark.parametrize(("order_type", "days"), [("standard", 5), ("urgent", 1), ("sample", 2), ("pre_order", 5)])
def test_each_type_of_order_has_its_handling_days(order_type: str, days: int) -> None:
    """ORD-08, ORD-09, ORD-11: 3 to 5 days, 24 hours, 1 to 2 days; a change of the rules needs no code."""
    assert PromiseRules().handling_days(order_type) == days
    assert (
        PromiseRules(standard_days=4, urgent_days=0, sample_days=1).handling_days(order_type)
        == {5: 4, 1: 0, 2: 1}[days]
    )


@pytest.mark.parametrize("wrong", [{"urgent_days": -1}, {"sample_days": 366}, {"reservation_days": 0}])
def test_no_desk_can_promise_that(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="days are"):
        PromiseRules(**wrong)


@pytest.mark.parametrize(
    ("order_type", "requested", "last"),
    [
        ("standard", TODAY, TODAY + timedelta(days=2)),
        ("standard", None, TODAY + timedelta(days=7)),
        ("pre_order", TODAY, TODAY + timedelta(days=2)),
        ("pre_order", None, None),
    ],
)
def test_the_last_day_that_serves(order_type: str, requested: date | None, last: date | None) -> None:
    """ORD-10: a pre-order that names no date waits for production."""
    assert last_tolerated(order_type, requested, TODAY + timedelta(days=5), 2) == last


def test_a_line_is_awaited_whole_and_the_next_one_gets_the_rest() -> None:
    """INV-01: 50 come on day 3; with a day of handling they serve until day 4, and not a day before."""
    coming = Supply(TODAY + timedelta(days=3), "inbound", 50)
    places = {"A": [Place("MAIN", 10, 10, (coming,))]}
    short = [Short(1, "A", 40, 0), Short(2, "A", 11, 0), Short(3, "A", 10, 0), Short(4, "B", 1, 0)]
    for last, served in ((4, {1: 40, 3: 10}), (3, {})):
        awaited, left = await_supply(
            short, places, order_type="standard", today=TODAY, last=TODAY + timedelta(days=last), lead_days=1
        )
        assert {line: sum(part.quantity6 for part in one.draws) for line, one in awaited.items()} == served
        assert {one.line for one in left} == {1, 2, 3, 4} - served.keys()
        assert all(one.day == TODAY + timedelta(days=4) for one in awaited.values())


def test_the_hold_of_a_short_line_carries_what_can_be_done() -> None:
    """INV-07."""
    options = [{"option": "later_date", "date": "2026-03-09"}]
    assert stock_short(1, "A", 2, 1, options).inputs["options"] == options
