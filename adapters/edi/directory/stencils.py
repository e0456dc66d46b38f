"""Stencils: what a sender writes again and again, matched by a pattern of its very own.

The lines of one sender differ in a few values: numbers, item codes, prices. A stencil is the pattern of such a piece
with everything else in it fixed: which places are filled, and each code as it was sent, found listed once. It captures
the values that differ and nothing else, and puts them where the readers would: they are tried on marks once, and what
they did with these is done again by one generated function. A stencil is only ever narrower than the patterns of its
segments (``patterns``), so it, too, only says yes. Measured: explanation/decisions.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from adapters.edi.dialect import Separators
from adapters.edi.directory.automaton import Automaton
from adapters.edi.directory.captures import Match, Place, SegmentCaptures
from adapters.edi.directory.fills import Fill, Mark, Outcome, Unforeseen
from adapters.edi.directory.patterns import fixed_pattern, value_pattern
from adapters.edi.directory.tables import Component

#: a piece is studied when so many came that no stencil fits: making one takes as long as reading some hundred segments
_WORTH: Final = 16
#: stencils that are tried on a piece, and those that are ever made for one segment
_KEPT: Final = 4
_LESSONS: Final = 32
_LONGEST: Final = 40


class Stencil(NamedTuple):
    """A piece of *length* segments that ends at the node *end*; ``fill`` puts the groups of ``match`` in their place.

    ``fill`` is None where no reader takes anything. ``again`` tells whether the same may follow, counted one more.
    """

    match: Match
    fill: Fill | None
    length: int
    end: int
    again: bool


class Stencils:
    """The stencils of the pieces that begin at one node of the automaton, the one that fitted last first.

    *blank* makes what the readers fill; pieces at the first node find it blank, others as earlier pieces left it.
    """

    def __init__(
        self,
        automaton: Automaton,
        captures: list[SegmentCaptures],
        node: int,
        separators: Separators,
        blank: Callable[[], object] | None,
    ) -> None:
        self.known: list[Stencil] = []
        self._automaton, self._captures, self._node = automaton, captures, node
        self._separators, self._blank = separators, blank
        self._misses = 0
        self._lessons = _LESSONS

    def find(self, piece: str) -> tuple[Stencil, re.Match[str]] | None:
        """Return the stencil that fits *piece*, which is in its place, and the match; None where none does."""
        for index, stencil in enumerate(self.known):
            if (found := stencil.match(piece)) is not None:
                if index:  # a new list: another thread may be going through this one
                    self.known = [stencil, *[one for one in self.known if one is not stencil]]
                return stencil, found
        self._miss(piece)
        return None

    def _miss(self, piece: str) -> None:
        """Learn from *piece* where many came that no stencil fits."""
        self._misses += 1
        if self._misses % _WORTH or not self._lessons:
            return
        self._lessons -= 1
        if (stencil := self._study(piece)) is not None:
            self.known = [stencil, *self.known[: _KEPT - 1]]

    def _study(self, piece: str) -> Stencil | None:
        """Return the stencil of *piece*; None where its place or what becomes of it depends on more than its shape."""
        segments = piece.split(self._separators.terminator)
        nodes = self._automaton.path(self._node, [segment[:3] for segment in segments[1:]])
        if nodes is None or len(segments) > _LONGEST:
            return None
        studied = [
            _Segment(one, self._captures[node], self._separators) for one, node in zip(segments, nodes, strict=True)
        ]
        if not all(one.right for one in studied):
            return None
        try:
            outcome = self._outcome(studied)
            used = [] if outcome is None else list(map(id, outcome.texts()))
            groups: list[Mark] = []
            patterns = [one.pattern(frozenset(used), groups) for one in studied]
            fill = None if outcome is None else outcome.fill()
        except Unforeseen:
            return None
        match = re.compile(re.escape(self._separators.terminator).join(patterns)).fullmatch
        step = self._automaton.steps[nodes[-1]].get(self._automaton.tags[self._node])
        again = step is not None and step.node == self._node and step.repeats
        return Stencil(match, fill, len(nodes), nodes[-1], again)

    def _outcome(self, studied: Sequence[_Segment]) -> Outcome | None:
        """Try the readers of the segments; None where they have none."""
        if self._blank is None:
            return None
        takes = [(one.captures.take, one.taken) for one in studied if one.captures.take is not None]
        return Outcome(takes, self._blank, fresh=self._node == 0)


class _Segment:
    """A segment of the piece that is studied; ``right`` where its lean pattern lets it through.

    ``taken`` are marks of the values that its reader takes.
    """

    def __init__(self, segment: str, captures: SegmentCaptures, separators: Separators) -> None:
        self.captures = captures
        self._segment, self._separators = segment, separators
        found = re.compile(captures.lean()).fullmatch(segment)
        self.right = found is not None
        self.taken = [Mark(value) for value in found.groups("")] if found else []

    def pattern(self, used: frozenset[int], groups: list[Mark]) -> str:
        """Return the pattern of all segments that are read just so; marks that are *used* and vary join *groups*.

        Raises:
            Unforeseen: a code is not listed, an element repeats, or what was looked at cannot be fixed.
        """
        marks = dict(zip(self.captures.places, self.taken, strict=True))

        def body(place: Place, part: Component, value: str) -> str:
            mark = marks.get(place)
            if part.codes is not None or (mark is not None and mark.pinned):
                return _literal(value, part.codes)
            if mark is None or not mark.formed:
                pattern = value_pattern(part, self._separators)
            elif value.isascii() and value.isdecimal():
                pattern = f"[0-9]{{{len(value)}}}+"
            else:
                return _literal(value, None)
            if mark is None or id(mark) not in used:
                return pattern
            mark.group = len(groups)
            groups.append(mark)
            return f"({pattern})"

        pattern = fixed_pattern(self.captures.table, self._separators, self._segment, body)
        if pattern is None:
            raise Unforeseen
        return pattern


def _literal(value: str, codes: frozenset[str] | None) -> str:
    if not value.isascii() or (codes is not None and value not in codes):
        raise Unforeseen
    return re.escape(value)
