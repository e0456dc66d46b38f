"""The first pass: fault table of ARCHITECTURE section 2, rows on envelope, counts and references."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest


def codes(interchange):
    return [violation.code for violation in interchange.violations]


def test_a_clean_interchange_tells_its_envelope(decoder, several):
    source = several("A", "B", test="1")
    (interchange,) = decoder.scan(source)
    assert interchange.violations == ()
    assert interchange.readable
    assert (interchange.offset, interchange.length) == (0, len(source))
    assert (interchange.sender, interchange.sender_qualifier) == ("5412345000013", "14")
    assert (interchange.recipient, interchange.recipient_qualifier) == ("4012345500004", "14")
    assert interchange.control_reference == "REF1"
    assert interchange.prepared_at == datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
    assert interchange.application_reference == "ORDERS"
    assert interchange.test
    assert [(span.reference, span.type, span.release_name) for span in interchange.messages] == [
        ("A", "ORDERS", "D.96A"),
        ("B", "ORDERS", "D.96A"),
    ]
    for span in interchange.messages:
        cut = source[span.offset : span.offset + span.length]
        assert cut.startswith(b"UNH+")
        assert cut.endswith(f"+{span.reference}'".encode())


def test_the_request_for_an_acknowledgement_is_read(decoder):
    (interchange,) = decoder.scan(b"UNB+UNOA:3+A+B+261122:0800+1++++1'UNH+1+X:D:96A:UN'UNT+2+1'UNZ+1+1'")
    assert interchange.acknowledgement_request == "1"


@pytest.mark.parametrize("source", [b"", b"  \r\n", b"\x00\x00", b"\xef\xbb\xbf\n"])
def test_nothing_is_one_unreadable_interchange(decoder, source):
    (interchange,) = decoder.scan(source)
    assert codes(interchange) == ["source.empty"]
    assert interchange.failed
    assert not interchange.readable


@pytest.mark.parametrize("source", [b"hello", b"%PDF-1.7\n", bytes(range(256)), b"UNA:+.? '", b"UNB", b"x" * 100_000])
def test_what_is_not_edifact_says_so(decoder, source):
    (interchange,) = decoder.scan(source)
    assert codes(interchange) == ["source.not_edifact"]
    assert interchange.violations[0].offset == 0


def test_messages_without_unb_are_refused(decoder, several):
    source = several("1")
    source = source[source.index(b"UNH") :]
    (interchange,) = decoder.scan(source)
    assert codes(interchange) == ["envelope.unb_missing"]
    assert not interchange.readable


def test_missing_unz_fails_a_readable_interchange(decoder, several):
    source = several("1", "2")
    cut = source[: source.index(b"UNZ")]
    (interchange,) = decoder.scan(cut)
    assert codes(interchange) == ["envelope.unz_missing"]
    assert interchange.failed
    assert interchange.readable
    assert interchange.violations[0].offset == len(cut)
    assert interchange.violations[0].syntax_code == "13"


def test_a_file_cut_in_a_segment_fails_and_marks_its_last_message(decoder, several):
    source = several("1", "2")
    cut = source[: source.rindex(b"PRI") + 2]
    (interchange,) = decoder.scan(cut)
    assert codes(interchange) == ["envelope.unz_missing"]
    assert [[v.code for v in span.violations] for span in interchange.messages] == [[], ["envelope.unt_missing"]]


@pytest.mark.parametrize(
    ("old", "new", "code", "syntax_code"),
    [
        (b"UNZ+1+REF1", b"UNZ+2+REF1", "envelope.unz_count", "29"),
        (b"UNZ+1+REF1", b"UNZ+1+REF2", "envelope.unz_reference", "28"),
        (b"UNZ+1+REF1", b"UNZ++REF1", "envelope.unz_count", "29"),
    ],
)
def test_wrong_trailer_of_the_interchange_holds_and_does_not_refuse(decoder, several, *, old, new, code, syntax_code):
    source = several("1").replace(old, new)
    (interchange,) = decoder.scan(source)
    assert codes(interchange) == [code]
    assert not interchange.failed
    assert interchange.violations[0].hold == "document.count_mismatch"
    assert interchange.violations[0].syntax_code == syntax_code
    assert interchange.violations[0].offset == source.index(b"UNZ")


@pytest.mark.parametrize(
    ("old", "new", "code", "syntax_code"),
    [
        (b"UNT+11+1", b"UNT+12+1", "envelope.unt_count", "29"),
        (b"UNT+11+1", b"UNT+11+2", "envelope.unt_reference", "28"),
    ],
)
def test_wrong_trailer_of_a_message_holds_that_message(decoder, several, *, old, new, code, syntax_code):
    source = several("1").replace(old, new)
    (interchange,) = decoder.scan(source)
    assert interchange.violations == ()
    (fault,) = interchange.messages[0].violations
    assert (fault.code, fault.severity, fault.hold) == (code, "warning", "document.count_mismatch")
    assert (fault.syntax_code, fault.segment, fault.tag) == (syntax_code, 11, "UNT")
    assert fault.offset == source.index(b"UNT")


def test_released_terminators_do_not_count_as_segments(decoder, order):
    source = order(header=("BGM+220+PO1+9", "DTM+137:20261122:102", "FTX+AAI+++chef?'s ??", "NAD+BY+1::9"))
    (interchange,) = decoder.scan(source)
    assert interchange.messages[0].violations == ()


def test_several_interchanges_with_a_una_each_are_told_apart(decoder, several):
    first = several("1", una="UNA:+.? '")
    second = several("1", "2").replace(b"'", b"~").replace(b"+", b"|").replace(b":", b"^")
    second = b"UNA^|.? ~" + second
    third = several("9")
    source = first + b"\r\n" + second + b"\n\n" + third
    found = decoder.scan(source)
    assert [len(interchange.messages) for interchange in found] == [1, 2, 1]
    assert [interchange.violations for interchange in found] == [(), (), ()]
    assert [interchange.ordinal for interchange in found] == [0, 1, 2]
    assert source[found[1].offset :].startswith(b"UNA^|")
    assert found[1].sender == "5412345000013"


def test_a_second_interchange_closes_one_without_unz(decoder, several):
    source = several("1")
    found = decoder.scan(source[: source.index(b"UNZ")] + source)
    assert [codes(interchange) for interchange in found] == [["envelope.unz_missing"], []]


@pytest.mark.parametrize("una", [b"UNA:+.? '", b"UNA:+.? '\r\n", b"UNA:+,?*'"])
def test_una_that_is_repeated_is_told_and_passed_over(decoder, several, una):
    source = several("A", "B")
    for tag in (b"UNH+A", b"UNH+B", b"UNZ"):
        source = source.replace(tag, una + tag)
    (interchange,) = decoder.scan(source)
    faults = interchange.violations
    assert codes(interchange) == ["envelope.una_repeated"] * 3
    assert {(fault.severity.value, fault.tag, fault.value) for fault in faults} == {
        ("warning", "UNA", una.rstrip().decode())
    }
    assert [source[fault.offset :][: len(una)] for fault in faults] == [una] * 3
    assert [(span.reference, span.violations) for span in interchange.messages] == [("A", ()), ("B", ())]
    assert [source[span.offset :][:5] for span in interchange.messages] == [b"UNH+A", b"UNH+B"]


def test_una_that_is_repeated_between_groups_harms_none(decoder):
    una, group = b"UNA:+.? '", b"UNG+ORDERS+A+B+261122:0800+%d+UN+D:96A'"
    message = b"UNH+1+ORDERS:D:96A:UN'BGM+220+A+9'UNT+3+1'"
    opened = b"UNB+UNOA:3+A+B+261122:0800+1'"
    closed = [group % number + una + message + una + b"UNE+1+%d'" % number for number in (1, 2)]
    (interchange,) = decoder.scan(opened + una + una.join(closed) + una + b"UNZ+2+1'")
    assert set(codes(interchange)) == {"envelope.una_repeated"}
    assert len(codes(interchange)) == 7
    assert [group.size for group in interchange.groups] == [1, 1]


def test_una_does_not_hide_what_stands_around_it(decoder, several):
    """A stray segment before it, a message that is not closed before it."""
    source = several("A", "B")
    (interchange,) = decoder.scan(source.replace(b"UNH+A", b"XYZ+1'UNA:+.? 'UNH+A"))
    assert [[fault.code for fault in span.violations] for span in interchange.messages] == [
        ["envelope.unh_missing"],
        [],
        [],
    ]
    unclosed = source[: source.index(b"UNT+")] + b"UNA:+.? '" + source[source.index(b"UNH+B") :]
    (interchange,) = decoder.scan(unclosed)
    first, second = interchange.messages
    assert [fault.code for fault in first.violations] == ["envelope.unt_missing"]
    assert first.offset + first.length == unclosed.rindex(b"UNA")
    assert second.violations == ()


def test_una_twice_before_unb_is_told(decoder, several):
    source = b"UNA:+.? '\nUNA:+.? '" + several("A")
    (interchange,) = decoder.scan(source)
    assert [(fault.code, fault.offset) for fault in interchange.violations] == [("envelope.una_repeated", 0)]


def test_una_as_a_segment_of_a_message_is_a_fault_of_the_message(decoder, order, read):
    decoded = read(order("LIN+1++4000862141404:EN", "UNA:+.? ", "QTY+21:48:PCE"))
    assert ("segment.unknown", "UNA") in [(fault.code, fault.tag) for fault in decoded.violations]


def test_una_inside_of_text_does_not_change_the_separators(decoder, order, read):
    header = ("BGM+220+PO1+9", "DTM+137:20261122:102", "FTX+AAI+++see ?'UNA*!.# ~UNB here", "NAD+BY+1::9")
    decoded = read(order(header=header))
    assert decoded.document.notes == ("see 'UNA*!.# ~UNB here",)


def test_functional_groups_are_passed_through_and_checked(decoder, several):
    source = several("1", "2").replace(b"UNZ+2", b"UNE+2+7'UNZ+1")
    source = source.replace(b"UNH+1", b"UNG+ORDERS+A+B+261122:0800+7+UN+D:96A'UNH+1", 1)
    (interchange,) = decoder.scan(source)
    assert interchange.violations == ()
    assert len(interchange.messages) == 2
    (wrong,) = decoder.scan(source.replace(b"UNE+2+7", b"UNE+3+8"))
    assert codes(wrong) == ["envelope.une_count", "envelope.une_reference"]
    assert {violation.hold for violation in wrong.violations} == {"document.count_mismatch"}


def test_junk_is_told_and_passed_over(decoder, several):
    source = b"To: edi@example\r\n\r\n" + several("1") + b"-- \r\nend of mail" + several("2") + b"trailing"
    found = decoder.scan(source)
    assert [codes(interchange) for interchange in found] == [
        ["envelope.junk"],
        ["envelope.junk", "envelope.junk"],
    ]
    assert not any(interchange.failed for interchange in found)
    assert found[0].violations[0].value.startswith("To: edi")


def test_a_message_after_unz_is_not_lost(decoder, several):
    whole = several("1")
    stray = whole[whole.index(b"UNH") : whole.index(b"UNZ")]
    found = decoder.scan(whole + stray)
    assert [codes(interchange) for interchange in found] == [[], ["envelope.unb_missing"]]


def test_segments_without_unh_are_a_refused_message(decoder, several):
    source = several("1", "2").replace(b"UNH+1+ORDERS:D:96A:UN'", b"", 1)
    (interchange,) = decoder.scan(source)
    assert [[v.code for v in span.violations] for span in interchange.messages] == [["envelope.unh_missing"], []]
    assert interchange.violations == ()


def test_a_message_without_unt_harms_no_other(decoder, several):
    source = several("1", "2").replace(b"UNT+11+1'", b"", 1)
    (interchange,) = decoder.scan(source)
    assert [[v.code for v in span.violations] for span in interchange.messages] == [["envelope.unt_missing"], []]


def test_no_message_at_all_is_refused(decoder):
    (interchange,) = decoder.scan(b"UNB+UNOA:3+A+B+261122:0800+1'UNZ+0+1'")
    assert codes(interchange) == ["envelope.no_messages"]
    assert interchange.readable


@pytest.mark.parametrize(
    ("unb", "code", "syntax_code"),
    [
        ("UNB+UNOX:4+A+B+20261122:0800+1", "charset.unsupported", "46"),
        ("UNB+XXXX:3+A+B+261122:0800+1", "charset.unsupported", "46"),
        ("UNB+UNOA:9+A+B+261122:0800+1", "envelope.syntax_version", "2"),
    ],
)
def test_what_cannot_be_read_is_refused_politely(decoder, unb, code, syntax_code):
    (interchange,) = decoder.scan(f"{unb}'UNH+1+ORDERS:D:96A:UN'UNT+2+1'UNZ+1+1'".encode())
    assert codes(interchange) == [code]
    assert interchange.failed
    assert interchange.readable
    assert interchange.violations[0].syntax_code == syntax_code


@pytest.mark.parametrize("unb", ["UNB+UNOA:3++B+261122:0800+1", "UNB+UNOA:3+A+B", "UNB+"])
def test_an_unb_without_its_parts_is_unreadable(decoder, unb):
    (interchange,) = decoder.scan(f"{unb}'UNH+1+ORDERS:D:96A:UN'UNT+2+1'UNZ+1+1'".encode())
    assert not interchange.readable
    assert "envelope.unb_incomplete" in codes(interchange)


def test_foreign_separators_without_una_are_told_by_unb(decoder):
    (interchange,) = decoder.scan(b'UNB"UNOB=1"A"B"000101=1050"1;UNH"1"ORDERS=D=96A=UN;UNT"2"1;UNZ"1"1;')
    assert codes(interchange) == ["envelope.separators_inferred"]
    assert (interchange.sender, interchange.control_reference, len(interchange.messages)) == ("A", "1", 1)


def test_foreign_separators_that_nothing_tells_are_named(decoder):
    (interchange,) = decoder.scan(b'UNB"UNOB=1"A"B"000101=1050"1;BGM"220"1;UNZ"1"1;')
    assert codes(interchange) == ["envelope.separators_unknown"]
    assert interchange.failed


def test_non_printing_separators_of_level_b_are_read(decoder, several):
    source = several("1", charset="UNOB:1").replace(b"'", b"\x1c").replace(b"+", b"\x1d").replace(b":", b"\x1f")
    (interchange,) = decoder.scan(source)
    assert interchange.violations == ()
    (decoded,) = decoder.decode(source, interchange, interchange.messages)
    assert decoded.document.buyer_reference == "PO1"


def test_a_repeated_message_reference_is_told(decoder, several):
    (interchange,) = decoder.scan(several("1", "1"))
    assert [[v.code for v in span.violations] for span in interchange.messages] == [
        [],
        ["envelope.message_reference_repeated"],
    ]


def test_an_incomplete_unh_refuses_its_message(decoder, several, read):
    decoded = read(several("1").replace(b"UNH+1+ORDERS:D:96A:UN", b"UNH+1"))
    assert decoded.document is None
    assert [violation.code for violation in decoded.violations] == ["envelope.unh_incomplete"]


def test_a_last_segment_without_terminator_is_told(decoder, several):
    (interchange,) = decoder.scan(several("1")[:-1])
    assert codes(interchange) == ["envelope.unz_unterminated"]
    assert not interchange.failed


def test_fifty_megabytes_without_a_terminator_are_judged_at_once(decoder, several):
    source = several("1")
    at = source.index(b"UNS")
    for content in (b"x", b"?", b"+"):
        big = source[:at] + b"FTX+AAI+++" + content * 50_000_000
        (interchange,) = decoder.scan(big)
        assert codes(interchange) == ["envelope.unz_missing"]
    del big
    closed = source[:at] + b"FTX+AAI+++" + b"x" * 50_000_000 + b"'" + source[at:]
    (interchange,) = decoder.scan(closed)
    (decoded,) = decoder.decode(closed, interchange, interchange.messages)
    assert "segment.too_long" in [violation.code for violation in decoded.violations]
    assert decoded.failed


@pytest.mark.parametrize("content", [b"UNA:+.? '\r\nUNB+UNOA:1+", b"\xef\xbb\xbfUNB+", b"\n\nUNH+1", b"UNB\r\n+"])
def test_edifact_is_recognised(decoder, content):
    assert decoder.sniff(content)


@pytest.mark.parametrize("content", [b"", b"ISA*00*", b"<?xml", b"%PDF", b"UNIT,1", b"{}"])
def test_other_formats_are_not_taken_for_edifact(decoder, content):
    assert not decoder.sniff(content)


GROUPS = (
    b"UNB+UNOC:3+A+B+261122:0800+9'"
    b"UNG+ORDERS+APP-A:14+APP-B+261122:0800+7+UN+D:96A'UNH+1+ORDERS:D:96A:UN'UNT+2+1'UNH+2+ORDERS:D:96A:UN'UNT+2+2'UNE+2+7'"
    b"UNG+ORDERS+APP-A+APP-B+261122:0800+8+UN+D:96A'UNH+3+ORDERS:D:96A:UN'UNT+2+3'UNE+1+8'"
    b"UNZ+2+9'"
)


def test_groups_say_what_they_hold(decoder):
    (interchange,) = decoder.scan(GROUPS)
    assert interchange.violations == ()
    first, second = interchange.groups
    assert (first.reference, first.type, first.first, first.size) == ("7", "ORDERS", 0, 2)
    assert (first.sender, first.sender_qualifier, first.recipient) == ("APP-A", "14", "APP-B")
    assert GROUPS[first.offset : first.offset + first.length].startswith(b"UNG+ORDERS+APP-A:14")
    assert GROUPS[first.offset : first.offset + first.length].endswith(b"UNE+2+7'")
    assert (second.reference, second.first, second.size) == ("8", 2, 1)
    assert [interchange.group_of(ordinal) for ordinal in range(4)] == [first, first, second, None]


def test_a_group_reference_used_twice_and_an_empty_group_are_told(decoder):
    source = GROUPS.replace(b"+8+UN", b"+7+UN").replace(b"UNE+1+8", b"UNE+1+7")
    (interchange,) = decoder.scan(source)
    (found,) = interchange.violations
    assert (found.code, found.level, found.syntax_code, found.element) == (
        "envelope.group_reference_repeated",
        "group",
        "26",
        5,
    )
    assert found.offset == source.rindex(b"UNG")
    empty = GROUPS.replace(b"UNH+3+ORDERS:D:96A:UN'UNT+2+3'UNE+1+8", b"UNE+0+8")
    (interchange,) = decoder.scan(empty)
    assert [(found.code, found.syntax_code) for found in interchange.violations] == [("envelope.group_empty", "32")]


def test_a_group_that_is_never_closed_holds_its_messages(decoder):
    (interchange,) = decoder.scan(GROUPS[: GROUPS.index(b"UNE+1+8")])
    assert codes(interchange) == ["envelope.unz_missing"]
    assert interchange.groups[1].size == 1


def test_an_error_of_a_group_refuses_the_group_and_not_the_interchange(decoder):
    (interchange,) = decoder.scan(GROUPS.replace(b"UNE+2+7", b"UNE+5+7"))
    (found,) = interchange.violations
    harder = replace(interchange, violations=(found._replace(severity="error"),))
    assert not harder.failed
    assert [bool(group.errors(harder.violations)) for group in harder.groups] == [True, False]
