"""The exact lexer: segments, elements and components of a stretch of bytes, each with its byte offset.

The fast path never needs it. It serves whatever must say a place: the validator, the source of a field, the
segments view. It copes with every layout that is met: line ends after segments or inside them, indentation, empty
segments, and never with more memory than the segment at hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from adapters.edi.dialect import Dialect, Separators

#: a segment beyond this many bytes is reported, never taken apart (the longest of the directories has some 3 kB)
MAX_SEGMENT: Final = 65_536


_NO_NUL: Final = bytes.maketrans(b"\x00", b" ")
_PADDING: Final = b" \t\r\n\x00\x1a"


class Place(NamedTuple):
    """Where a value stands: segment counted from UNH = 1, element and component from 1, byte offset and length."""

    segment: int
    tag: str
    element: int
    component: int
    offset: int
    length: int


class Placed(str):
    """A value that knows where it was read. Everything else treats it as the text that it is."""

    __slots__ = ("place",)
    place: Place

    @classmethod
    def at(cls, text: str, place: Place) -> Placed:
        """Return *text* with its *place*."""
        placed = cls(text)
        placed.place = place
        return placed


class Stretch(NamedTuple):
    """The bytes of one message, ``source[start:end]``, and how they are to be read."""

    source: bytes
    start: int
    end: int
    dialect: Dialect
    codec: str


class SegmentSpan(NamedTuple):
    """One segment without its terminator; ``terminated`` is false for a last one that the bytes leave open."""

    position: int
    offset: int
    length: int
    terminated: bool = True


class Segment(NamedTuple):
    """One segment taken apart: ``elements`` excludes the tag; components of one element are one list.

    ``repeats`` are the numbers of elements that stand behind a repetition character.
    """

    position: int
    tag: str
    offset: int
    length: int
    elements: list[list[Placed]]
    repeats: tuple[int, ...] = ()

    def value(self, element: int, component: int) -> Placed:
        """Return the component, or an empty value at the end of what was sent in its place."""
        if element <= len(self.elements):
            components = self.elements[element - 1]
            if component <= len(components):
                return components[component - 1]
            last = components[-1].place
            return Placed.at("", Place(self.position, self.tag, element, component, last.offset + last.length, 0))
        end = self.offset + self.length
        return Placed.at("", Place(self.position, self.tag, element, component, end, 0))


class _Patterns(NamedTuple):
    layout: re.Pattern[bytes]
    text: re.Pattern[bytes]
    cut: re.Pattern[bytes]
    freed: re.Pattern[str] | None


@lru_cache(maxsize=64)
def _patterns(separators: Separators) -> _Patterns:
    component, element, repetition = (
        re.escape(char).encode() for char in (separators.component, separators.element, separators.repetition)
    )
    marks = b"|".join(mark for mark in (component, element, repetition) if mark)
    terminator = re.escape(separators.terminator).encode()
    layout = re.compile(rb"[ \t\r\n\x00\x1a" + terminator + rb"]*+")
    if not separators.release:
        return _Patterns(layout, re.compile(rb"[^" + terminator + rb"]*+"), re.compile(marks), None)
    release = re.escape(separators.release).encode()
    # a release character takes the next character with it, also across the line end of a wrapped file
    pair = release + rb"[\r\n]*+[^\r\n]"
    return _Patterns(
        layout,
        re.compile(rb"(?:[^" + release + terminator + rb"]++|" + pair + rb"|" + release + rb"[\r\n]*+\Z)*+"),
        re.compile(pair + rb"|" + marks),
        re.compile(f"{re.escape(separators.release)}([{''.join(map(re.escape, separators.released))}])"),
    )


def is_released(source: bytes, at: int, separators: Separators, floor: int = 0) -> bool:
    """Tell whether the character at *at* is freed by an odd run of release characters before it."""
    if not separators.release:
        return False
    release = separators.release.encode()
    run = 0
    while at > floor:
        window = source[max(floor, at - 64) : at]
        kept = window.rstrip(release + b"\r\n")
        run += window.count(release, len(kept))
        if kept:
            break
        at -= len(window)
    return run % 2 == 1


def find_terminator(source: bytes, start: int, end: int, separators: Separators) -> int:
    """Return the offset of the next terminator that is not released in source[start:end], -1 for none."""
    at = source.find(separators.terminator.encode(), start, end)
    if at < 0 or not is_released(source, at, separators, start):
        return at
    text = _patterns(separators).text.match(source, start, end)
    return text.end() if text is not None and text.end() < end else -1


def _end_without(source: bytes, first: int, last: int, padding: bytes) -> int:
    while last > first:
        window = source[max(first, last - 64) : last]
        kept = window.rstrip(padding)
        if kept:
            return last - len(window) + len(kept)
        last -= len(window)
    return last


def split(source: bytes, start: int, end: int, separators: Separators) -> Iterator[SegmentSpan]:
    """Yield the segments of source[start:end], layout around them left out, empty ones not counted."""
    layout = _patterns(separators).layout
    position, offset = 0, start
    while True:
        between = layout.match(source, offset, end)
        assert between is not None  # it matches nothing, too
        first = between.end()
        if first >= end:
            return
        at = find_terminator(source, first, end, separators)
        # blanks before a terminator are data; line ends never are
        last = _end_without(source, first, end if at < 0 else at, _PADDING if at < 0 else b"\r\n")
        if last > first:
            position += 1
            yield SegmentSpan(position, first, last - first, at >= 0)
        if at < 0:
            return
        offset = at + 1


def unescape(content: bytes, codec: str, separators: Separators) -> str:
    """Return the text of one value's bytes: line ends dropped, released characters freed.

    A release character before an ordinary character is kept, so that no character of an unescaped "?" is lost.
    """
    if b"\n" in content or b"\r" in content:
        content = content.replace(b"\r", b"").replace(b"\n", b"")
    text = content.decode(codec, "replace")
    freed = _patterns(separators).freed
    if freed is not None and separators.release in text:
        text = freed.sub(r"\1", text)
    return text


def parse(stretch: Stretch, span: SegmentSpan) -> Segment:
    """Take one segment apart.

    The value of a repetition (syntax 4) stands as an element of its own after the one that it repeats, as syntax 3
    writes it; element numbers of what follows count it.
    """
    codec, separators = stretch.codec, stretch.dialect.separators
    patterns = _patterns(separators)
    position, offset, length, _ = span
    content = stretch.source[offset : offset + min(length, MAX_SEGMENT)]
    component, marks = ord(separators.component), separators.element + separators.repetition
    cuts = [(found.start(), content[found.start()]) for found in patterns.cut.finditer(content)]
    released = ord(separators.release) if separators.release else -1
    pieces: list[list[tuple[int, int]]] = [[]]
    repeats: list[int] = []
    begin = 0
    for at, mark in cuts:
        if mark == released:
            continue
        pieces[-1].append((begin, at))
        if mark != component:
            assert chr(mark) in marks
            if chr(mark) == separators.repetition:
                repeats.append(len(pieces))
            pieces.append([])
        begin = at + 1
    pieces[-1].append((begin, len(content)))
    tag = unescape(content[slice(*pieces[0][0])], codec, separators)
    elements = [
        [
            Placed.at(
                unescape(content[first:last], codec, separators),
                Place(position, tag, number, index, offset + first, last - first),
            )
            for index, (first, last) in enumerate(element, 1)
        ]
        for number, element in enumerate(pieces[1:], 1)
    ]
    return Segment(position, tag, offset, length, elements, tuple(repeats))


def parse_all(stretch: Stretch) -> Iterator[Segment]:
    """Yield all segments of a stretch taken apart."""
    for span in split(stretch.source, stretch.start, stretch.end, stretch.dialect.separators):
        yield parse(stretch, span)


def shown(value: str) -> str:
    """Return the start of a value for a violation, in characters that every store and page can hold."""
    return value[:80].replace("\x00", "\ufffd")


def values(content: bytes, separators: Separators) -> list[list[str]]:
    """Return the elements of one short service segment as plain texts, the tag as first element.

    For the envelope, whose values are ASCII in practice; anything else is read as ISO 8859-1. A NUL, which no
    database text can hold, reads as a blank.
    """
    content = content.translate(_NO_NUL, b"\r\n")
    text = content.decode("iso8859-1")
    if not separators.release or separators.release not in text:
        return [element.split(separators.component) for element in text.split(separators.element)]
    stretch = Stretch(content, 0, len(content), Dialect(separators, "", "iso8859-1"), "iso8859-1")
    segment = parse(stretch, SegmentSpan(1, 0, len(content)))
    return [[segment.tag], *([str(value) for value in element] for element in segment.elements)]
