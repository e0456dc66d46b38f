"""A source read piece by piece gives what the same bytes give as a whole, in memory that does not grow with it."""

from __future__ import annotations

import io
import tracemalloc
from itertools import cycle
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.edi.decoder import EdifactDecoder
from adapters.edi.envelope import Opened, envelopes
from adapters.edi.library import read
from adapters.edi.window import LONGEST, Window
from core.ports import GroupSpan

GOLDEN = Path(__file__).parents[4] / "golden" / "edi"
SAMPLES = [path.read_bytes() for path in sorted(GOLDEN.glob("*/*.edi"))]
UNB = b"UNB+UNOA:1+A+B+990101:1010+1'"
UNH = b"UNH+1+X:D:96A:UN'"
#: what an edit puts in: marks, service segments, and stretches as long as what the reader looks ahead and back
TOKENS = [
    *(b"'", b"+", b":", b"?", b"?'", b"\n", b"\r\n", b"\x00", b"  ", b"junk", b"\xef\xbb\xbf", b"?????'", b"U\nN"),
    *(b"UNT", b"UNT+1+1'", b"'UNZ+1+1'", b"UNA:+.? '", b"UNA:+.? \n", UNB, UNH, b"UNG+A'", b"UNE+1+1'", b"U\nNT+1"),
    *(b'UNB"UNOB=1"A"B"000101=1050"1;UNH"1"X;UNT"2"1;UNZ"1"1;', b'UNB"UNOB=1"', b'UNH"', b";"),
    *(b" " * 5000, b"\r\n" * 2200, b"x" * 5000, b"?" * 4500, b"'" * 100, UNH * 40),
    *(b"UNA:+.? '" + b" " * length + UNB for length in (80, LONGEST - 1, LONGEST, LONGEST + 1)),
    *(b"'UNA:+.? '" + b" " * length + UNH for length in (0, 1, LONGEST, LONGEST + 1)),
    *(b"'" + b"\n" * length + UNH for length in (LONGEST - 2, LONGEST - 1, LONGEST, LONGEST + 1)),
]
Told = list[tuple[object, ...]]


def as_a_whole(source: bytes) -> Told:
    """Read *source* by ``scan`` and ``decode``."""
    decoder = EdifactDecoder()
    return [
        (
            interchange.offset,
            interchange.length,
            interchange.readable,
            interchange.control_reference,
            interchange.violations,
            [
                (decoded.span, decoded.document, decoded.violations)
                for decoded in decoder.decode(source, interchange, interchange.messages)
            ],
        )
        for interchange in decoder.scan(source)
    ]


class Trickle:
    """A file that gives fewer bytes than are asked for, as pipes and sockets do."""

    def __init__(self, content: bytes, sizes: list[int]) -> None:
        self._file, self._sizes = io.BytesIO(content), cycle(sizes)

    def read(self, size: int, /) -> bytes:
        return self._file.read(min(size, next(self._sizes)))


def piece_by_piece(file: Trickle, chunk: int) -> Told:
    """Read *file* as a stream."""
    found: Told = []
    for interchange in read(file, chunk_bytes=chunk):
        messages = [(message.span, message.document, message.violations) for message in interchange]
        envelope = interchange.envelope
        place = (envelope.offset, envelope.length, envelope.readable, envelope.control_reference)
        found.append((*place, interchange.violations, messages))
    return found


def sources() -> st.SearchStrategy[bytes]:
    """Return several samples one after another, with some stretches cut, doubled or overwritten."""
    edit = st.tuples(st.integers(0, 20_000), st.sampled_from([0, 0, 1, 3, 12, 200]), st.sampled_from(TOKENS))

    def apply(chosen: list[bytes], edits: list[tuple[int, int, bytes]]) -> bytes:
        source = b"".join(chosen)
        for place, length, token in edits:
            at = place % (len(source) + 1)
            source = source[:at] + token + source[at + length :]
        return source

    return st.builds(apply, st.lists(st.sampled_from(SAMPLES), max_size=16), st.lists(edit, max_size=8))


@given(
    sources(),
    st.sampled_from([*range(20, 201), 1, 2, 3, 1000, 5000, 100_000]),
    st.lists(st.integers(1, 5000), min_size=1, max_size=4),
)
@settings(max_examples=250)
def test_pieces_of_any_size_give_what_the_whole_gives(source, chunk, sizes):
    assert piece_by_piece(Trickle(source, sizes), chunk) == as_a_whole(source)


@pytest.mark.parametrize("chunk", [1, 7, 50, 200, 5000])
def test_groups_are_told_at_the_same_places(chunk):
    group = b"UNG+ORDERS+A+B+261122:0800+%d+UN+D:96A'\n" + UNH + b"UNT+2+1'UNE+1+%d'"
    source = UNB + b"".join(group % (number, number) for number in range(200)) + b"UNZ+200+1'"
    events = list(envelopes(Window(read=io.BytesIO(source).read, chunk=chunk)))
    assert events == list(envelopes(Window(source)))
    assert sum(isinstance(event, GroupSpan) for event in events) == 200


@pytest.mark.parametrize("chunk", [*range(1, 40), 100, 200])
def test_every_cut_of_a_file_that_is_wrapped_at_80_columns_is_harmless(chunk):
    source = (GOLDEN / "orders" / "wrapped_80_columns.edi").read_bytes() * 12
    assert piece_by_piece(Trickle(source, [chunk]), chunk) == as_a_whole(source)


class Endless:
    """A file of *size* bytes that repeats itself and is nowhere as a whole."""

    def __init__(self, head: bytes, body: bytes, size: int) -> None:
        self._head, self._body, self._left = head, body * (1 + 50_000 // len(body)), size

    def read(self, size: int, /) -> bytes:
        taken = self._head or self._body[: min(size, self._left)]
        self._left -= len(taken)
        self._head = b""
        return taken


HOSTILE = {
    "junk": (b"", b"x"),
    "blanks": (b"", b" "),
    "half tags": (b"", b"UN"),
    "UNA without UNB": (b"", b"UNA:+.? '\n"),
    "a segment without end outside of messages": (UNB, b"x"),
    "segments outside of messages": (UNB, b"LIN+1'"),
    "line ends after UNB": (UNB, b"\r\n"),
    "line ends after a message": (UNB + UNH + b"UNT+2+1'", b"\n"),
    "release characters": (UNB, b"?"),
    "terminators": (UNB, b"'"),
    "a message without end": (UNB + UNH, b"LIN+1'"),
    "a segment without end": (UNB + UNH + b"FTX+AAI+++", b"x"),
    "a UNB without end": (b"UNB+UNOA:1+", b"A"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_memory_stays_bounded_whatever_comes(kind):
    size = 3_000_000
    tracemalloc.start()
    seen = 0
    for interchange in read(Endless(*HOSTILE[kind], size), message_limit=50_000, chunk_bytes=10_000):
        for message in interchange:
            seen += len(message.violations)
        seen += len(interchange.violations)
        last = interchange.envelope
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert last.offset + last.length == size
    assert seen
    assert peak < 500_000


def test_small_interchanges_without_end_pass_through_a_small_window():
    window = Window(read=Endless(b"", UNB, 300_000).read, chunk=10_000)
    largest = count = 0
    for event in envelopes(window):
        count += isinstance(event, Opened)
        largest = max(largest, len(window.held))
    assert count > 10_000
    assert largest < 30_000


def test_faults_of_groups_are_summed_up_after_a_thousand():
    (interchange,) = read(Endless(UNB, b"UNG+A'UNE+7+B'", 50_000))
    assert list(interchange) == []
    codes = [violation.code for violation in interchange.violations]
    assert codes[:3] == ["envelope.group_empty", "envelope.une_count", "envelope.une_reference"]
    assert (len(codes), codes[-2:]) == (1002, ["envelope.more_faults", "envelope.unz_missing"])
    assert interchange.failed


def test_a_window_forgets_what_is_not_needed():
    window = Window(read=io.BytesIO(bytes(range(100))).read, chunk=10)
    window.reach(15, keep=0)
    assert (window.base, window.end, window.complete) == (0, 20, False)
    window.move(18)
    assert (window.base, window.held[:2], window.end, window.complete) == (18, b"\x12\x13", 30, False)
    assert window.cut(22, 3) == b"\x16\x17\x18"
    window.reach(1000, keep=20)
    assert (window.base, window.end, window.complete) == (20, 100, True)
    assert window.decided == 100
