"""The change between two snapshots says what the shop altered and nothing else."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from core.documents import ChangedLine, LineAction, Order, OrderLine, Party
from core.ordering.revise import revise
from core.shops.differing import change_between, unheard

CUPS = OrderLine(1, Decimal(4), supplier_code="CUP-1", price=Decimal("12.50"))
LAMP = OrderLine(2, Decimal(1), supplier_code="LAMP-3", price=Decimal(9))
BEFORE = Order("7", (CUPS, LAMP), currency="EUR", ship_to=Party("DP", name="Ada", city="Wien"))


def test_what_stays_is_no_change() -> None:
    assert change_between(BEFORE, BEFORE, BEFORE) is None
    assert change_between(BEFORE, replace(BEFORE, buyer=Party("BY", name="Bo")), BEFORE) is None


def test_lines_are_added_changed_and_taken_away() -> None:
    more = CUPS._replace(quantity=Decimal(6))
    new = OrderLine(3, Decimal(2), supplier_code="CRATE-2", price=Decimal(99))
    told = replace(BEFORE, lines=(more, new))
    change = change_between(BEFORE, told, BEFORE)
    assert change is not None
    assert [(line.line, line.action) for line in change.lines] == [
        (1, LineAction.CHANGE),
        (2, LineAction.DELETE),
        (3, LineAction.ADD),
    ]
    assert revise(BEFORE, change) == told


def test_an_address_and_a_wish_are_changes() -> None:
    told = replace(BEFORE, ship_to=Party("DP", name="Ada", city="Graz"), notes=("ring twice",))
    change = change_between(BEFORE, told, BEFORE)
    assert change is not None
    assert revise(BEFORE, change) == told


def test_what_people_took_away_or_changed_here_is_left_alone() -> None:
    stands = replace(BEFORE, lines=(CUPS._replace(quantity=Decimal(9)),))
    told = replace(BEFORE, lines=(CUPS, LAMP._replace(quantity=Decimal(5))))
    assert change_between(BEFORE, told, stands) is None
    added = replace(BEFORE, lines=(CUPS, LAMP, OrderLine(3, Decimal(1))))
    both = replace(stands, lines=(*stands.lines, OrderLine(3, Decimal(7))))
    assert change_between(BEFORE, added, both) is None
    gone = change_between(BEFORE, replace(BEFORE, lines=(LAMP,)), stands)
    assert gone is not None
    assert gone.lines == (ChangedLine(1, LineAction.DELETE),)


def test_what_we_cancelled_ourselves_is_no_change_of_the_shop() -> None:
    """A shop that took the rest back tells what left; a line that never left is gone there."""
    left = {1: Decimal(3), 2: Decimal(0)}
    echo = replace(BEFORE, lines=(CUPS._replace(quantity=Decimal(3)),))
    assert unheard(BEFORE, echo, left) == BEFORE
    assert unheard(BEFORE, BEFORE, left) == BEFORE
    assert unheard(BEFORE, echo, {}) == echo


def test_what_the_shop_alters_beside_it_is_heard() -> None:
    left = {1: Decimal(3)}
    for line in (CUPS._replace(quantity=Decimal(2)), CUPS._replace(quantity=Decimal(3), price=Decimal(12))):
        told = replace(BEFORE, lines=(line, LAMP))
        assert unheard(BEFORE, told, left) == told
    gone = replace(BEFORE, lines=(LAMP,))
    assert unheard(BEFORE, gone, left) == gone
