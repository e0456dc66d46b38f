"""Reading a shop's JSON: exact numbers, instants in UTC, texts that can be kept, and the place of each fault."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.commerce.assembly import piece_price
from adapters.commerce.json_body import Unkept, parse
from adapters.commerce.reading import LONGEST_TEXT, Node
from core.provenance import Violation
from core.values import PRICE_SCALE, to_scaled


def read(value: Any, how: Callable[[Node], Any]) -> tuple[Any, list[str]]:
    """Return what a member ``x`` reads as, and the codes of the faults."""
    faults: list[Violation] = []
    found = how(Node({"x": value}, faults)["x"])
    assert all(fault.tag == "/x" for fault in faults)
    return found, [fault.code for fault in faults]


@pytest.mark.parametrize(
    ("sent", "number"),
    [
        ("12.50", "12.50"),
        (" -0.1 ", "-0.1"),
        (".5", "0.5"),
        ("5.", "5"),
        (7, "7"),
        (Decimal("0.3"), "0.3"),
        (Decimal("1E+2"), "100"),
        ("100.0000", "100"),
    ],
)
def test_a_number_is_exact(sent: Any, number: str) -> None:
    assert read(sent, Node.number) == (Decimal(number), [])


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ("12,50", "shop.value_not_number"),
        ("1e2", "shop.value_not_number"),
        ("NaN", "shop.value_not_number"),
        ("12 EUR", "shop.value_not_number"),
        (True, "shop.value_not_number"),
        (1.5, "shop.value_not_number"),
        ([], "shop.value_not_number"),
        ({"a": 1}, "shop.value_not_number"),
        ("0.00001", "shop.value_out_of_range"),
        (Decimal("1e999"), "shop.value_out_of_range"),
        (Decimal("1e-99999999999"), "shop.value_out_of_range"),
        (Decimal("0e99999999999"), "shop.value_out_of_range"),
        (Unkept("9" * 40), "shop.value_out_of_range"),
        ("9" * 400, "shop.value_out_of_range"),
        ("1.0000000000000000000000000000001", "shop.value_out_of_range"),
        (2**63, "shop.value_out_of_range"),
    ],
)
def test_what_is_no_number_or_cannot_be_kept_is_a_fault_with_its_place(sent: Any, code: str) -> None:
    assert read(sent, Node.number) == (None, [code])


def test_no_quantity_is_negative_and_none_is_made_up() -> None:
    assert read("-1", Node.quantity) == (None, ["shop.value_negative"])
    assert read(None, Node.quantity) == (None, [])
    assert read(0, Node.quantity) == (Decimal(0), [])
    assert read(None, Node.amount) == (Decimal(0), [])


@pytest.mark.parametrize(
    ("sent", "instant"),
    [
        ("2026-03-02T10:15:00+01:00", datetime(2026, 3, 2, 9, 15, tzinfo=UTC)),
        ("2026-03-02 10:15:00", datetime(2026, 3, 2, 10, 15, tzinfo=UTC)),
        ("2026-03-02T10:15:00Z", datetime(2026, 3, 2, 10, 15, tzinfo=UTC)),
        ("Mon, 02 Mar 2026 10:15:00 +0100", datetime(2026, 3, 2, 9, 15, tzinfo=UTC)),
        (1772446500, datetime(2026, 3, 2, 10, 15, tzinfo=UTC)),
    ],
)
def test_an_instant_is_in_utc_however_it_is_written(sent: Any, instant: datetime) -> None:
    assert read(sent, Node.instant) == (instant, [])


@pytest.mark.parametrize(
    "sent",
    [
        "yesterday",
        "2026-13-01",
        -1,
        10**15,
        Decimal("1e30"),
        True,
        [],
        "0001-01-01T00:00:00+14:00",
        "x" * 10**6,
        "Mon,",
    ],
)
def test_what_is_no_instant_is_a_fault(sent: Any) -> None:
    assert read(sent, Node.instant) == (None, ["shop.value_not_date"])


@pytest.mark.parametrize(
    ("sent", "text"),
    [
        (" a ", "a"),
        (5, "5"),
        (Decimal(820982911946154508), "820982911946154508"),
        (None, ""),
        ("a\x00b\ud800", "a\ufffdb\ufffd"),
    ],
)
def test_a_text_is_one_that_can_be_kept(sent: Any, text: str) -> None:
    assert read(sent, Node.text) == (text, [])
    text.encode()


def test_what_is_no_text_is_a_fault() -> None:
    assert read(["a"], Node.text) == ("", ["shop.value_not_text"])
    assert read(False, Node.text) == ("", ["shop.value_not_text"])
    assert read("x" * (LONGEST_TEXT + 1), Node.text) == ("", ["shop.value_too_long"])
    assert read("x" * LONGEST_TEXT, Node.text) == ("x" * LONGEST_TEXT, [])
    assert read("", Node.needed) == ("", ["shop.value_missing"])
    assert read("EURO", Node.currency) == ("", ["shop.value_not_currency"])
    assert read("eur", Node.currency) == ("EUR", [])


def test_what_names_something_is_never_cut_and_what_describes_it_is() -> None:
    assert read("x" * 70, Node.key) == ("x" * 70, [])
    assert read("x" * 71, Node.key) == ("", ["shop.value_too_long"])
    assert read(None, Node.key) == ("", ["shop.value_missing"])
    assert read("x" * 35, Node.code) == ("x" * 35, [])
    assert read("x" * 36, Node.code) == ("", ["shop.value_too_long"])
    assert read(None, Node.code) == ("", [])
    assert read("x" * 300, Node.words) == ("x" * 256, [])


def test_flags_lists_and_objects() -> None:
    assert [read(sent, Node.flag) for sent in (True, "1", 1, "true")] == [(True, [])] * 4
    assert [read(sent, Node.flag) for sent in (False, "0", 0, None, "")] == [(False, [])] * 5
    assert read("perhaps", Node.flag) == (False, ["shop.value_not_flag"])
    assert read({}, lambda node: list(node.each())) == ([], ["shop.value_not_list"])
    assert read([], Node.is_object) == (False, ["shop.value_not_object"])


def test_a_place_is_a_json_pointer() -> None:
    faults: list[Violation] = []
    root = Node({"lines": [{"price": "x"}, {"price": {}}]}, faults)
    for line in root["lines"].each():
        line["price"].price()
    assert [(fault.code, fault.tag, fault.value) for fault in faults] == [
        ("shop.value_not_number", "/lines/0/price", "x"),
        ("shop.value_not_number", "/lines/1/price", "{...}"),
    ]
    assert root.at("no", "such", "member").pointer == "/no/such/member"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "shop.not_json"),
        (b'{"a": 1,}', "shop.not_json"),
        (b"NaN", "shop.not_json"),
        (b'{"a": -Infinity}', "shop.not_json"),
        (b"\xff", "shop.not_utf8"),
        ("{}".encode("utf-16"), "shop.not_utf8"),
        (b"[" * 100_000, "shop.too_deep"),
    ],
)
def test_what_is_no_json_is_told_with_its_byte(body: bytes, code: str) -> None:
    value, violation = parse(body)
    assert value is None
    assert violation is not None
    assert violation.code == code


def test_the_byte_of_a_fault_counts_bytes() -> None:
    _, violation = parse('{"ä": }'.encode())
    assert violation is not None
    assert violation.offset == len('{"ä": '.encode())


def test_numbers_of_a_body_are_never_floats() -> None:
    value, violation = parse(
        b'\xef\xbb\xbf{"a": 0.1, "b": 12, "c": 820982911946154508123, "d": 1e400, "e": 1e9999999999999999999}'
    )
    assert violation is None
    assert value == {
        "a": Decimal("0.1"),
        "b": 12,
        "c": Decimal(820982911946154508123),
        "d": Decimal("1e400"),
        "e": "1e9999999999999999999",
    }
    assert [type(member) for member in value.values()] == [Decimal, int, Decimal, Decimal, Unkept]
    assert parse(b"9" * 100_000)[0] == "9" * 40


@given(st.decimals(0, 10**9, places=2), st.decimals(0, 10**4, places=3))
def test_the_price_of_a_piece_keeps_the_amount(amount: Decimal, quantity: Decimal) -> None:
    price, basis = piece_price(amount, quantity)
    assert to_scaled(price, PRICE_SCALE) is not None
    if quantity:
        assert price * quantity / basis == amount


def test_a_price_is_that_of_one_piece_where_it_is_exact() -> None:
    assert piece_price(Decimal("6.00"), Decimal(2)) == (Decimal(3), Decimal(1))
    assert piece_price(Decimal("10.00"), Decimal(3)) == (Decimal("10.00"), Decimal(3))
    assert piece_price(Decimal("10.00"), Decimal(0)) == (Decimal("10.00"), Decimal(1))
