"""The best price for this buyer, quantity and day, and the amount of a line (PRI-01 to PRI-07)."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.catalogue.model import Item, PriceCandidate
from core.catalogue.pricing import best_price, line_amount4
from core.values import MAX_QUANTITY

TODAY = date(2026, 3, 2)
CATALOGUE = PriceCandidate("catalogue", 10_000_000, 0, date(2026, 1, 1), None, "EUR", "", "")


def best(
    *prices: PriceCandidate,
    quantity6: int = 1_000_000,
    group: str = "",
    currency: str = "EUR",
    day: date = TODAY,
    contract: str = "",
):
    item = Item("CUP-1", "", "Cup", "C62", "standard", None, prices)
    return best_price(
        item, partner="ACME", group=group, currency=currency, quantity6=quantity6, day=day, contract=contract
    )


def test_an_item_without_a_price_has_none() -> None:
    assert best() is None
    assert best(CATALOGUE, currency="USD") is None


@pytest.mark.parametrize(
    ("price", "fits"),
    [
        (CATALOGUE._replace(valid_from=TODAY), True),
        (CATALOGUE._replace(valid_from=date(2026, 3, 3)), False),
        (CATALOGUE._replace(valid_to=TODAY), True),
        (CATALOGUE._replace(valid_to=date(2026, 3, 1)), False),
        (CATALOGUE._replace(min_quantity6=1_000_000), True),
        (CATALOGUE._replace(min_quantity6=1_000_001), False),
        (CATALOGUE._replace(level="customer", partner="ACME"), True),
        (CATALOGUE._replace(level="customer", partner="OTHER"), False),
        (CATALOGUE._replace(level="group", group="G1"), True),
        (CATALOGUE._replace(level="group", group="G2"), False),
    ],
)
def test_each_condition_on_both_sides_of_its_boundary(price: PriceCandidate, fits: bool) -> None:
    assert best(price, group="G1") == (price if fits else None)


CUSTOMER = CATALOGUE._replace(level="customer", partner="ACME", amount6=9_000_000)
GROUP = CATALOGUE._replace(level="group", group="G1", amount6=8_000_000)
TIER = CATALOGUE._replace(level="tier", min_quantity6=5_000_000, amount6=7_000_000)
PROMOTION = CATALOGUE._replace(level="promotion", reference="P-1", valid_to=TODAY, amount6=8_500_000)


def test_each_level_wins_when_the_ones_above_are_absent() -> None:
    """PRI-01, PRI-04, PRI-05: customer, group, tier, catalogue, though each lower level asks less here."""
    levels = [CUSTOMER, GROUP, TIER, CATALOGUE._replace(amount6=6_000_000)]
    while levels:
        assert best(*reversed(levels), group="G1", quantity6=5_000_000) == levels.pop(0)


def test_a_price_of_another_group_is_none_for_this_buyer() -> None:
    """PRI-04."""
    assert best(CATALOGUE, GROUP, group="G1") == GROUP
    assert best(CATALOGUE, GROUP, group="G2") == CATALOGUE
    assert best(CATALOGUE, GROUP) == CATALOGUE


@pytest.mark.parametrize(
    ("pieces", "amount"), [(9, 10), (10, 9), (49, 9), (50, 8), (99, 8), (100, 7), (199, 7), (200, 6), (500, 5)]
)
def test_quantity_tiers_at_each_boundary(pieces: int, amount: int) -> None:
    """PRI-03: five steps; the quantity of a step belongs to it."""
    steps = [
        CATALOGUE._replace(level="tier", min_quantity6=least * 10**6, amount6=price * 10**6)
        for least, price in ((10, 9), (50, 8), (100, 7), (200, 6), (500, 5))
    ]
    found = best(CATALOGUE, *steps, quantity6=pieces * 10**6)
    assert found is not None
    assert found.amount6 == amount * 10**6
    assert best(CATALOGUE, *steps, quantity6=10 * 10**6 - 1) == CATALOGUE


def test_the_day_picks_the_list_of_the_quarter() -> None:
    """PRI-02: on both sides of the change, closed lists and open ones alike."""
    first = CATALOGUE._replace(valid_to=date(2026, 3, 31))
    second = CATALOGUE._replace(valid_from=date(2026, 4, 1), amount6=11_000_000)
    for old in (first, CATALOGUE):
        assert best(second, old, day=date(2026, 3, 31)) == old
        assert best(second, old, day=date(2026, 4, 1)) == second


def test_of_several_prices_of_one_level_the_lowest_is_taken() -> None:
    """PRI-06."""
    granted = CUSTOMER._replace(reference="PR-000001", amount6=8_999_999, valid_from=date(2026, 2, 1))
    dearer = CUSTOMER._replace(reference="PR-000002", amount6=9_000_001, valid_from=TODAY)
    assert best(CUSTOMER, granted, dearer) == granted


def test_an_order_under_a_contract_has_no_prices_of_other_contracts() -> None:
    """PRI-16."""
    one, other = CUSTOMER._replace(contract="C-1"), CUSTOMER._replace(contract="C-2", amount6=8_000_000)
    assert best(CATALOGUE, one, other, contract="C-1") == one
    assert best(CATALOGUE, one, other, contract="C-3") == CATALOGUE
    assert best(CATALOGUE, one, other) == other


@pytest.mark.parametrize(
    ("promotion", "applied"),
    [
        (PROMOTION, True),
        (PROMOTION._replace(amount6=8_999_999), True),
        (PROMOTION._replace(amount6=9_000_000), False),
        (PROMOTION._replace(valid_to=date(2026, 3, 1)), False),
        (PROMOTION._replace(valid_from=TODAY), True),
        (PROMOTION._replace(valid_from=date(2026, 3, 3)), False),
        (PROMOTION._replace(partner="ACME"), True),
        (PROMOTION._replace(partner="OTHER"), False),
        (PROMOTION._replace(group="G1"), True),
        (PROMOTION._replace(group="G2"), False),
        (PROMOTION._replace(min_quantity6=1_000_000), True),
        (PROMOTION._replace(min_quantity6=1_000_001), False),
    ],
)
def test_a_promotion_applies_inside_its_dates_and_scope_and_below_the_price(
    promotion: PriceCandidate, applied: bool
) -> None:
    """PRI-07: even where the level that decides is the customer's."""
    assert best(CATALOGUE, promotion, CUSTOMER, group="G1") == (promotion if applied else CUSTOMER)


def test_a_promotion_alone_is_a_price() -> None:
    assert best(PROMOTION) == PROMOTION


@given(
    st.decimals(min_value=0, max_value=Decimal("99999.999999"), places=6),
    st.decimals(min_value=0, max_value=MAX_QUANTITY, places=6),
)
def test_the_amount_is_the_product_rounded_half_up_to_the_cent(price: Decimal, quantity: Decimal) -> None:
    exact = (price * quantity).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    assert line_amount4(int(price * 10**6), int(quantity * 10**6)) == int(exact * 10**4)


@pytest.mark.parametrize(
    ("price", "quantity", "amount"),
    [
        ("0.015", "1", "0.02"),
        ("0.014999", "1", "0.01"),
        ("0.005", "1", "0.01"),
        ("0.004999", "1", "0.00"),
        ("2.675", "1", "2.68"),  # 2.67 in binary floating point
        ("-0.015", "1", "-0.02"),
        ("33.333333", "3", "100.00"),
    ],
)
def test_half_a_cent_goes_away_from_zero(price: str, quantity: str, amount: str) -> None:
    assert line_amount4(int(Decimal(price) * 10**6), int(Decimal(quantity) * 10**6)) == int(Decimal(amount) * 10**4)
