"""Separators, character sets and layouts: the same order in every dress."""

from __future__ import annotations

import pytest

from adapters.edi.dialect import Separators, is_wrapped, read_una, with_syntax

TEXT = ("LIN+1++4000862141404:EN", "IMD+F++:::Käse 250 g", "QTY+21:48:PCE")


@pytest.mark.parametrize(
    ("charset", "codec"),
    [("UNOC:3", "latin-1"), ("UNOD:3", "iso8859-2"), ("UNOK:3", "iso8859-9"), ("UNOY:4", "utf-8"), ("UNOW:4", "utf-8")],
)
def test_the_character_set_of_unb_is_used(order, read, charset, codec):
    source = order(*TEXT).decode("latin-1").replace("UNOC:3", charset).encode(codec)
    decoded = read(source)
    assert decoded.document.lines[0].description == "Käse 250 g"
    assert decoded.violations == ()


def test_cyrillic_and_greek_sets_are_read(order, read):
    for charset, codec, word in (("UNOE:3", "iso8859-5", "Сыр"), ("UNOF:3", "iso8859-7", "Τυρί")):
        source = order("LIN+1++1:EN", f"IMD+F++:::{word}", "QTY+21:1", charset="UNOY:4").decode()
        decoded = read(source.replace("UNOY:4", charset).encode(codec))
        assert decoded.document.lines[0].description == word


@pytest.mark.parametrize(
    ("charset", "codec", "code"),
    [
        ("UNOC:3", "utf-8", "charset.mismatch"),
        ("UNOY:4", "latin-1", "charset.mismatch"),
        ("UNOB:3", "latin-1", "charset.mismatch"),
        ("UNOB:3", "utf-8", "charset.mismatch"),
    ],
)
def test_a_lie_about_the_character_set_is_a_warning_and_the_value_is_read(order, read, charset, codec, code):
    source = order(*TEXT).decode("latin-1").replace("UNOC:3", charset).encode(codec)
    decoded = read(source)
    assert decoded.document.lines[0].description == "Käse 250 g"
    (warning,) = decoded.violations
    assert (warning.code, warning.severity) == (code, "warning")
    assert source[warning.offset] > 0x7F


def test_lower_case_in_level_a_is_a_warning(order, read):
    source = order("LIN+1++1:EN", "IMD+F++:::cheese", "QTY+21:1", charset="UNOA:3")
    decoded = read(source)
    assert decoded.document.lines[0].description == "cheese"
    (warning,) = decoded.violations
    assert (warning.code, source[warning.offset : warning.offset + 6]) == ("charset.level", b"cheese")


def test_upper_case_with_own_separators_is_level_a(order, read):
    source = order("LIN+1++1:EN", "QTY+21:1", charset="UNOA:3").replace(b"'", b"~").replace(b"+", b"|")
    assert read(b"UNA:|.? ~" + source).violations == ()


@pytest.mark.parametrize("end", ["'\n", "'\r\n", "' \r\n", "'\n\n", "'\n   "])
def test_line_ends_and_indents_after_segments_are_layout(order, read, end):
    decoded = read(order(end=end))
    assert decoded.document.lines[0].quantity == 48
    assert decoded.violations == ()


@pytest.mark.parametrize("width", [80, 41])
@pytest.mark.parametrize("feed", [b"\r\n", b"\n"])
def test_wrapped_files_are_read_as_if_they_were_not(decoder, order, read, width, feed):
    plain = order(
        "LIN+1++4000862141404:EN",
        "IMD+F++:::chef?'s choice 2?+1",
        "QTY+21:48:PCE",
        header=("BGM+220+PO1+9", "DTM+137:20261122:102", "FTX+AAI+++" + "A ??" * 12, "NAD+BY+5412345000013::9"),
    )
    for shift in range(8):
        padded = plain.replace(b"REF1", b"REF1" + b"X" * shift)
        wrapped = feed.join(padded[at : at + width] for at in range(0, len(padded), width))
        (interchange,) = decoder.scan(wrapped)
        assert interchange.violations == ()
        assert read(wrapped).document == read(padded).document
        assert read(wrapped).violations == ()


def test_a_line_end_inside_a_segment_of_an_unwrapped_file_is_told(order, read):
    decoded = read(order().replace(b"QTY+21:48", b"QTY+21\n:48"))
    assert decoded.document.lines[0].quantity == 48
    assert [violation.code for violation in decoded.violations] == ["syntax.line_break"]


def test_a_line_feed_can_be_the_terminator(order, read):
    source = b"UNA:+.? \n" + order().replace(b"'", b"\n")
    assert read(source).document.lines[0].quantity == 48
    assert read(source.replace(b"\n", b"\r\n").replace(b"? \r\n", b"? \n")).document.lines[0].quantity == 48


def test_byte_order_mark_and_blanks_around_are_passed_over(decoder, order):
    source = b"\xef\xbb\xbf \r\n" + order() + b"\r\n\x1a"
    (interchange,) = decoder.scan(source)
    assert interchange.violations == ()
    assert source[interchange.offset :].startswith(b"UNB")


def test_a_decimal_comma_of_una_is_read(order, read):
    source = b"UNA:+,? '" + order("LIN+1++1:EN", "QTY+21:1,5:KGM", "MOA+203:3,00", "PRI+AAA:2")
    line = read(source).document.lines[0]
    assert (str(line.quantity), str(line.amount), str(line.price)) == ("1.5", "3.00", "2")


def test_the_wrong_decimal_mark_is_refused(order, read):
    decoded = read(order("LIN+1++1:EN", "QTY+21:1,5:KGM"))
    assert [(v.code, v.syntax_code, v.value) for v in decoded.violations] == [("value.decimal_mark", "19", "1,5")]


def test_repetition_of_syntax_4_is_read(order, read):
    header = ("BGM+220+PO1+9", "DTM+137:20261122:102", "NAD+BY+1::9", "CTA+OC+:Anna", "COM+123:TE*a@b.example:EM")
    decoded = read(order(header=header, charset="UNOY:4", release="01B"))
    assert (decoded.document.buyer.phone, decoded.document.buyer.email) == ("123", "a@b.example")


def test_an_asterisk_is_text_before_syntax_4(order, read):
    decoded = read(order("LIN+1++1:EN", "IMD+F++:::5*5", "QTY+21:1"))
    assert decoded.document.lines[0].description == "5*5"


def test_una_with_one_character_in_two_roles_is_refused(decoder, order):
    source = b"UNA++.? '" + order()
    (interchange,) = decoder.scan(source)
    assert [violation.code for violation in interchange.violations] == ["envelope.una_invalid"]


def test_the_reserved_place_of_una_is_repetition_from_syntax_4_on():
    advised = read_una(b"UNA:+.?*'", 0)
    assert with_syntax(advised, "3", advised=True).repetition == ""
    assert with_syntax(advised, "4", advised=True).repetition == "*"
    assert with_syntax(Separators(), "4", advised=False).repetition == "*"


def test_wrapping_needs_equal_lines():
    assert is_wrapped(b"\n".join([b"x" * 80] * 3) + b"\nrest")
    assert not is_wrapped(b"x" * 80 + b"\n" + b"x" * 70 + b"\n" + b"x" * 80)
