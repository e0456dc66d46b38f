"""Events from whatever pieces the network makes of them (WHATWG HTML, section 9.2)."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gateway.client.stream import Lines

STREAM = (
    b"retry: 250\nid: 41\n\n"
    b": still here\n\n"
    b'id: 42\nevent: order.received\ndata: {"id": 42,\ndata:  "summary": "\xc3\xbc"}\n\n'
    b'id: 43\r\nevent: order.confirmed\r\ndata: {"id": 43}\r\n\r\n'
    b"id: 44\ndata: broken o"
)
EVENTS = ['{"id": 42,\n "summary": "ü"}', '{"id": 43}']


@given(st.sets(st.integers(1, len(STREAM) - 1)))
def test_pieces_make_the_same_events(cuts: set[int]) -> None:
    lines = Lines()
    ends = [*sorted(cuts), len(STREAM)]
    pieces = [STREAM[start:end] for start, end in zip([0, *ends], ends, strict=False)]
    assert [event for piece in pieces for event in lines.take(piece)] == EVENTS
    assert (lines.last_id, lines.pause) == ("43", 0.25)


def test_the_first_id_counts_without_an_event() -> None:
    lines = Lines()
    assert list(lines.take(b"retry: 1000\nid: 7\n\n")) == []
    assert lines.last_id == "7"


def test_what_was_broken_off_comes_again_as_a_whole() -> None:
    lines = Lines()
    assert list(lines.take(STREAM)) == EVENTS
    lines.begin()
    assert list(lines.take(b'id: 44\ndata: "whole"\n\n')) == ['"whole"']
    assert lines.last_id == "44"
