"""Rates of exchange by day, directly, backwards and through our currency; what was added is taken back to the cent."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.currency import Exchange, Quote, Rates, credit_taken4, on_account, worth

D = Decimal
NEW_YEAR, MARCH = date(2026, 1, 1), date(2026, 3, 2)
RATES = Rates(
    "EUR",
    [
        Quote("CHF", "EUR", D("0.96"), MARCH),
        Quote("CHF", "EUR", D("0.95"), NEW_YEAR),
        Quote("EUR", "USD", D("1.25"), NEW_YEAR),
        Quote("GBP", "CHF", D("1.2"), NEW_YEAR),
    ],
)


def rate(source: str, target: str, day: date = MARCH) -> tuple[str, date] | None:
    quote = RATES.quote(source, target, day)
    return None if quote is None else (str(quote.rate), quote.day)


@pytest.mark.parametrize(
    ("day", "told"),
    [
        (date(2025, 12, 31), None),
        (NEW_YEAR, ("0.95", NEW_YEAR)),
        (date(2026, 3, 1), ("0.95", NEW_YEAR)),
        (MARCH, ("0.96", MARCH)),
        (date(2030, 1, 1), ("0.96", MARCH)),
    ],
)
def test_a_rate_counts_from_its_day_until_another_does(day: date, told: tuple[str, date] | None) -> None:
    assert rate("CHF", "EUR", day) == told


def test_backwards_and_through_our_currency() -> None:
    assert rate("USD", "EUR") == ("0.8", NEW_YEAR)
    assert rate("CHF", "USD") == ("1.2000", NEW_YEAR)  # 0.96 x 1.25, as old as the older of both
    assert rate("USD", "CHF") == ("0.83333333333333333336", NEW_YEAR)
    assert rate("GBP", "EUR") is None  # through our own currency alone: GBP to CHF to EUR is not taken
    assert rate("EUR", "EUR") == ("1", MARCH)
    assert rate("JPY", "USD") is None


@pytest.mark.parametrize(
    ("amount", "told"), [("0.0149", "0.01"), ("0.015", "0.02"), ("-0.015", "-0.02"), ("1", "1.00")]
)
def test_an_amount_is_rounded_half_up_to_the_cent(amount: str, told: str) -> None:
    assert str(worth(D(amount), D(1))) == told


@given(
    st.lists(st.decimals(min_value=D("0.01"), max_value=10**6, places=2), min_size=1, max_size=5),
    st.decimals(min_value=D("0.0001"), max_value=1000, places=4),
)
def test_parts_of_an_order_take_back_what_the_whole_added(parts: list[Decimal], kept: Decimal) -> None:
    """Invariant 4: what invoices take off the account adds up to what the order put on it."""
    before, back = D(0), D(0)
    for part in parts:
        back += on_account(before + part, str(kept)) - on_account(before, str(kept))
        before += part
    assert back == on_account(sum(parts, D(0)), str(kept))


def test_the_own_currency_is_neither_converted_nor_rounded() -> None:
    exchange = Exchange("CHF", "EUR", MARCH, RATES)
    assert (on_account(D("1.2345"), None), credit_taken4(12_345, None)) == (D("1.2345"), 12_345)
    assert credit_taken4(12_345, "2") == 24_700
    assert (exchange.rate_kept("CHF"), exchange.rate_kept("JPY")) == (None, None)
    assert exchange.rate_kept("GBP") == "1.2"
    assert exchange.in_company(D(10), "CHF") == D("9.60")
    assert exchange.in_company(D("1.2345"), "EUR") == D("1.2345")
    assert exchange.in_company(D("0.01"), "JPY") > 10**30  # unknown is above every limit
