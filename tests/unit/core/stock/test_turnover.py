"""How often stock turns, and how old it is (INV-25)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.stock.turnover import ages, turnover


def test_turns_are_what_was_issued_by_the_mean_stock() -> None:
    """INV-25: 100 for two days, 40 for two, 100 for one: 76 in the mean; 114 issued are 1.5 turns, 3.33 days each."""
    found = turnover(100, {2: -60, 4: 60}, 114, 5)
    assert (found.mean6, found.turns, found.days_of_stock) == (76, Decimal("1.50"), Decimal("3.33"))


@pytest.mark.parametrize(("opening", "issued"), [(0, 5), (10, 0), (10, -3)])
def test_nothing_turns_where_nothing_is_there_or_leaves(opening: int, issued: int) -> None:
    found = turnover(opening, {}, issued, 30)
    assert (found.turns, found.days_of_stock) == (None, None)


@pytest.mark.parametrize(
    ("closing", "found"),
    [
        (10, [10, 0, 0, 0]),
        (12, [12, 0, 0, 0]),
        (13, [12, 1, 0, 0]),
        (20, [12, 5, 3, 0]),
        (25, [12, 5, 3, 5]),
        (-1, [0, 0, 0, 0]),
    ],
)
def test_what_came_last_is_what_is_left(closing: int, found: list[int]) -> None:
    """INV-25: on both sides of 30, 60 and 90 days; what no receipt explains is older than all."""
    assert ages(closing, [(0, 7), (30, 5), (31, 5), (61, 2), (90, 1), (91, 1)]) == found


@given(st.integers(0, 100), st.lists(st.tuples(st.integers(0, 200), st.integers(1, 20)), max_size=8))
def test_every_piece_has_one_age(closing: int, receipts: list[tuple[int, int]]) -> None:
    assert sum(ages(closing, sorted(receipts))) == closing
