"""Numbers, days, units and currencies: every reading that a text allows, and none that it does not."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.email.extraction.values import currency, days, names_day, numbers, unit


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("5", ["5"]),
        ("1.234,50", ["1234.50"]),
        ("1,234.50", ["1234.50"]),
        ("1.234.567", ["1234567"]),
        ("1.234", ["1234", "1.234"]),
        ("0.250", ["0.250", "250"]),
        ("2,50", ["2.50"]),
        ("1 724.59", ["1724.59"]),
        ("1'250.00", ["1250.00"]),
        ("€ 2,50", ["2.50"]),
        ("2.50 EUR", ["2.50"]),
        ("¥1,500.00", ["1500.00"]),
        ("19.25 元", ["19.25"]),
        ("-5", ["-5"]),
        ("1,23,456", []),
        ("12.34.5", []),
        ("A-1", []),
        ("5 Stk", []),
        ("1O", []),
        ("", []),
        ("20%", []),
    ],
)
def test_a_number_is_read_in_every_way_that_it_allows(text: str, read: list[str]) -> None:
    assert numbers(text) == [Decimal(one) for one in read]


def test_letters_count_as_digits_only_where_signs_were_guessed() -> None:
    assert numbers("1O,5O", guessed=True) == [Decimal("10.50")]
    assert numbers("l2", guessed=True) == [Decimal(12)]
    assert numbers("Order", guessed=True) == []


@given(st.decimals(0, 10**9, places=2), st.sampled_from([(",", "."), (".", ","), (" ", ","), ("'", ".")]))
def test_every_way_to_write_an_amount_is_read_back(amount: Decimal, marks: tuple[str, str]) -> None:
    thousands, point = marks
    text = f"{amount:,.2f}".replace(",", "\0").replace(".", point).replace("\0", thousands)
    assert amount in numbers(text)


@given(st.text(max_size=12))
def test_what_is_read_has_the_digits_of_the_text(text: str) -> None:
    for number in numbers(text):
        assert [sign for sign in f"{number:f}" if sign.isdigit()] == [sign for sign in text if sign.isdigit()]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("2026-11-02", ["2026-11-02"]),
        ("02.11.2026", ["2026-11-02"]),
        ("2.11.26", ["2026-11-02"]),
        ("2026年11月2日", ["2026-11-02"]),
        ("02 Nov 2026", ["2026-11-02"]),
        ("2nd November 2026", ["2026-11-02"]),
        ("November 2, 2026", ["2026-11-02"]),
        ("2. November 2026", ["2026-11-02"]),
        ("2. März 2026", ["2026-03-02"]),
        ("03/04/2026", ["2026-04-03", "2026-03-04"]),
        ("13/04/2026", ["2026-04-13"]),
        ("31.02.2026", []),
        ("4711", []),
        ("1.2.3", []),
    ],
)
def test_a_day_is_read_in_every_way_that_it_allows(text: str, read: list[str]) -> None:
    assert days(text) == [date.fromisoformat(one) for one in read]


@pytest.mark.parametrize(
    ("text", "code"),
    [("pcs", "PCE"), ("Stk.", "PCE"), ("个", "PCE"), ("KG", "KGM"), ("Rollen", "ROL"), ("m²", "MTK"), ("wagon", "")],
)
def test_a_unit_is_one_of_recommendation_20(text: str, code: str) -> None:
    assert unit(text) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [("EUR", "EUR"), ("€", "EUR"), ("in GBP", "GBP"), ("人民币", "CNY"), ("EURO-pallet", ""), ("", "")],
)
def test_a_currency_is_named_or_not(text: str, code: str) -> None:
    assert currency(text) == code


@pytest.mark.parametrize(
    ("text", "sure"),
    [
        ("April", True), ("December", True), ("\u5e74", True),
        ("Juni", False), ("Juli", False),  # by a stroke
        ("Mar", False), ("22,", False), ("Bolt", False),
    ],
)  # fmt: skip
def test_the_name_of_a_month_that_is_like_no_other_is_sure(text: str, sure: bool) -> None:
    assert names_day(text) is sure
