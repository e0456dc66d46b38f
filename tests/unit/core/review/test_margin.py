"""The margin of an order against its floor, exact on both sides of each boundary (PRI-12 to PRI-14)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.review.holds import HoldDraft
from core.review.margin import Sold, costed, margin_low, margin_of
from core.review.price import PriceRules

RULES = PriceRules()
ONE = 10**6


def scaled(value: str) -> int:
    return int(Decimal(value) * ONE)


def sold(price: str | None, cost: str | None, quantity: str = "1", target: str | None = None, line: int = 1) -> Sold:
    return (
        line,
        None if price is None else scaled(price),
        None if cost is None else scaled(cost),
        scaled(quantity),
        None if target is None else int(Decimal(target) * 10**4),
    )


def low(*lines: Sold, target: str | None = None, rules: PriceRules = RULES) -> HoldDraft | None:
    return margin_low(rules, None if target is None else Decimal(target), lines, "EUR")


@pytest.mark.parametrize(
    ("cost", "told"), [("85", None), ("85.000001", "14.99"), ("85.01", "14.99"), ("100", "0"), ("120", "-20")]
)
def test_fifteen_per_cent_is_enough_and_less_is_not(cost: str, told: str | None) -> None:
    """PRI-13: 15.00 passes, 14.99 holds; the per cent that is told is rounded down, never up to the floor."""
    hold = low(sold("100", cost))
    if told is None:
        assert hold is None
        return
    assert hold is not None
    assert (hold.code, hold.stage, hold.line) == ("margin.low", "confirm", None)
    assert (hold.inputs["margin_percent"], hold.inputs["floor_percent"]) == (told, "15")


def test_the_order_decides_not_its_lines() -> None:
    """PRI-12: a line may carry another; the hold names the lines that are low."""
    carried, carrying = sold("100", "95", line=1), sold("100", "75", line=2)
    assert low(carried, carrying) is None
    hold = low(carried, carrying, sold("100", "85.01", line=3))
    assert hold is not None
    assert hold.inputs["lines"] == [
        {"line": 1, "margin_percent": "5"},
        {"line": 3, "margin_percent": "14.99"},
    ]
    assert hold.reason == "the margin is 14.99 %, 15 % is the floor: 300.00 EUR for goods that cost 255.01"


@pytest.mark.parametrize(
    ("item", "customer", "cost", "held"),
    [
        (None, None, "85", False),
        ("20", None, "80", False),
        ("20", None, "80.01", True),
        (None, "20", "80", False),
        (None, "20", "80.01", True),
        ("10", "5", "85", False),
        ("10", "5", "85.01", True),
        ("25", "20", "75.01", True),
    ],
)
def test_a_target_above_the_floor_takes_its_place(
    item: str | None, customer: str | None, cost: str, held: bool
) -> None:
    """PRI-12 and requirements D, 9: of item and customer; one below the floor does not lower it."""
    assert (low(sold("100", cost, target=item), target=customer) is not None) == held


@pytest.mark.parametrize(
    ("cost", "role"),
    [
        ("85.01", "sales_manager"),
        ("90", "sales_manager"),
        ("90.000001", "sales_director"),
        ("95", "sales_director"),
        ("95.000001", "sales_vp"),
    ],
)
def test_who_may_let_it_go_follows_from_the_points_that_are_missing(cost: str, role: str) -> None:
    """PRI-13: higher approval the lower the margin."""
    hold = low(sold("100", cost))
    assert hold is not None
    assert hold.release_role == role


def test_goods_given_away_are_the_last_step_s_to_grant() -> None:
    hold = low(sold("0", "3", "10"))
    assert hold is not None
    assert hold.release_role == "sales_vp"
    assert hold.reason == "nothing is paid, 15 % is the floor: 0.00 EUR for goods that cost 30.00"
    assert low(sold("0", "0")) is None


def test_lines_without_cost_or_price_do_not_count() -> None:
    assert low() is None
    assert low(sold("100", None), sold(None, "5")) is None
    assert low(sold("100", None), sold("100", "86")) is not None


def test_the_floor_is_the_rules() -> None:
    assert low(sold("100", "89"), rules=PriceRules(minimum_margin=Decimal(11))) is None
    assert low(sold("100", "89"), rules=PriceRules(minimum_margin=Decimal("11.01"))) is not None


PRICES = st.integers(0, 10**9)
LINES = st.lists(
    st.tuples(
        st.just(1), st.none() | PRICES, st.none() | PRICES, st.integers(1, 10**12), st.none() | st.integers(0, 10**6)
    ),
    max_size=5,
)


@given(LINES, st.none() | st.decimals(min_value=0, max_value=99, places=2))
def test_it_holds_exactly_when_the_lines_earn_less_than_their_floors_ask(
    lines: list[Sold], target: Decimal | None
) -> None:
    margin = margin_of(costed(RULES, target, lines))
    assert (margin_low(RULES, target, lines, "EUR") is not None) == (margin.earned * 10**6 < margin.needed)


@given(st.lists(st.tuples(st.integers(1, 10**6), st.integers(1, 10**6), st.integers(1, 50)), min_size=1, max_size=4))
def test_the_revenue_that_it_asks_for_lifts_it_and_a_cent_less_does_not(lines: list[tuple[int, int, int]]) -> None:
    """REV: the hold names the smallest change; on the first line, sold once, it is applied to the cent."""
    cents = [
        (number, price * 10**4, cost * 10**4, (1 if number == 1 else pieces) * ONE, None)
        for number, (price, cost, pieces) in enumerate(lines, 1)
    ]
    hold = margin_low(RULES, None, cents, "EUR")
    if hold is None:
        return
    missing = Decimal(hold.lifted_by.removeprefix("prices that bring ").removesuffix(" EUR more, or a release"))
    (number, price6, *rest), *others = cents
    for less, lifted in ((Decimal(0), True), (Decimal("0.01"), False)):
        raised = (number, price6 + scaled(str(missing - less)), *rest)
        assert (margin_low(RULES, None, [raised, *others], "EUR") is None) == lifted
