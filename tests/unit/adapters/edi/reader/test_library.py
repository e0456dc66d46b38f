"""EDIFACT for scripts: interchanges and their messages from a path, a file or bytes."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from adapters.edi.decoder import EdifactDecoder, segments
from adapters.edi.library import Group, messages, read
from core.errors import GuideInvalid

GOLDEN = Path(__file__).parents[4] / "golden" / "edi"


def codes(violations):
    return [violation.code for violation in violations]


def test_interchanges_give_their_messages_and_then_their_own_faults(several):
    first, second = several("A", "B", test="1"), several("C").replace(b"UNZ+1", b"UNZ+7")
    (one, of_one), (two, of_two) = ((interchange, list(interchange)) for interchange in read(first + second))
    assert (one.sender, one.recipient, one.control_reference) == ("5412345000013", "4012345500004", "REF1")
    assert (one.test, two.test) == (True, False)
    assert [(message.type, message.release, message.reference) for message in of_one] == [
        ("ORDERS", "D.96A", "A"),
        ("ORDERS", "D.96A", "B"),
    ]
    assert of_two[0].offset == len(first) + second.index(b"UNH")
    assert (one.violations, one.failed) == ((), False)
    assert (codes(two.violations), two.failed) == (["envelope.unz_count"], False)
    assert two.violations[0].offset == len(first) + second.index(b"UNZ")
    assert two.envelope.length == len(second)


def test_a_message_is_decoded_when_it_is_asked_for(several):
    (good, bad) = messages(several("A", "B").replace(b"+21:48:", b"+21:0:").replace(b"+21:0:", b"+21:48:", 1))
    assert "decoded" not in vars(good)
    assert (good.document.buyer_reference, good.violations, good.failed) == ("PO1", (), False)
    assert "decoded" in vars(good)
    assert (bad.document, bad.failed) == (None, True)
    assert [(violation.code, violation.tag) for violation in bad.violations] == [("quantity.not_positive", "QTY")]


def test_offsets_count_from_the_beginning_of_the_source(several):
    source = b"\xef\xbb\xbf\r\n" + several("A") + several("B").replace(b"+21:48:", b"+21:0:")
    _, bad = messages(io.BytesIO(source))
    assert bad.offset == source.rindex(b"UNH")
    assert bad.violations[0].offset == source.index(b"0:PCE")
    assert bad.content == source[bad.offset : bad.offset + bad.span.length]


def test_messages_stay_valid_when_reading_has_gone_on(several):
    kept = list(messages(several("A", "B", "C")))
    assert [message.document.buyer_reference for message in kept] == ["PO1"] * 3


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*/*.edi")), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_segments_are_those_of_the_exact_lexer(path):
    source = path.read_bytes()
    for shown, interchange in zip(read(source), EdifactDecoder().scan(source), strict=True):
        exact = [view for view in segments(source, interchange) if view.position]
        assert [view for message in shown for view in message.segments()] == exact


def test_a_message_of_another_type_has_segments_all_the_same():
    source = b"UNB+UNOC:3+A+B+261122:0800+1'UNH+1+ABCDEF:D:96A:UN'BGM+1'UNT+3+1'UNZ+1+1'"
    (message,) = messages(source)
    assert codes(message.violations) == ["message.unsupported"]
    assert [(view.position, view.tag, view.offset, view.elements) for view in message.segments()] == [
        (1, "UNH", 29, [["1"], ["ABCDEF", "D", "96A", "UN"]]),
        (2, "BGM", 51, [["1"]]),
        (3, "UNT", 57, [["3"], ["1"]]),
    ]


def test_faults_of_the_envelope_are_known_at_its_end_only(several):
    (interchange,) = read_all(several("A")[:-10])
    assert codes(interchange.violations) == ["envelope.unz_missing"]
    assert interchange.failed
    stream = read(several("A"))
    early = next(stream)
    with pytest.raises(RuntimeError, match="iterate all messages"):
        _ = early.violations
    with pytest.raises(RuntimeError, match="iterate all messages"):
        _ = early.failed
    assert early.envelope.violations == ()


def read_all(source):
    """Return the interchanges of *source*, read to their ends."""
    found = []
    for interchange in read(source):
        for _ in interchange:
            pass
        found.append(interchange)
    return found


def test_an_iteration_goes_on_where_the_last_one_stopped(several):
    interchange = next(read(several("A", "B", "C")))
    assert next(iter(interchange)).reference == "A"
    assert [message.reference for message in interchange] == ["B", "C"]
    assert list(interchange) == []
    assert interchange.violations == ()


def test_going_on_passes_over_what_was_not_iterated(several):
    first, second = read(several("A", "B") + several("C"))
    assert (first.violations, second.violations) == ((), ())
    assert (first.control_reference, second.control_reference) == ("REF1", "REF1")
    for interchange in (first, second):
        with pytest.raises(RuntimeError, match="before you go on"):
            list(interchange)


@pytest.mark.parametrize(
    ("source", "code"), [(b"", "source.empty"), (b"hello", "source.not_edifact"), (b"UNH+1+X'", "envelope.unb_missing")]
)
def test_a_source_without_an_interchange_gives_one_that_says_why(source, code):
    (interchange,) = read(source)
    assert list(interchange) == []
    assert codes(interchange.violations) == [code]
    assert interchange.failed
    assert not interchange.envelope.readable


def test_junk_belongs_to_the_next_interchange_and_at_the_end_to_the_last(several):
    found = read_all(b"To: us\r\n\r\n" + several("A") + b"between" + several("B") + b"-- \nbye")
    assert [codes(interchange.violations) for interchange in found] == [
        ["envelope.junk"],
        ["envelope.junk", "envelope.junk"],
    ]


def test_a_message_above_the_limit_is_an_error_and_the_others_are_read(several, order):
    large = order(*[part for line in range(1, 400) for part in (f"LIN+{line}++4000862141404:EN", "QTY+21:48:PCE")])
    source = several("A") + large + several("B")
    for chunk in (50, 1_000_000):
        one, two, three = (list(interchange) for interchange in read(source, message_limit=5000, chunk_bytes=chunk))
        assert [message.failed for message in (*one, *three)] == [False, False]
        (fault,) = two[0].violations
        assert (fault.code, fault.offset) == ("message.too_large", two[0].offset)
        assert fault.parameters == {"size": two[0].span.length, "most": 5000}
        assert (two[0].content, list(two[0].segments()), two[0].failed) == (b"", [], True)
    assert all(not message.failed for message in messages(source))


GUIDE = """
[leniency]
"envelope.unz_count" = "ignored"
"envelope.unt_count" = "error"
"quantity.not_positive" = "error"
[[messages]]
type = "ORDERS"
release = "D.96A"
[[messages.segments]]
path = "BGM"
elements = [{ at = "2.1", format = "n10" }]
"""


def test_a_guide_judges_messages_and_envelopes(several, tmp_path):
    path = tmp_path / "acme.toml"
    path.write_text(GUIDE.replace('"quantity.not_positive" = "error"\n', ""), encoding="utf-8")
    source = several("A", "B").replace(b"UNT+11+B", b"UNT+12+B").replace(b"UNZ+2", b"UNZ+7")
    interchange = next(read(source, guide=path))
    first, second = interchange
    assert codes(first.violations) == ["guide.format"]
    assert first.violations[0].offset == source.index(b"PO1")
    assert [(violation.code, violation.severity) for violation in second.violations] == [
        ("envelope.unt_count", "error"),
        ("guide.format", "error"),
    ]
    assert second.violations[0].offset == source.index(b"UNT+12")
    assert interchange.violations == ()
    path.write_text(GUIDE, encoding="utf-8")
    with pytest.raises(GuideInvalid, match=r"quantity\.not_positive"):
        list(messages(source, guide=str(path)))


def test_a_message_tells_the_group_that_it_stands_in(several):
    body = several("A").split(b"UNH+A", 1)[1].split(b"UNZ", 1)[0]
    one, two = (b"UNH+" + reference + body.replace(b"UNT+11+A", b"UNT+11+" + reference) for reference in (b"1", b"2"))
    opened = b"UNG+ORDERS+S:14+R+261122:0800+%d+UN+D:96A'"
    unb = b"UNB+UNOC:3+A+B+261122:0800+1'"
    source = unb + opened % 7 + one + two + b"UNE+2+7'" + one + opened % 8 + two + b"UNZ+2+1'" + several("A")
    first, second = Group("7", "ORDERS", "S", "14", "R", ""), Group("8", "ORDERS", "S", "14", "R", "")
    assert [message.group for message in messages(source)] == [first, first, None, second, None]


def test_segments_without_unh_are_a_message_that_failed(several):
    (stray, whole) = messages(several("A", "B").replace(b"UNH+A+ORDERS:D:96A:UN'", b"", 1))
    assert (codes(stray.violations), stray.type, list(stray.segments())) == (["envelope.unh_missing"], "", [])
    assert not whole.failed


def test_a_path_is_opened_and_closed_and_a_file_is_left_open(several, tmp_path):
    path = tmp_path / "orders.edi"
    path.write_bytes(several("A", "B"))
    for source in (path, str(path)):
        assert [message.reference for message in messages(source)] == ["A", "B"]
    for _ in messages(path):
        break  # the file is closed all the same: an open one would warn, and warnings are errors
    with path.open("rb") as file:
        assert [message.reference for message in messages(file)] == ["A", "B"]
        assert not file.closed
    with pytest.raises(FileNotFoundError):
        list(messages(tmp_path / "none.edi"))
