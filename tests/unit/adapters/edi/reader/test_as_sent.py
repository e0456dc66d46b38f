"""What partners really send reads as a person would read it; where it is no good practice, a warning says so."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.edi.decoder import EdifactDecoder
from adapters.edi.dialect import Separators
from adapters.edi.inference import inferred
from core.testing.edifact import InterchangeFile, OrdersLine, OrdersMessage

MESSAGE = OrdersMessage(
    "A1", date(2026, 1, 5), (OrdersLine("4012345000016", "10", "1.00", description="UNA text"),), notes=("see UNB",)
)


def orders(message: OrdersMessage = MESSAGE, **knobs) -> bytes:
    return InterchangeFile([message], "77", **knobs).encode()


def changed(*pairs: tuple[bytes, bytes]) -> bytes:
    source = orders()
    for old, new in pairs:
        assert old in source
        source = source.replace(old, new)
    return source


def wrapped() -> bytes:
    line = orders(una="", line_end="")
    return b"\r\n".join(line[at : at + 80] for at in range(0, len(line), 80))


OTHER = bytes.maketrans(b"+:'", b"|^~")

AS_SENT = {
    "without UNA": (orders(una=""), []),
    "with a byte order mark": (b"\xef\xbb\xbf" + orders(), []),
    "without a line end": (orders(line_end=""), []),
    "with CR LF": (orders(line_end="\r\n"), []),
    "with blank lines": (orders(line_end="\n\n"), []),
    "with blanks after segments": (orders(line_end=" \n"), []),
    "indented": (changed((b"\nDTM", b"\n    DTM"), (b"\nLIN", b"\n\tLIN")), []),
    "wrapped at 80 columns": (wrapped(), []),
    "broken between elements": (changed((b"NAD+BY+", b"NAD+BY\n+")), ["syntax.line_break"]),
    "broken inside a value": (changed((b"5790000000005::9", b"57900000\r\n00005::9")), ["syntax.line_break"]),
    "with a repetition character of its own under syntax 3": (orders(una="UNA:+.?*'"), []),
    "in syntax 4": (orders(una="UNA:+.?*'", syntax_version="4"), []),
    "with a date of eight digits under syntax 3": (changed((b"260105:0931", b"20260105:0931")), []),
    "in a group": (
        changed(
            (b"UNH+1+", b"UNG+ORDERS+5790000000005+4012345000009+260105:0931+5+UN+D:96A'\nUNH+1+"),
            (b"UNZ+1+77", b"UNE+1+5'\nUNZ+1+77"),
        ),
        [],
    ),
    "with separators of its own": (orders(una="UNA^|.? ~").translate(OTHER), []),
    "with separators that no UNA names": (orders(una="").translate(OTHER), ["envelope.separators_inferred"]),
    "with line ends as terminators": (orders(una="UNA:+.? \n", line_end="").replace(b"'", b"\n"), []),
    "with line ends as terminators that no UNA names": (
        orders(una="", line_end="").replace(b"'", b"\n"),
        ["envelope.separators_inferred"],
    ),
    "with CR LF as terminator": (
        orders(una="", line_end="").replace(b"'", b"\r\n"),
        ["envelope.separators_inferred"],
    ),
    "with UNA twice": (changed((b"UNA:+.? '\n", b"UNA:+.? '\nUNA:+.? '\n")), ["envelope.una_repeated"]),
    "with UNA before every message": (changed((b"UNH+", b"UNA:+.? '\nUNH+")), ["envelope.una_repeated"]),
    "with junk behind": (orders() + b"\x1a\x00 -- end --", ["envelope.junk"]),
    "with the old end of file": (orders() + b"\x1a", []),
    "in lower case under UNOA": (orders(charset="UNOA"), ["charset.level"]),
    "with unoc in lower case": (changed((b"UNB+UNOC", b"UNB+unoc")), []),
}  # fmt: skip


@pytest.mark.parametrize("how", AS_SENT)
def test_an_order_reads_the_same_however_it_was_sent(how: str) -> None:
    source, warnings = AS_SENT[how]
    decoder = EdifactDecoder()
    assert decoder.sniff(source)
    (interchange,) = decoder.scan(source)
    (decoded,) = decoder.decode(source, interchange, interchange.messages)
    assert [fault.code for fault in (*interchange.violations, *decoded.violations)] == warnings
    assert not interchange.failed
    assert (interchange.sender, interchange.recipient) == ("5790000000005", "4012345000009")
    assert interchange.control_reference == "77"
    assert interchange.prepared_at is not None
    assert interchange.prepared_at.date() == date(2026, 1, 5)
    expected = EdifactDecoder()
    (plain,) = expected.scan(orders())
    assert decoded.document == next(iter(expected.decode(orders(), plain, plain.messages))).document


def test_several_interchanges_in_a_file_are_each_their_own() -> None:
    first, second = orders(), orders(una="", line_end="").replace(b"77", b"78")
    for between in (b"", b"\n", b"\r\n\r\n\x1a"):
        found = EdifactDecoder().scan(first + between + second)
        assert [one.control_reference for one in found] == ["77", "78"]
        assert all(not one.violations for one in found)


def test_a_decimal_comma_of_una_is_the_decimal_mark() -> None:
    message = OrdersMessage("A1", date(2026, 1, 5), (OrdersLine("4012345000016", "10,5", "1,25"),))
    source = orders(message, una="UNA:+,? '")
    (interchange,) = EdifactDecoder().scan(source)
    (decoded,) = EdifactDecoder().decode(source, interchange, interchange.messages)
    assert decoded.document is not None
    assert str(decoded.document.lines[0].quantity) == "10.5"


def test_segment_names_in_texts_are_texts() -> None:
    noted = OrdersMessage("A1", date(2026, 1, 5), notes=("UNA:+.? ", "UNZ+1+77", "UNT", "UNB"))
    source = orders(noted).replace(b"UNA:+.? '\nUNH", b"UNH").replace(b"+++UNA:+.? ", b"+++UNA?:?+.?? ")
    source = source.replace(b"+++UNZ+1+77", b"+++UNZ?+1?+77")
    (interchange,) = EdifactDecoder().scan(source)
    (decoded,) = EdifactDecoder().decode(source, interchange, interchange.messages)
    assert decoded.document is not None
    assert [note.strip() for note in decoded.document.notes] == ["UNA:+.?", "UNZ+1+77", "UNT", "UNB"]


@given(st.permutations("!#$%&*;<=>@^_`{|}~").map(lambda marks: marks[:3]))
def test_any_separators_are_told_by_unb(marks: list[str]) -> None:
    component, element, terminator = marks
    line = "UNB+UNOC:3+A:14+B:14+260105:0931+77'UNH+1+ORDERS:D:96A:UN'"
    text = line.translate(str.maketrans({":": component, "+": element, "'": terminator}))
    assert inferred(text.encode(), 0) == Separators(component, element, ".", "?", "", terminator)


@pytest.mark.parametrize(
    "text",
    [
        "UNB+UNOC:3+A+B+260105:0931+77'UNH+1+ORDERS:D:96A:UN'",
        "UNB+UNOC:3+A+B+260105:0931+77'BGM+220+1'",
        "UNB+UNOC:3+A+B+260105:0931+77 UNH+1+ORDERS:D:96A:UN",
        "UNB+UNOC:3+A+B",
        "UNB|UNOC|3|A|B|260105|0931|77~UNH|1~",
        "UNB",
    ],
)
def test_what_unb_does_not_tell_is_left_to_the_usual(text: str) -> None:
    assert inferred(text.encode(), 0) is None
