"""Money, quantities and days by language."""

from __future__ import annotations

from decimal import Decimal

import pytest
from babel.numbers import parse_decimal
from hypothesis import given
from hypothesis import strategies as st

from adapters.documents.formats import Formats, locale_of, quantity
from adapters.documents.templates import DEFAULT_LANGUAGES


@pytest.mark.parametrize(
    ("language", "total", "price", "count", "day"),
    [
        ("en", "€1,240.50", "€0.015", "1,200.5", "9 Mar 2026"),
        ("de", "1.240,50 €", "0,015 €", "1.200,5", "09.03.2026"),
        ("zh", "€1,240.50", "€0.015", "1,200.5", "2026年3月9日"),
        ("tlh", "€1,240.50", "€0.015", "1,200.5", "9 Mar 2026"),  # a language without a locale reads English
    ],
)
def test_each_language_writes_values_its_own_way(language: str, total: str, price: str, count: str, day: str) -> None:
    """LNG-01: money, quantities and days are written as readers of the language write them."""
    facts = {
        "order": {"currency": "EUR", "total": "1240.50", "promised_date": "2026-03-09", "number": "2026-ED-1"},
        "lines": [{"price": "0.015", "quantity": "1200.5", "schedule": [{"quantity": "3", "day": "2026-03-09"}]}],
    }
    shown = Formats(language, "Europe/Berlin").shown(facts)
    line = shown["lines"][0]
    told = [text.replace("\xa0", " ") for text in (shown["order"]["total"], line["price"], line["quantity"])]
    assert told == [total, price, count]
    assert shown["order"]["promised_date"] == line["schedule"][0]["day"] == day
    assert shown["order"]["number"] == "2026-ED-1", "what is no value stays as it is"


def test_the_nearest_currency_counts_and_none_is_a_plain_number() -> None:
    shown = Formats("en").shown({"order": {"currency": "EUR"}, "invoice": {"currency": "USD", "total": "5"}})
    assert shown["invoice"]["total"] == "US$5.00"
    assert Formats("de").shown({"invoice": {"total": "5000.5"}})["invoice"]["total"] == "5.000,50"


def test_moments_and_days_of_moments_are_local() -> None:
    late = "2026-03-09T23:30:00.000000Z"
    shown = Formats("de", "Europe/Berlin").shown({"shipment": {"shipped_at": late, "eta": late}})
    assert shown["shipment"] == {"shipped_at": "10.03.2026, 00:30:00", "eta": "10.03.2026"}


@given(
    st.decimals(min_value=0, max_value=10**9, places=6).map(lambda value: value.normalize()),
    st.sampled_from(DEFAULT_LANGUAGES),
)
def test_no_decimal_of_a_quantity_is_lost(value: Decimal, language: str) -> None:
    """CNF-04: a quantity on a document is the quantity to its last decimal."""
    locale = locale_of(language)
    assert parse_decimal(quantity(format(value, "f"), locale), locale=locale) == value
