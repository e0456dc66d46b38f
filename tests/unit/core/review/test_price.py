"""The price rule on both sides of its boundary, exact to the last digit."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.partners.model import Tolerances
from core.review.price import (
    Authority,
    PriceRules,
    allowed_difference6,
    discount_authority,
    price_differs,
    price_mismatch,
    price_missing,
)

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
        "allowed": "0.098",
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


@pytest.mark.parametrize(
    ("theirs", "role"),
    [
        ("96", None),
        ("95", None),
        ("94.999999", "sales_manager"),
        ("94.99", "sales_manager"),
        ("92", "sales_manager"),
        ("90", "sales_manager"),
        ("89.99", "sales_director"),
        ("88", "sales_director"),
        ("85", "sales_director"),
        ("84.99", "sales_vp"),
        ("80", "sales_vp"),
        ("0", "sales_vp"),
        ("100", None),
        ("120", None),
    ],
)
def test_the_authority_that_a_discount_needs(theirs: str, role: str | None) -> None:
    """PRI-10, PRI-11: 5.00 % is a representative's, 5.01 a manager's, 10.01 a director's, 15.01 beyond his."""
    hold = discount_authority(PriceRules(), 3, int(Decimal(theirs) * 10**6), 100 * 10**6)
    if role is None:
        assert hold is None
        return
    assert hold is not None
    assert (hold.code, hold.line, hold.stage, hold.release_role) == ("discount.authority", 3, "confirm", role)


def test_a_discount_is_told_with_what_would_need_no_authority() -> None:
    hold = discount_authority(PriceRules(), 3, 9_300_000, 9_999_999)
    assert hold is not None
    assert hold.reason == "line 3: 9.3 is 7.00 % below our price of 9.999999"
    assert hold.inputs == {
        "buyer_price": "9.3",
        "expected_price": "9.999999",
        "discount_percent": "7.00",
        "within_percent": "10",
        "least_price": "9.5",
    }
    least = Decimal(hold.lifted_by.removeprefix("a price of ").removesuffix(" or more, or the discount granted"))
    assert discount_authority(PriceRules(), 3, int(least * 10**6), 9_999_999) is None
    assert discount_authority(PriceRules(), 3, int(least * 10**6) - 1, 9_999_999) is not None


def test_what_the_tolerance_lets_through_needs_no_authority() -> None:
    """PRI-17: the agreement with the partner goes before the authority of the one who would accept."""
    wide = Tolerances(price_percent=Decimal(8))
    assert price_differs(PriceRules(), 1, 9_200_000, TEN, tolerances=wide, level="group") == []
    beyond = price_differs(PriceRules(), 1, 9_199_999, TEN, tolerances=wide, level="group")
    assert [hold.code for hold in beyond] == ["price.mismatch", "discount.authority"]
    slight = price_differs(PriceRules(), 1, 9_500_000, TEN, tolerances=Tolerances(), level="group")
    assert [hold.code for hold in slight] == ["price.mismatch"]


def test_the_steps_are_the_rules() -> None:
    """PRI-11: another company, another ladder."""
    rules = PriceRules(discounts=(Authority("clerk", Decimal(1)), Authority("owner")))
    assert discount_authority(rules, 1, 9_900_000, TEN) is None
    hold = discount_authority(rules, 1, 9_899_999, TEN)
    assert hold is not None
    assert hold.release_role == "owner"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"discounts": ()}, "discounts: each step has a percent, but for the last"),
        ({"discounts": (Authority("a", Decimal(5)),)}, "discounts: each step has a percent, but for the last"),
        ({"margins": (Authority("a"), Authority("b"))}, "margins: each step has a percent, but for the last"),
        (
            {"discounts": (Authority("a", Decimal(5)), Authority("b", Decimal(5)), Authority("c"))},
            "discounts: the per cents rise",
        ),
        ({"margins": (Authority("a", Decimal(-1)), Authority("b"))}, "margins: the per cents rise"),
        ({"minimum_margin": Decimal(100)}, "minimum_margin is 0 to less than 100"),
        ({"minimum_margin": Decimal("-0.01")}, "minimum_margin is 0 to less than 100"),
        ({"fewest_tiers": 0}, "an item has at least one tier"),
        ({"fewest_tiers": 6}, "an item has at least one tier"),
    ],
)
def test_rules_that_cannot_be_meant_are_refused(changes: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        PriceRules(**changes)
