"""The numbers of a line of goods: what counts as one, and what follows it."""

from __future__ import annotations

import pytest
from guided_pages import rows

from adapters.email.guided.tokens import tokens_of


def told(text: str) -> list[tuple[str, str]]:
    """Return the likeliest value of each number of a cell, and its unit."""
    (row,) = rows((40, 100, text))
    return [(f"{token.values[0]:f}", token.unit) for token in tokens_of(row)]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("100", [("100", "")]),
        ("100 pcs", [("100", "PCE")]),
        ("20双", [("20", "PR")]),
        ("1.250,50", [("1250.50", "")]),
        ("EUR12.50", [("12.50", "")]),
        ("7,29/1", [("7.29", ""), ("1", "")]),
        ("3.20 per 100", [("3.20", ""), ("100", "")]),
        ("-100", [("-100", "")]),
        ("back: -100 pcs", [("-100", "PCE")]),
        ("\u2212100", [("-100", "")]),
        ("100-", [("-100", "")]),
        ("42,00- EUR", [("-42.00", "")]),
    ],
)
def test_a_number(text: str, numbers: list[tuple[str, str]]) -> None:
    assert told(text) == numbers


@pytest.mark.parametrize("text", ["M8x40", "HX1000", "A2", "8x40"])
def test_what_is_part_of_a_word_or_a_size_is_no_number_of_goods(text: str) -> None:
    assert told(text) == []


def test_a_hyphen_between_words_or_numbers_is_no_sign() -> None:
    assert [value for value, _ in told("Art-100 10-20 - 30")] == ["100", "10", "30"]


def test_groups_of_three_may_be_one_number_or_several() -> None:
    assert [value for value, _ in told("12 500")] == ["12500", "12", "500"]


def test_a_rate_is_told_as_one() -> None:
    (row,) = rows((40, 100, "19 %"))
    assert [token.percent for token in tokens_of(row)] == [True]
