"""A guide narrows a message: what it asks for is checked on both ways of reading, and told with its place."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.edi.decoder import EdifactDecoder
from adapters.edi.guides.checks import fits
from adapters.edi.guides.loading import parse_guide
from adapters.edi.guides.model import Format
from core.provenance import Severity
from core.testing.edifact import Faults, InterchangeFile, OrdersLine, OrdersMessage, place_of

DAY = date(2026, 1, 5)


def orders(*lines: OrdersLine, **knobs) -> bytes:
    return InterchangeFile([OrdersMessage("A1", DAY, lines or (OrdersLine(),), **knobs)], "77").encode()


def segment(path: str, rest: str) -> str:
    return f'[[messages.segments]]\npath = "{path}"\n{rest}\n'


def told(decoded) -> list[tuple[str, str | None, int | None, int | None]]:
    return [(fault.code, fault.tag, fault.element, fault.component) for fault in decoded.violations]


def test_a_message_that_keeps_to_the_guide_is_accepted_as_without_it(guide, read) -> None:
    rules = segment("DTM", 'qualifier = "137"\nmin = 1\nmax = 1\nelements = [{ at = "1.3", codes = ["102"] }]')
    rules += segment("LIN/QTY", 'qualifier = "21"\nmin = 1\nmax = 1\nelements = [{ at = "1.2", format = "n..3" }]')
    source = orders(OrdersLine(), OrdersLine(quantity="7.5"))
    assert read(source, guide(rules)) == read(source, None)
    assert read(source, None)[0].document is not None


def test_a_segment_that_the_guide_requires_is_told_where_its_group_begins(guide, read) -> None:
    source = orders(OrdersLine(price="1.00"), OrdersLine())
    (decoded,) = read(source, guide(segment("LIN/PRI", 'qualifier = "AAA"\nmin = 1')))
    assert told(decoded) == [("guide.segment_missing", "LIN", None, None)]
    assert decoded.violations[0].offset == place_of(source, "LIN+2").offset + len("LIN+")
    assert decoded.violations[0].message == "PRI+AAA stands 0 time(s) at LIN/PRI; the guide requires 1."
    assert decoded.violations[0].syntax_code == "13"
    assert decoded.document is None


def test_a_segment_of_the_header_that_is_missing_is_told_of_the_message(guide, read) -> None:
    source = orders()
    (decoded,) = read(source, guide(segment("RFF", 'qualifier = "CT"\nmin = 1')))
    assert told(decoded) == [("guide.segment_missing", None, None, None)]
    assert decoded.violations[0].offset == place_of(source, "UNH").offset


@pytest.mark.parametrize(
    ("rest", "code"), [("max = 0", "guide.segment_forbidden"), ("max = 1", "guide.segment_too_many")]
)
def test_segments_beyond_the_most_are_told_once_each_group(guide, read, rest: str, code: str) -> None:
    added = Faults(added=(("DTM+137", "DTM+2:20260201:102"), ("DTM+137", "DTM+63:20260202:102")))
    source = orders(faults=added)
    (decoded,) = read(source, guide(segment("DTM", rest)))
    assert told(decoded) == [(code, "DTM", None, None)]
    assert decoded.violations[0].segment == (3 if rest == "max = 0" else 4)


def test_a_rule_with_a_qualifier_leaves_the_others_alone(guide, read) -> None:
    added = Faults(added=(("DTM+137", "DTM+2:20260201:102"),))
    (decoded,) = read(orders(faults=added), guide(segment("DTM", 'qualifier = "63"\nmax = 0')))
    assert decoded.violations == ()


@pytest.mark.parametrize(
    ("element", "code", "value"),
    [
        ('codes = ["AB"]', "guide.code_not_agreed", "220"),
        ("forbidden = true", "guide.element_forbidden", "220"),
        ('format = "an..2"', "guide.format", "220"),
        ('format = "a..3"', "guide.format", "220"),
    ],
)
def test_a_value_that_is_not_agreed_is_told_at_its_place(guide, read, element: str, code: str, value: str) -> None:
    source = orders()
    (decoded,) = read(source, guide(segment("BGM", f'elements = [{{ at = "1.1", {element} }}]')))
    assert told(decoded) == [(code, "BGM", 1, 1)]
    assert decoded.violations[0].value == value
    assert source[decoded.violations[0].offset :].startswith(value.encode())


def test_a_value_that_the_guide_requires_is_told_where_it_should_stand(guide, read) -> None:
    (decoded,) = read(orders(), guide(segment("BGM", 'elements = [{ at = "4.1", required = true }]')))
    assert told(decoded) == [("guide.element_missing", "BGM", 4, 1)]


def test_a_closed_guide_refuses_what_it_does_not_name(guide, read) -> None:
    named = "".join(segment(path, "") for path in ("BGM", "DTM", "NAD", "CUX", "LIN/QTY", "CNT"))
    assert read(orders(), guide("closed = true\n" + named))[0].violations == ()
    found = read(orders(OrdersLine(price="1.00")), guide("closed = true\n" + named))[0]
    assert told(found) == [("guide.segment_not_agreed", "PRI", None, None)]


@pytest.mark.parametrize("knobs", [{"release": "01B"}, {"association": "EAN010"}])
def test_another_release_than_agreed_is_told_and_still_read(guide, read, knobs) -> None:
    agreed = guide('association = "EAN008"', '[leniency]\n"guide.release" = "warning"')
    (decoded,) = read(orders(**knobs), agreed)
    assert told(decoded) == [("guide.release", "UNH", 2, None)]
    assert decoded.document is not None


def test_each_message_of_an_interchange_is_checked_for_itself(guide, read) -> None:
    file = InterchangeFile(
        [
            OrdersMessage("A1", DAY, reference="1", notes=(), currency=""),
            OrdersMessage("A2", DAY, reference="2"),
            OrdersMessage("A3", DAY, reference="3", currency=""),
        ],
        "77",
    )
    found = read(file.encode(), guide(segment("CUX", "min = 1")))
    assert [bool(one.violations) for one in found] == [True, False, True]


def test_codes_that_are_agreed_stop_warning(guide, read) -> None:
    source = orders(faults=Faults(added=(("DTM+137", "RFF+ZZQ:1"),)))
    assert [fault.code for fault in read(source, guide("", ""))[0].violations] == ["code.unknown"]
    assert read(source, guide("", '[codes]\n1153 = ["ZZQ"]'))[0].violations == ()
    assert read(source, guide(segment("RFF", 'qualifier = "ZZQ"')))[0].violations == ()
    assert read(source, guide("", '[codes]\n2005 = ["ZZQ"]'))[0].violations != ()


def test_other_message_types_are_judged_by_the_directory_alone(read) -> None:
    other = parse_guide(b'[[messages]]\ntype = "INVRPT"\nrelease = "D.96A"\nclosed = true\n', "acme")
    assert read(orders(), other) == read(orders(), None)


@given(
    quantities=st.lists(st.integers(1, 99_999), min_size=1, max_size=4),
    prices=st.lists(st.booleans(), min_size=4, max_size=4),
    broken=st.booleans(),
)
def test_both_ways_of_reading_find_the_same(quantities: list[int], prices: list[bool], *, broken: bool) -> None:
    """An unknown segment sends a message to the exact validator; the guide's own faults are the same either way."""
    rules = segment("LIN/PRI", "min = 1") + segment("LIN/QTY", 'elements = [{ at = "1.2", format = "n..4" }]')
    head = f'[leniency]\n"segment.unknown" = "ignored"\n[[messages]]\ntype = "ORDERS"\nrelease = "D.96A"\n{rules}'
    agreed = parse_guide(head.encode(), "acme")
    lines = [
        OrdersLine(quantity=str(quantity), price="1.00" if price else "")
        for quantity, price in zip(quantities, prices, strict=False)
    ]
    faults = Faults(added=(("CNT", "XYZ+1"),)) if broken else Faults()
    source = InterchangeFile([OrdersMessage("A1", DAY, tuple(lines), faults=faults)], "77").encode()
    decoder = EdifactDecoder()
    (interchange,) = decoder.scan(source)
    (decoded,) = decoder.decode(source, interchange, interchange.messages, agreed)
    expected = sum(not price for price in prices[: len(lines)]) + sum(quantity > 9999 for quantity in quantities)
    assert len(decoded.violations) == expected
    assert (decoded.document is None) is bool(expected)
    assert all(fault.offset is not None and fault.severity is Severity.ERROR for fault in decoded.violations)


@pytest.mark.parametrize(
    ("value", "wanted", "right"),
    [
        ("123", "n..3", True),
        ("-1.23", "n..3", True),
        ("1234", "n..3", False),
        ("12A", "n..3", False),
        ("123", "n4", False),
        ("AB", "a..3", True),
        ("A1", "a..3", False),
        ("A1", "an2", True),
        ("", "an..3", True),
    ],
)
def test_formats_are_read_as_the_directories_write_them(value: str, wanted: str, right: bool) -> None:
    kind = wanted.rstrip("0123456789.")
    size = wanted[len(kind) :]
    most = int(size.lstrip("."))
    assert fits(value, Format(kind, 0 if size.startswith(".") else most, most), ".") is right
