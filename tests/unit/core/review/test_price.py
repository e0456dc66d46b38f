"""The price rule on both sides of its boundary, exact to the last digit."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.partners.model import Tolerances
from core.review.price import allowed_difference6, price_mismatch, price_missing

TEN = 10_000_000


@pytest.mark.parametrize("off", [-1, 1])
@pytest.mark.parametrize(
    ("percent", "amount", "allowed"),
    [("0", "0", 0), ("2", "0", 200_000), ("2", "0.20", 200_000), ("2", "0.200001", 200_001), ("0", "1.5", 1_500_000)],
)
def test_the_boundary_itself_is_tolerated_and_a_millionth_more_is_not(
    percent: str, amount: str, allowed: int, off: int
) -> None:
    tolerances = Tolerances(price_percent=Decimal(percent), price_amount=Decimal(amount))
    assert price_mismatch(1, TEN + off * allowed, TEN, tolerances, "catalogue") is None
    hold = price_mismatch(1, TEN + off * (allowed + 1), TEN, tolerances, "catalogue")
    assert hold is not None
    assert (hold.code, hold.line, hold.stage, hold.rule) == ("price.mismatch", 1, "confirm", "price.tolerance")


@given(
    st.decimals(min_value=0, max_value=100, places=2),
    st.decimals(min_value=0, max_value=10, places=6),
    st.integers(1, 10**12),
    st.integers(0, 10**12),
)
def test_it_holds_exactly_when_the_difference_is_beyond_both(
    percent: Decimal, amount: Decimal, ours6: int, theirs6: int
) -> None:
    tolerances = Tolerances(price_percent=percent, price_amount=amount)
    difference = Decimal(abs(theirs6 - ours6))
    beyond = difference > max(percent * ours6 / 100, amount * 10**6)
    assert (price_mismatch(1, theirs6, ours6, tolerances, "tier") is not None) == beyond
    assert allowed_difference6(tolerances, ours6) >= 0


def test_the_hold_says_what_was_compared_and_what_would_lift_it() -> None:
    hold = price_mismatch(3, 5_194_000, 4_900_000, Tolerances(price_percent=Decimal(2)), "customer")
    assert hold is not None
    assert hold.inputs == {
        "buyer_price": "5.194",
        "expected_price": "4.9",
        "level": "customer",
        "difference_percent": "+6.00",
        "tolerance_percent": "2",
        "tolerance_amount": "0",
    }
    assert hold.reason == "line 3: the buyer's price 5.194 differs from ours, 4.9, by +6.00 %"
    assert hold.lifted_by == "a price within 0.098 of 4.9, or theirs accepted"
    assert hold.release_role == "sales"


def test_a_free_item_that_the_buyer_would_pay_for_is_told_without_a_percentage() -> None:
    hold = price_mismatch(1, 1, 0, Tolerances(price_percent=Decimal(50)), "catalogue")
    assert hold is not None
    assert hold.inputs["difference_percent"] == "n/a"


def test_a_missing_price_names_item_currency_and_day() -> None:
    hold = price_missing(2, "CUP-1", "USD", "2026-03-02")
    assert (hold.code, hold.line) == ("price.missing", 2)
    assert hold.inputs == {"sku": "CUP-1", "currency": "USD", "date": "2026-03-02"}
