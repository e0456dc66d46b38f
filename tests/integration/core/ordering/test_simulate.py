"""Stored orders decided again under other rules (REV-06): only the rules make the difference."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from core.ordering.simulate import Simulation, simulate
from core.review.rulebook import Rules, read_rulebook
from core.store.engine import Store
from core.store.lookup import MasterCache
from core.testing.trade import CUP, MONDAY, Trade, a_line, an_order, partner_row, place

LATER = MONDAY + timedelta(days=1)
#: a volume of 100 a month: grade A may owe 300
GRADED = Trade(
    partners=[partner_row(credit_limit=None, grade="A")],
    sales_history=[{"partner": "ACME", "month": "2026-02", "amount": Decimal(100)}],
)


def run(store: Store, changes: dict, *, since=MONDAY - timedelta(days=1)) -> Simulation:
    after = Rules(99, read_rulebook(changes))
    return store.read(lambda tx: simulate(tx, MasterCache(), after, since=since, now=LATER))


@pytest.fixture
def stocked(each_store: Store) -> Store:
    each_store.write(GRADED.load)
    for number, quantity in enumerate((8, 12, 30), 1):  # 100.00, 150.00 and 375.00
        each_store.write(lambda tx, n=number, q=quantity: place(tx, [an_order(f"PO-{n}", a_line(CUP, q))]))
    return each_store


def test_the_same_rules_decide_the_same(stocked: Store) -> None:
    told = run(stocked, {})
    assert (told.orders, told.differences) == (3, ())
    assert told.touchless_before == told.touchless_after


def test_a_lower_limit_holds_what_passed_and_says_which(stocked: Store) -> None:
    told = run(stocked, {"credit": {"factors": {"A": "1"}}})
    assert [one.number for one in told.differences] == ["2026-ED-000001", "2026-ED-000002"]
    for one in told.differences:
        assert (one.before.touchless, one.after.touchless, one.after.holds) == (True, False, ("credit.limit",))
    assert (told.orders, told.touchless_before, told.touchless_after) == (3, 2, 0)


def test_a_higher_limit_lets_pass_what_was_held(stocked: Store) -> None:
    told = run(stocked, {"credit": {"factors": {"A": "9"}}})
    assert [(one.number, one.before.holds, one.after.holds) for one in told.differences] == [
        ("2026-ED-000003", ("credit.limit",), ())
    ]


def test_a_day_more_of_lead_time_moves_the_promise_alone(stocked: Store) -> None:
    told = run(stocked, {"promise": {"lead_days": 7}})
    assert {(one.before.promised, one.after.promised) for one in told.differences} == {("2026-03-09", "2026-03-10")}


def test_nothing_is_written_and_only_orders_since_then_are_asked(stocked: Store) -> None:
    assert run(stocked, {"promise": {"lead_days": 7}}, since=LATER).orders == 0
    assert run(stocked, {}) == run(stocked, {})
