"""The canonical order: a round trip that loses nothing, and a hash that tells a repeat from a number used twice."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.documents import Order, OrderLine, Party
from core.ordering.canonical import content_hash, from_json, head_from_json, to_json
from core.testing.trade import a_line, an_order

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
NUMBERS = st.decimals(min_value=0, max_value=10**12, places=6) | st.decimals(min_value=0, max_value=99, places=2)
DAYS = st.none() | st.dates(date(2000, 1, 1), date(2099, 12, 31))
#: a party always has a role
PARTIES = st.none() | st.builds(Party, st.sampled_from(["BY", "DP"]), gln=TEXT, name=TEXT, city=TEXT, email=TEXT)
LINES = st.builds(
    OrderLine,
    line=st.integers(1, 9999),
    quantity=NUMBERS,
    gtin=TEXT,
    buyer_code=TEXT,
    supplier_code=TEXT,
    description=TEXT,
    unit=TEXT,
    price=st.none() | NUMBERS,
    price_basis=st.sampled_from([Decimal(1), Decimal(100), Decimal("0.5")]),
    amount=st.none() | NUMBERS,
    requested_date=DAYS,
    note=TEXT,
)
ORDERS = st.builds(
    Order,
    buyer_reference=TEXT,
    lines=st.lists(LINES, max_size=3).map(tuple),
    code=TEXT,
    type=st.sampled_from(["standard", "urgent", "pre_order", "sample"]),
    function=TEXT,
    document_date=st.none() | st.datetimes(timezones=st.just(UTC)),
    requested_date=DAYS,
    currency=TEXT,
    contract=TEXT,
    buyer=PARTIES,
    supplier=PARTIES,
    ship_to=PARTIES,
    invoicee=PARTIES,
    payment_method=TEXT,
    payment_terms=TEXT,
    transport_mode=TEXT,
    delivery_terms=TEXT,
    notes=st.lists(TEXT, max_size=2).map(tuple),
    total=st.none() | NUMBERS,
    response_wanted=TEXT,
)


@settings(max_examples=40)
@given(ORDERS)
def test_nothing_is_lost_on_the_way_there_and_back(order: Order) -> None:
    canonical = to_json(order)
    assert from_json(canonical) == order
    assert to_json(from_json(canonical)) == canonical


@settings(max_examples=40)
@given(ORDERS)
def test_the_head_alone_is_the_head_of_the_whole(order: Order) -> None:
    head = head_from_json(to_json(order))
    assert (head.document_date, head.buyer, head.ship_to) == (order.document_date, order.buyer, order.ship_to)


@settings(max_examples=40)
@given(ORDERS, ORDERS)
def test_equal_orders_have_equal_hashes_and_others_have_not(one: Order, other: Order) -> None:
    assert (content_hash(to_json(one)) == content_hash(to_json(other))) == (one == other)


def test_decimals_are_text_without_superfluous_zeros() -> None:
    order = an_order("PO-1", a_line(quantity="10.500", price="12.50", price_basis=Decimal("100.0")))
    line = json.loads(to_json(order))["lines"][0]
    assert (line["quantity"], line["price"], line["price_basis"]) == ("10.5", "12.5", "100")


def test_a_quantity_written_otherwise_is_the_same_content() -> None:
    one, other = (an_order("PO-1", a_line(quantity=text)) for text in ("10", "10.000"))
    assert content_hash(to_json(one)) == content_hash(to_json(other))


@pytest.mark.parametrize(
    "changed",
    [
        an_order("PO-2"),
        an_order("PO-1", a_line(quantity=11)),
        an_order("PO-1", a_line(), a_line()),
        an_order("PO-1", currency="USD"),
        an_order("PO-1", requested_date=None),
    ],
)
def test_any_other_content_has_another_hash(changed: Order) -> None:
    assert content_hash(to_json(changed)) != content_hash(to_json(an_order("PO-1")))


def test_fields_that_were_not_sent_take_no_room() -> None:
    bare = Order("PO-1", (OrderLine(1, Decimal(1)),), type="standard", code="", function="")
    assert json.loads(to_json(bare)) == {
        "buyer_reference": "PO-1",
        "lines": [{"line": 1, "quantity": "1"}],
        "type": "standard",
    }


def test_the_hash_is_sha_256() -> None:
    canonical = to_json(an_order())
    assert content_hash(canonical) == hashlib.sha256(canonical).digest()
