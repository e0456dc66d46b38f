"""The partner's own bytes, segment by segment, with what we say about them marked at the byte.

Pure: offsets come from the violations and from the located fields of holds; nothing is parsed here but the
separators inside one segment, which only colour it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final, Literal, NamedTuple

#: a source with more segments is shown in part: its envelope, what surrounds each mark, and the message itself
MAX_SEGMENTS: Final = 400
_ENVELOPE: Final = 2
_HEAD: Final = 40
_AROUND: Final = 12
#: characters of one segment that are shown; a 50 MB segment must not become a 50 MB page
_MAX_CHARACTERS: Final = 2_000
_GRAVITY: Final = ("error", "hold", "warning")


@dataclass(frozen=True, slots=True)
class Remark:
    """Something we say about a place: a violation of the document, or a hold of its order.

    ``offset`` and ``length`` are bytes in the source; length 0 means the whole segment there, and offset None
    the segment numbered ``segment``, or the document as a whole. ``order`` is what a hold blocks; only the last
    remark about an order carries it, so that one Release button stands there.
    """

    kind: Literal["error", "warning", "hold"]
    code: str
    message: str
    hint: str = ""
    offset: int | None = None
    length: int = 0
    segment: int | None = None
    inputs: Mapping[str, Any] | None = None
    order: str = ""


class Piece(NamedTuple):
    """A run of characters of one look: ``tag``, ``separator`` or ``value``; ``exact``: the very bytes meant."""

    text: str
    look: str
    exact: bool


class SegmentLine(NamedTuple):
    """One line of the view; ``left_out`` counts the segments before it that are not shown.

    ``kind`` is that of its gravest remark, "" without any.
    """

    number: int | None
    offset: int
    pieces: tuple[Piece, ...]
    remarks: tuple[Remark, ...]
    kind: str
    shortened: int
    left_out: int


class EdiView(NamedTuple):
    """The whole view; ``general`` are the remarks that have no place in it."""

    lines: tuple[SegmentLine, ...]
    general: tuple[Remark, ...]
    left_out: int


def arrange(content: bytes, segments: Sequence[Mapping[str, Any]], remarks: Sequence[Remark]) -> EdiView:
    """Return the view of *segments* with *remarks* at their places.

    Args:
        content: the source.
        segments: ``segment`` (UNH = 1; None on the envelope and in other messages of the source), ``offset`` and
            ``length`` in *content*, in order.
        remarks: what to mark.
    """
    placed: dict[int, list[Remark]] = {}
    general = []
    for remark in remarks:
        ordinal = _place(remark, segments)
        if ordinal is None:
            general.append(remark)
        else:
            placed.setdefault(ordinal, []).append(remark)
    script = _script(content)
    lines = []
    last = -1
    for ordinal in _shown(segments, placed):
        segment = segments[ordinal]
        offset, length = segment["offset"], min(segment["length"], _MAX_CHARACTERS)
        own = tuple(placed.get(ordinal, ()))
        lines.append(
            SegmentLine(
                number=segment["segment"],
                offset=offset,
                pieces=tuple(_pieces(content[offset : offset + length], offset, own, script)),
                remarks=own,
                kind=min((remark.kind for remark in own), key=_GRAVITY.index, default=""),
                shortened=segment["length"] - length,
                left_out=ordinal - last - 1,
            )
        )
        last = ordinal
    return EdiView(tuple(lines), tuple(general), len(segments) - last - 1)


def _place(remark: Remark, segments: Sequence[Mapping[str, Any]]) -> int | None:
    for ordinal, segment in enumerate(segments):
        start, end = segment["offset"], segment["offset"] + segment["length"]
        if remark.offset is not None:
            if start <= remark.offset < end:
                return ordinal
        elif remark.segment is not None and remark.segment == segment["segment"]:
            return ordinal
    # a fault at the very end, where something is missing, belongs to the last segment
    if remark.offset is not None and segments and remark.offset >= segments[-1]["offset"]:
        return len(segments) - 1
    return None


def _shown(segments: Sequence[Mapping[str, Any]], placed: Iterable[int]) -> list[int]:
    """Return which segments are shown: all of a short source, else the envelope's head, the marks and the message."""
    count = len(segments)
    if count <= MAX_SEGMENTS:
        return list(range(count))
    shown = set(range(_ENVELOPE))
    for ordinal in placed:
        shown.update(range(max(0, ordinal - _AROUND), min(count, ordinal + _AROUND + 1)))
    own = (ordinal for ordinal, segment in enumerate(segments) if segment["segment"] is not None)
    shown.update(islice(own, max(_HEAD, MAX_SEGMENTS - len(shown))))
    return sorted(shown)[:MAX_SEGMENTS]


class _Script(NamedTuple):
    """How a source is written: its separators as bytes, and its charset."""

    component: int
    element: int
    release: int
    charset: str


def _script(content: bytes) -> _Script:
    """Return what UNA says, or the default separators, and whether the bytes are UTF-8."""
    try:
        content.decode()
        charset = "utf-8"
    except UnicodeDecodeError:
        charset = "latin-1"
    if content[:3] == b"UNA" and len(content) >= 9:
        return _Script(content[3], content[4], content[6], charset)
    return _Script(ord(":"), ord("+"), ord("?"), charset)


def _pieces(text: bytes, offset: int, remarks: Sequence[Remark], script: _Script) -> Iterator[Piece]:
    """Cut one segment where its look or its mark changes; no byte is lost or moved."""
    look, exact, run = "tag", False, bytearray()
    released = False
    for place, byte in enumerate(text):
        new_look = look
        if not released and byte in (script.component, script.element):
            new_look = "separator"
        elif look == "separator":
            new_look = "value"
        released = not released and byte == script.release
        new_exact = _is_exact(offset + place, remarks)
        # a continuation byte of UTF-8 stays with the character it belongs to
        whole = script.charset != "utf-8" or byte & 0xC0 != 0x80
        if run and whole and (new_look, new_exact) != (look, exact):
            yield Piece(run.decode(script.charset, "replace"), look, exact)
            run.clear()
        if not run:
            look, exact = new_look, new_exact
        run.append(byte)
    if run:
        yield Piece(run.decode(script.charset, "replace"), look, exact)


def _is_exact(offset: int, remarks: Sequence[Remark]) -> bool:
    return any(
        remark.offset is not None and remark.offset <= offset < remark.offset + remark.length for remark in remarks
    )
