"""The exact validator: every fault at once, each with its place and its code of UN data element 0085."""

from __future__ import annotations

import pytest


def seen(decoded):
    return [(v.code, v.segment, v.tag, v.element, v.component, v.syntax_code) for v in decoded.violations]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("LIN+1++1:EN", "QTY+21:ABC"), ("value.not_numeric", 7, "QTY", 1, 2, "37")),
        (("LIN+1++1:EN", "QTY+21:1e30"), ("value.not_numeric", 7, "QTY", 1, 2, "37")),
        (("LIN+1++1:EN", "QTY+21:1,5"), ("value.decimal_mark", 7, "QTY", 1, 2, "19")),
        (("LIN+1++1:EN", "QTY+21:1234567890123456"), ("value.too_long", 7, "QTY", 1, 2, "39")),
        (("LIN+1++1:EN", "IMD+F++:::" + "x" * 36, "QTY+21:1"), ("value.too_long", 7, "IMD", 3, 4, "39")),
        (("LIN+1++1:EN", "QTY+21:1", "PRI+:2"), ("component.missing", 8, "PRI", 1, 1, "13")),
        (("LIN+1++1:EN", "QTY+21:1", "FTX+"), ("element.missing", 8, "FTX", 1, None, "13")),
        (("LIN+1++1:EN", "QTY+21:1:PCE:X"), ("component.too_many", 7, "QTY", 1, 4, "16")),
        (("LIN+1++1:EN", "QTY+21:1:PCE+X"), ("element.too_many", 7, "QTY", 2, None, "16")),
        (("LIN+1++1:EN", "QTY+21:1", "PRI+AAA:2", "MOA+203:2"), ("segment.misplaced", 9, "MOA", None, None, "15")),
        (("LIN+1++1:EN", "QTY+21:1", "XYZ+1"), ("segment.unknown", 8, "XYZ", None, None, "15")),
        (("LIN+1++1:EN", *["QTY+21:1"] * 11), ("segment.too_many", 17, "QTY", None, None, "35")),
        (("LIN+1++1:EN", "QTY+21:1", *["PRI+AAA:2"] * 26), ("group.too_many", 33, "PRI", None, None, "36")),
        (("LIN+1++1:EN", "QTY+21:1", "FTX+AAI+++a\x01b"), ("value.control_character", 8, "FTX", 4, 1, "21")),
    ],
)
def test_each_fault_has_its_place_and_code(order, read, lines, expected):
    source = order(*lines)
    decoded = read(source)
    assert decoded.document is None
    assert seen(decoded) == [expected]
    fault = decoded.violations[0]
    assert fault.severity == "error"
    assert fault.message
    if fault.value:
        assert source[fault.offset :].startswith(fault.value.encode())
    elif fault.element is None:
        assert source[fault.offset :].startswith(fault.tag.encode())


def test_missing_segments_are_named_after_the_last_one_before(order, read):
    source = order(header=("BGM+220+PO1+9", "NAD+BY+1::9")).replace(b"UNS+S'", b"").replace(b"UNT+9", b"UNT+8")
    decoded = read(source)
    assert seen(decoded) == [
        ("segment.missing", 2, "DTM", None, None, "13"),
        ("segment.missing", 7, "UNS", None, None, "13"),
    ]
    assert decoded.violations[0].offset == source.index(b"'NAD")


def test_all_faults_are_told_at_once_in_the_order_of_the_bytes(order, read):
    decoded = read(order("LIN+1++1:EN", "QTY+21:ABC", "ZZZ+1", "PRI+AAA:x", "LIN+2++2:EN", "QTY+21:0"))
    assert [violation.code for violation in decoded.violations] == [
        "value.not_numeric",
        "segment.unknown",
        "value.not_numeric",
        "quantity.not_positive",
    ]
    offsets = [violation.offset for violation in decoded.violations]
    assert offsets == sorted(offsets)


def test_a_missing_digit_is_a_warning(order, read):
    decoded = read(order("LIN+1++1:EN", "QTY+21:.5:KGM"))
    assert [(v.code, v.severity, v.syntax_code) for v in decoded.violations] == [
        ("value.decimal_digit", "warning", "38")
    ]
    assert str(decoded.document.lines[0].quantity) == "0.5"


@pytest.mark.parametrize(
    ("lines", "tag", "value"),
    [
        (("LIN+1++1:QQ", "QTY+21:1"), "LIN", "QQ"),
        (("LIN+1++1:EN", "QTY+21:1", "QTY+QQQ:1"), "QTY", "QQQ"),
        (("LIN+1++1:EN", "QTY+21:1", "TAX+0+VAT"), "TAX", "0"),
    ],
)
def test_an_unknown_code_is_a_warning_and_the_order_stands(order, read, lines, tag, value):
    source = order(*lines)
    decoded = read(source)
    assert decoded.document is not None
    (warning,) = decoded.violations
    assert (warning.code, warning.severity, warning.tag, warning.value) == ("code.unknown", "warning", tag, value)
    assert warning.syntax_code == "12"
    assert source[warning.offset :].startswith(value.encode())


def test_codes_of_another_owner_are_not_judged(order, read):
    assert read(order("LIN+1++1:QQ::92", "QTY+21:1")).violations == ()


def test_units_outside_of_the_list_pass_without_a_word(order, read):
    assert read(order("LIN+1++1:EN", "QTY+21:1:PCE")).violations == ()


def test_a_flood_of_faults_is_summed_up(order, read):
    decoded = read(order("LIN+1++1:EN", "QTY+21:1", *["A"] * 5000))
    assert len(decoded.violations) < 1100
    assert "message.more_faults" in [violation.code for violation in decoded.violations]


@pytest.mark.parametrize("identifier", ["ORDERS:D:92A:UN", "ORDERS:1:921:UN", "DELFOR:D:96A:UN", "NONSEN:D:96A:UN"])
def test_what_has_no_table_is_code_3(order, read, identifier):
    decoded = read(order().replace(b"ORDERS:D:96A:UN", identifier.encode()))
    assert [(v.code, v.syntax_code, v.severity) for v in decoded.violations] == [("message.unsupported", "3", "error")]
    assert decoded.document is None


@pytest.mark.parametrize("identifier", ["ORDERS:D:93A:UN", "ORDERS:D:96B:UN", "ORDERS:S:95A:UN"])
def test_a_release_without_a_table_is_read_by_the_nearest_and_said_so(order, read, identifier):
    decoded = read(order().replace(b"ORDERS:D:96A:UN", identifier.encode()))
    assert [(v.code, v.severity, v.segment) for v in decoded.violations] == [("message.release_stand_in", "warning", 1)]
    assert decoded.document is not None


BUYER = ("BGM+220+PO1+9", "DTM+137:20261122:102", "NAD+BY+5412345000013::9", "CTA+OC+:Anna")
SYNTAX_4 = {"una": "UNA:+.?*'", "charset": "UNOC:4", "release": "24A"}


def test_syntax_4_repeats_an_element_behind_its_own_character(order, read):
    """ISO 9735-1 (syntax 4), 8.6: COM C076 may stand three times (D.24A)."""
    line = ("LIN+1++4000862141404:SRV", "QTY+21:48:H87")
    decoded = read(order(*line, header=(*BUYER, "COM+1:TE*2:EM"), **SYNTAX_4))
    assert decoded.violations == ()
    assert (decoded.document.buyer.phone, decoded.document.buyer.email) == ("1", "2")
    assert read(order(*line, header=(*BUYER, "COM+1:TE+2:EM"), **SYNTAX_4)).document == decoded.document


@pytest.mark.parametrize(
    ("segment", "element", "value"),
    [("COM+1:TE*2:EM*3:FX*4:AL", 4, "4"), ("CTA+OC*PD+:Anna", 2, "PD"), ("COM+1:TE*2:EM*3:FX*4:AL*5:AL", 4, "4")],
)
def test_what_repeats_too_often_is_told_where(order, read, segment, element, value):
    decoded = read(order(header=(*BUYER, segment), **SYNTAX_4))
    first = next(violation for violation in decoded.violations if violation.code == "element.repeated")
    assert (first.tag, first.element, first.value, first.syntax_code) == (segment[:3], element, value, "35")
    assert decoded.failed
