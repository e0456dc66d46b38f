"""Forms as orders: whatever is written in them, every fault has its place and nothing else is lost."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from gateway.forms import read_form

LINE = {"sku": "A", "quantity": "1"}
NAMES = [
    "partner",
    "buyer_reference",
    "currency",
    "buyer",
    "ship_to",
    "lines",
    "notes",
    "type",
    "sku",
    "quantity",
    "price",
]
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=3),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(NAMES), ANYTHING))
def test_whatever_a_form_says_it_is_read_or_told(form: dict[str, Any]) -> None:
    reading = read_form(form)
    assert reading.faults or reading.order is not None
    places = [one.tag for one in reading.faults]
    assert all(place is not None and place.startswith("/") for place in places)
    assert len(set(places)) == len(places)


def test_a_line_that_is_wrong_leaves_the_others_their_numbers() -> None:
    form = {"buyer_reference": "PO-1", "lines": [LINE, {"sku": "B"}, LINE | {"price": "?"}]}
    reading = read_form(form)
    assert [one.tag for one in reading.faults] == ["/lines/1/quantity", "/lines/2/price"]
    assert reading.order is not None
    assert [(line.line, line.price) for line in reading.order.lines] == [(1, None), (3, None)]


def test_one_field_is_one_fault_however_many_alternatives_it_has() -> None:
    reading = read_form({"buyer_reference": "PO-1", "ship_to": {"gln": "12"}, "lines": [LINE]})
    assert [one.tag for one in reading.faults] == ["/ship_to/gln"]
    assert reading.order is not None
    assert reading.order.ship_to is None
