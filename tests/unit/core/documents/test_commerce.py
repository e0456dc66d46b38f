"""Line numbers of a shop's order: the same line keeps its number, whatever the shop sends in which order."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.documents import Order, OrderLine, ShopOrder, line_numbers, renumbered

IDS = st.lists(st.one_of(st.integers(0, 10**20).map(str), st.text("ab-", min_size=1, max_size=3)), unique=True)


@pytest.mark.parametrize(
    ("known", "seen", "numbers"),
    [
        ((), ("9", "10", "8"), ((1, "8"), (2, "9"), (3, "10"))),
        ((), ("b", "7", "a"), ((1, "7"), (2, "a"), (3, "b"))),
        (((1, "8"), (2, "9")), ("9",), ((1, "8"), (2, "9"))),
        (((1, "8"), (2, "9")), ("7", "9"), ((1, "8"), (2, "9"), (3, "7"))),
        (((5, "x"),), ("y",), ((5, "x"), (6, "y"))),
        ((), (), ()),
    ],
)
def test_a_known_line_keeps_its_number_and_a_new_one_gets_the_next(
    known: tuple[tuple[int, str], ...], seen: tuple[str, ...], numbers: tuple[tuple[int, str], ...]
) -> None:
    assert line_numbers(known, seen) == numbers


@given(IDS, st.data())
def test_numbers_do_not_depend_on_how_the_shop_lists_its_lines(ids: list[str], data: st.DataObject) -> None:
    assert line_numbers((), data.draw(st.permutations(ids))) == line_numbers((), ids)


@given(IDS, IDS)
def test_no_number_is_ever_given_twice_or_taken_back(first: list[str], second: list[str]) -> None:
    before = line_numbers((), first)
    after = line_numbers(before, second)
    assert set(before) <= set(after)
    assert sorted(number for number, _ in after) == list(range(1, len({*first, *second}) + 1))
    assert line_numbers(after, reversed(second)) == after


def _told(*lines: tuple[int, str, str]) -> ShopOrder:
    return ShopOrder(
        Order("77", tuple(OrderLine(number, Decimal(quantity)) for number, _, quantity in lines)),
        shop_id="77",
        updated_at=None,
        line_ids=tuple((number, line_id) for number, line_id, _ in lines),
    )


def test_a_later_snapshot_is_told_in_the_numbers_of_the_first() -> None:
    first = _told((1, "a", "2"), (2, "b", "3"))
    later = renumbered(_told((1, "b", "4"), (2, "c", "1")), first.line_ids)
    assert [(line.line, line.quantity) for line in later.order.lines] == [(2, Decimal(4)), (3, Decimal(1))]
    assert later.line_ids == ((1, "a"), (2, "b"), (3, "c"))
    assert renumbered(later, first.line_ids) == later
