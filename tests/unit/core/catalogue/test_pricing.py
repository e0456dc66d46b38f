"""The best price for this buyer, quantity and day, and the amount of a line (PRI-01)."""

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
    *prices: PriceCandidate, quantity6: int = 1_000_000, group: str = "", currency: str = "EUR", day: date = TODAY
):
    item = Item("CUP-1", "", "Cup", "C62", "standard", None, prices)
    return best_price(item, partner="ACME", group=group, currency=currency, quantity6=quantity6, day=day)


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


def test_the_lowest_wins_whatever_its_level() -> None:
    customer = CATALOGUE._replace(level="customer", partner="ACME", amount6=9_000_000)
    tier = CATALOGUE._replace(level="tier", min_quantity6=1_000_000, amount6=8_999_999)
    assert best(CATALOGUE, customer, tier) == tier


def test_of_equal_amounts_the_more_personal_is_named() -> None:
    levels = [CATALOGUE._replace(level=level) for level in ("tier", "catalogue", "customer", "group")]
    found = best(*levels)
    assert found is not None
    assert found.level == "customer"


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
