"""The fast splitter: the segments of a text and their elements as plain texts.

It agrees with the exact lexer on every text (a property test holds the two together) but knows no place beyond the
offset of a segment. Only what has a release character, some 2 % of all segments, is looked at mark by mark.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from adapters.edi.dialect import Separators

_LAYOUT: Final = " \t\r\n\x00\x1a"
_LINE_ENDS: Final = str.maketrans("", "", "\r\n")


class Splitter:
    """Takes texts with one set of separators apart."""

    def __init__(self, separators: Separators) -> None:
        self.separators = separators
        release = re.escape(separators.release)
        #: a piece that ends like this has line ends to shed, or was perhaps cut at a terminator that is released
        self._ends = f"{separators.release}\r\n"
        #: what makes a segment more than what lies between its marks: released characters, repeats, lines that are cut
        self._special = [mark for mark in (separators.release, separators.repetition, "\r", "\n") if mark]
        #: a release character takes the next character with it
        self._finders = {
            mark: re.compile(f"{release}.|{re.escape(mark)}", re.DOTALL)
            for mark in (separators.element, separators.repetition, separators.component)
        }
        self._freed = re.compile(f"{release}([{''.join(map(re.escape, separators.released))}])")

    def segments(self, text: str) -> Iterator[tuple[int, str]]:
        """Yield offset (in characters) and text of every segment, layout around it left out, empty ones passed over.

        Release characters are left in, and so are line ends inside of a segment.
        """
        terminator, ends = self.separators.terminator, self._ends
        pieces = text.split(terminator)
        unclosed = pieces.pop()
        offset, pending, run = 0, "", 0
        for piece in pieces:
            whole = piece
            if pending or piece[-1:] in ends:
                run = self._run(piece, run if pending else 0)
                if run % 2:
                    pending += piece + terminator
                    continue
                whole, pending = pending + piece, ""
            length = len(whole)
            if segment := whole.lstrip(_LAYOUT):
                start = offset + length - len(segment)
                yield start, segment.rstrip("\r\n") if segment[-1] in ends else segment
            offset += length + 1
        whole = pending + unclosed
        if segment := whole.lstrip(_LAYOUT):
            yield offset + len(whole) - len(segment), segment.rstrip(_LAYOUT)  # no data where nothing closes them

    def elements(self, segment: str) -> list[list[str]]:
        """Return the components of each element of *segment*, the tag as first; a repeat is an element of its own."""
        for mark in self._special:
            if mark in segment:
                return [repeat for element in self.repeats(segment) for repeat in element]
        component = self.separators.component
        return [element.split(component) for element in segment.split(self.separators.element)]

    def repeats(self, segment: str) -> list[list[list[str]]]:
        """Return each element of *segment*, the tag as first, as its repeats (syntax 4), and those as components."""
        separators, freed = self.separators, self._freed
        unfolded = segment.translate(_LINE_ENDS)
        return [
            [
                [freed.sub(r"\1", component) for component in self._cut(repeat, separators.component)]
                for repeat in self._cut(element, separators.repetition)
            ]
            for element in self._cut(unfolded, separators.element)
        ]

    def _cut(self, text: str, mark: str) -> list[str]:
        """Cut *text* at every *mark* that is not released."""
        if not mark or mark not in text:
            return [text]
        release = self.separators.release
        if not release or release not in text:
            return text.split(mark)
        pieces, begin = [], 0
        for found in self._finders[mark].finditer(text):
            if found[0] == mark:
                pieces.append(text[begin : found.start()])
                begin = found.end()
        return [*pieces, text[begin:]]

    def _run(self, piece: str, before: int) -> int:
        """Return how many release characters stand before the end of *piece*; line ends do not part them from it.

        A terminator that is a line end itself does not part them either from the *before* ones of the last piece.
        """
        release = self.separators.release
        if not release:
            return 0
        kept = piece.rstrip(self._ends)
        run = piece.count(release, len(kept))
        return run if kept or self.separators.terminator not in "\r\n" else before + run
