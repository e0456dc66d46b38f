"""Separators that nothing follows: told under syntax 4, whose list of errors has a code for them (45)."""

from __future__ import annotations

import pytest

SYNTAX_4 = {"una": "UNA:+.?*'", "charset": "UNOC:4"}
BUYER = "NAD+BY+5412345000013::9"
HEADER = ("BGM+220+PO1+9", "DTM+137:20261122:102", BUYER)


def trailing(decoded) -> list[tuple[int, str, int, int | None]]:
    return [
        (fault.segment, fault.tag, fault.element, fault.component)
        for fault in decoded.violations
        if fault.code == "syntax.trailing_separator"
    ]


@pytest.mark.parametrize(
    ("segment", "element", "component"),
    [
        ("NAD+BY+5412345000013::9+", 3, None),
        ("NAD+BY+5412345000013::9++++", 6, None),
        ("NAD+BY+5412345000013::9:", 2, 4),
        ("NAD+BY+5412345000013::9:+++Anna", 2, 4),
        ("NAD+BY+5412345000013::9*", 3, None),
        ("NAD+BY+5412345000013::9*+++Anna", 3, None),
    ],
)
def test_a_separator_that_nothing_follows_is_told_where_it_stands(order, read, segment, element, component):
    source = order(header=(*HEADER[:2], segment), **SYNTAX_4)
    decoded = read(source)
    assert trailing(decoded) == [(4, "NAD", element, component)]
    (fault,) = [fault for fault in decoded.violations if fault.code == "syntax.trailing_separator"]
    assert (fault.severity, fault.syntax_code) == ("warning", "45")
    assert source[fault.offset - 1 : fault.offset] in b"+:*"
    assert source[fault.offset : fault.offset + 1] in b"+'"
    assert decoded.document is not None


@pytest.mark.parametrize("text", ["a?+", "a?:", "a?*", "a??"])
def test_a_released_mark_is_text(order, read, text):
    note = f"FTX+AAI+++{text}"
    assert trailing(read(order(header=(*HEADER, note), **SYNTAX_4))) == []


def test_a_wrapped_file_has_its_marks_where_they_are_joined(order, read):
    source = order(header=(*HEADER[:2], BUYER + "++"), end="'\r\n", **SYNTAX_4)
    assert trailing(read(source.replace(b"::9++'", b"::9+\r\n+\r\n'"))) == [(4, "NAD", 4, None)]


def test_syntax_3_has_no_word_for_it(order, read):
    assert read(order(header=(*HEADER[:2], BUYER + "+++"))).violations == ()


def test_those_of_unb_are_told_of_the_interchange(decoder, order):
    source = order(charset="UNOC:4").replace(b"+REF1++ORDERS'", b"+REF1++ORDERS++'")
    (interchange,) = decoder.scan(source)
    (fault,) = interchange.violations
    assert (fault.code, fault.severity, fault.tag, fault.element) == ("syntax.trailing_separator", "warning", "UNB", 9)
    (interchange,) = decoder.scan(source.replace(b"UNOC:4", b"UNOC:3"))
    assert interchange.violations == ()


def test_so_many_are_told_and_no_more(order, read):
    lines = [segment for _ in range(120) for segment in ("LIN+1++4000862141404:EN+", "QTY+21:48:PCE")]
    assert len(trailing(read(order(*lines, **SYNTAX_4)))) == 99
