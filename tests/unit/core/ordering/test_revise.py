"""From an order and a change of it to the next revision: what is said replaces, what is not said stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.documents import ChangedLine, ChangeFunction, LineAction, Order, OrderChange, Party, ScheduleLine
from core.errors import Conflict
from core.ordering.revise import asked_hash, asked_json, differences, revise
from core.testing.trade import CRATE, CUP, STORE_GLN, a_line, an_order

ORDER = replace(
    an_order("PO-1", a_line(CUP, 10, "12.50"), a_line(CRATE, 3, "99.99")),
    ship_to=Party("DP", gln=STORE_GLN, name="Store 7", city="Berlin"),
    notes=("Gate 4",),
    total=Decimal("424.97"),
)


def change(*lines: ChangedLine, function: ChangeFunction = ChangeFunction.CHANGE, **header: Any) -> OrderChange:
    return OrderChange("CHG-1", "PO-1", function, lines, **header)


def asked(line: int, action: LineAction = LineAction.CHANGE, **what: Any) -> ChangedLine:
    return ChangedLine(line, action, **what)


def test_what_is_not_said_stays() -> None:
    revised = revise(ORDER, change(asked(1, quantity=Decimal(4))))
    first, second = ORDER.lines
    assert revised.lines == (first._replace(quantity=Decimal(4)), second)
    assert replace(revised, lines=(), total=None) == replace(ORDER, lines=(), total=None)
    assert revised.total is None  # what the order added up to is no longer so


def test_the_header_is_replaced_by_what_is_said() -> None:
    revised = revise(ORDER, change(requested_date=date(2026, 4, 1), notes=("Gate 5",), delivery_terms="DAP"))
    assert (revised.requested_date, revised.notes, revised.delivery_terms) == (date(2026, 4, 1), ("Gate 5",), "DAP")
    assert revised.lines == ORDER.lines


def test_a_party_that_is_named_by_its_number_keeps_what_was_said_of_it() -> None:
    same = revise(ORDER, change(ship_to=Party("DP", gln=STORE_GLN, city="Potsdam")))
    assert same.ship_to == Party("DP", gln=STORE_GLN, name="Store 7", city="Potsdam")
    other = revise(ORDER, change(ship_to=Party("DP", gln="4012345000023")))
    assert other.ship_to == Party("DP", gln="4012345000023")


def test_another_item_brings_its_own_codes_and_no_old_price() -> None:
    (line,) = revise(ORDER, change(asked(2, LineAction.DELETE), asked(1, gtin="4054321000030"))).lines
    assert (line.gtin, line.price, line.quantity) == ("4054321000030", None, Decimal(10))
    # a further code of the same item changes nothing else
    more = revise(ORDER, change(asked(1, buyer_code="B-CUP"))).lines[0]
    assert (more.gtin, more.buyer_code, more.price) == (ORDER.lines[0].gtin, "B-CUP", Decimal("12.50"))


@pytest.mark.parametrize("action", [LineAction.DELETE, LineAction.CHANGE])
def test_a_line_goes_by_deletion_or_by_a_quantity_of_nothing(action: LineAction) -> None:
    quantity = None if action is LineAction.DELETE else Decimal(0)
    assert [line.line for line in revise(ORDER, change(asked(1, action, quantity=quantity))).lines] == [2]


def test_a_replacement_says_everything() -> None:
    lines = (asked(2, LineAction.ADD, quantity=Decimal(1), gtin="4054321000016"),)
    revised = revise(ORDER, change(*lines, function=ChangeFunction.REPLACE, currency="USD"))
    assert [(line.line, line.quantity, line.price) for line in revised.lines] == [(2, Decimal(1), None)]
    assert (revised.currency, revised.notes, revised.requested_date) == ("USD", (), None)
    assert (revised.buyer_reference, revised.document_date, revised.ship_to) == (
        ORDER.buyer_reference,
        ORDER.document_date,
        ORDER.ship_to,
    )


def test_a_cancellation_leaves_no_line_whatever_it_names() -> None:
    assert revise(ORDER, change(asked(9), function=ChangeFunction.CANCEL)).lines == ()


def test_a_schedule_is_the_quantity_and_its_last_day() -> None:
    parts = (
        ScheduleLine(Decimal(4), date(2026, 3, 9)),
        ScheduleLine(Decimal(3), date(2026, 3, 30)),
        ScheduleLine(Decimal(1)),
    )
    line = revise(ORDER, change(asked(1, schedule=parts))).lines[0]
    assert (line.quantity, line.requested_date) == (Decimal(8), date(2026, 3, 30))
    own = revise(ORDER, change(asked(1, schedule=parts, quantity=Decimal(8), requested_date=date(2026, 3, 20)))).lines[
        0
    ]
    assert (own.quantity, own.requested_date) == (Decimal(8), date(2026, 3, 20))


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (asked(9, quantity=Decimal(1)), "line 9 is not in the order"),
        (asked(9, LineAction.DELETE), "line 9 is not in the order"),
        (asked(9, LineAction.KEEP), "line 9 is not in the order"),
        (asked(1, LineAction.ADD, quantity=Decimal(1)), "line 1 cannot be added: the order has it already"),
        (asked(9, LineAction.ADD), "line 9 cannot be added: it has no quantity"),
        (
            asked(1, quantity=Decimal(9), schedule=(ScheduleLine(Decimal(8)),)),
            "the schedule of line 1 adds up to 8, its quantity is 9",
        ),
    ],
)
def test_what_does_not_fit_the_order_says_why(line: ChangedLine, why: str) -> None:
    with pytest.raises(Conflict, match=why):
        revise(ORDER, change(line))


def test_differences_are_told_by_field() -> None:
    """CHG-07: old and new of each field."""
    lines = (asked(1, quantity=Decimal(4)), asked(2, LineAction.DELETE))
    found = differences(ORDER, revise(ORDER, change(*lines, notes=("Gate 4", "ring"))))
    assert [tuple(one) for one in found] == [
        ("total", "424.97", None),
        ("notes.2", None, "ring"),
        ("lines.1.quantity", "10", "4"),
        ("lines.2.gtin", ORDER.lines[1].gtin, None),
        ("lines.2.price", "99.99", None),
        ("lines.2.quantity", "3", None),
        ("lines.2.unit", "C62", None),
    ]


def test_the_hash_is_that_of_what_is_said() -> None:
    one = asked_json(change(asked(1, quantity=Decimal("4.00"))))
    assert one == {
        "number": "CHG-1", "buyer_reference": "PO-1", "function": "4",
        "lines": [{"line": 1, "action": "3", "quantity": "4", "price_basis": "1"}],
    }  # fmt: skip
    assert asked_hash(one) == asked_hash(asked_json(change(asked(1, quantity=Decimal(4)))))
    assert asked_hash(one) != asked_hash(asked_json(change(asked(1, quantity=Decimal(5)))))


QUANTITIES = st.decimals(min_value="0.001", max_value=10**6, places=3)


@given(st.dictionaries(st.integers(1, 99), QUANTITIES, min_size=1, max_size=8))
def test_a_change_there_and_back_again_gives_the_order_that_was(wanted: dict[int, Decimal]) -> None:
    """What is said of the lines that are there replaces it and nothing else: said back, the order is the one before."""
    order: Order = replace(ORDER, lines=tuple(a_line(CUP, 1)._replace(line=line) for line in wanted), total=None)
    there = revise(order, change(*(asked(line, quantity=quantity) for line, quantity in wanted.items())))
    assert {line.line: line.quantity for line in there.lines} == wanted
    assert revise(there, change(*(asked(line, quantity=Decimal(1)) for line in wanted))) == order
