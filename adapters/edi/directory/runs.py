"""Runs: segments that follow each other in the same shape again and again, matched by one pattern.

The lines of an order are alike: LIN, PIA, IMD, QTY, PRI. A message is cut before the segment that its table lets
repeat most, and each piece whose shape (its tags) was seen often enough has one pattern, one move of the automaton
and one lookup of codes instead of one a segment. Measured: explanation/decisions.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from adapters.edi.directory.automaton import Automaton
from adapters.edi.directory.captures import Codes, Match, SegmentCaptures, Take

#: a shape has its own pattern from so many pieces on: compiling one takes as long as reading a few hundred segments
_WORTH: Final = 16
#: shapes that are remembered for one segment, so that no sender fills the memory with new ones
_MOST: Final = 64
_LONGEST: Final = 40


class Run(NamedTuple):
    """A piece of a message: *length* segments from one that is known to be in its place.

    ``takers`` take the values of the segments that have a reader, ``unlisted`` looks up all their codes; ``ends`` holds
    for each segment the index behind its last value.
    """

    match: Match
    length: int
    end: int
    takers: tuple[tuple[Take, slice], ...]
    unlisted: Callable[[Sequence[str]], list[int]]
    ends: tuple[int, ...]

    def segments_of(self, values: Sequence[int]) -> list[int]:
        """Return which segments (0 the first) the captured values of these indexes belong to."""
        return sorted({sum(value >= end for end in self.ends) for value in values})


class Shapes:
    """The runs that begin at one node of the automaton.

    ``latest`` are those that matched last: within a message, and at its end, where the trailer follows.
    """

    def __init__(self, automaton: Automaton, captures: list[SegmentCaptures], node: int, terminator: str) -> None:
        self.latest: list[Run | None] = [None, None]
        self._automaton, self._captures = automaton, captures
        self._node, self._terminator = node, terminator
        self._seen: dict[tuple[str, ...], int] = {}
        self._runs: dict[tuple[str, ...], Run | None] = {}

    def find(self, piece: str, last: bool) -> tuple[Run, re.Match[str]] | None:  # noqa: FBT001 - in the hot loop
        """Return the run of *piece* and its match, None where its segments are to be read one by one."""
        shape = tuple([segment[:3] for segment in piece.split(self._terminator)])
        run = self._runs.get(shape)
        if run is None and shape not in self._runs:
            self._count(shape)
            return None
        if run is None or (found := run.match(piece)) is None:
            return None
        self.latest[last] = run
        return run, found

    def _count(self, shape: tuple[str, ...]) -> None:
        seen = self._seen[shape] = self._seen.get(shape, 0) + 1
        if seen >= _WORTH and len(self._runs) < _MOST:
            self._runs[shape] = self._compiled(shape) if len(shape) <= _LONGEST else None
        if len(self._seen) > _MOST:
            self._seen.clear()

    def _compiled(self, shape: tuple[str, ...]) -> Run | None:
        """Return the run of *shape*, None where its repeats depend on what stands before it, or are too many."""
        nodes = self._automaton.path(self._node, shape[1:])
        if nodes is None:
            return None
        takers: list[tuple[Take, slice]] = []
        lists: list[tuple[int, frozenset[str]]] = []
        ends = [0]
        for segment in (self._captures[node] for node in nodes):
            first, end = ends[-1], ends[-1] + len(segment.places)
            if segment.take is not None:
                takers.append((segment.take, slice(first, end)))
            lists += segment.lists(first)
            ends.append(end)
        patterns = [self._captures[node].lean() for node in nodes]
        match = re.compile(re.escape(self._terminator).join(patterns)).fullmatch
        return Run(match, len(nodes), nodes[-1], tuple(takers), Codes(lists).unlisted, tuple(ends[1:]))

    def forget(self) -> None:
        """Compile every run anew when it is next met: a segment has learned a code."""
        self.latest = [None, None]
        self._runs.clear()
