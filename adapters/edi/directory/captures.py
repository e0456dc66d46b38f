"""What is captured of the segments of one message, and what becomes of it: values for a reader, codes for a lookup.

A segment has two patterns. The full one captures every code. The lean one captures only what a reader takes; where
another code may stand it lets through those that were met and found listed, which are few: lists of hundreds would
take long to compile, and capturing them costs every segment.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import cached_property
from operator import itemgetter
from typing import Any, Final, NamedTuple

from adapters.edi.dialect import Separators
from adapters.edi.directory.automaton import Automaton
from adapters.edi.directory.patterns import segment_pattern
from adapters.edi.directory.tables import Directory, SegmentTable

#: takes the values of one segment, in the order of the places that :class:`Reader` asks for
Take = Callable[[Any, Sequence[str]], None]
Match = Callable[[str], re.Match[str] | None]
Place = tuple[int, int]
#: combinations of codes that were found right are remembered per segment, up to so many
_REMEMBERED: Final = 4096
#: a lean pattern is compiled anew for each code that it learns, up to so many times
_LESSONS: Final = 16


class Reader(NamedTuple):
    """What a mapping wants of the segments at one path: places (element, component), and who takes the values.

    The places are in the order of the segment; those that a release does not have are left out, and their values too.
    """

    places: tuple[Place, ...]
    take: Take


#: path of the message table -> its reader
Readers = Mapping[str, Reader]


class Codes:
    """The coded values among those captured, looked up together: their combinations recur."""

    __slots__ = ("_known", "_lists", "_of")

    def __init__(self, lists: Sequence[tuple[int, frozenset[str]]]) -> None:
        self._lists = lists
        self._known: set[Hashable] = set()
        self._of: Callable[[Sequence[str]], Hashable] | None = None
        if lists:
            self._of = itemgetter(*(index for index, _ in lists))

    def unlisted(self, values: Sequence[str]) -> list[int]:
        """Return the indexes of *values* that their code list does not have."""
        if self._of is None or (codes := self._of(values)) in self._known:
            return []
        found = [index for index, listed in self._lists if values[index] and values[index] not in listed]
        if not found and len(self._known) < _REMEMBERED:
            self._known.add(codes)
        return found


class SegmentCaptures:
    """The segment at one node of a message's automaton: its patterns, its reader, and the codes that it has met."""

    def __init__(self, table: SegmentTable, separators: Separators, reader: Reader | None) -> None:
        places = reader.places if reader else ()
        #: the places that the reader takes, in the order of the segment, and who it is
        self.places = tuple(place for place in places if table.component(*place) is not None)
        self.take = reader.take if reader else None
        self.table = table
        self._separators = separators
        self._coded = {
            (number, index): part.codes
            for number, item in enumerate(table.elements, 1)
            for index, part in enumerate(item.components, 1)
            if part.codes
        }
        self._everything = sorted({*self.places, *self._coded})
        self._met: dict[Place, set[str]] = {place: set() for place in self._coded if place not in self.places}
        self._lessons = _LESSONS

    def lists(self, first: int = 0) -> list[tuple[int, frozenset[str]]]:
        """Return the code lists of :attr:`places` by index, the first place being *first*."""
        return [(index, self._coded[place]) for index, place in enumerate(self.places, first) if place in self._coded]

    def lean(self) -> str:
        """Return the lean pattern as it stands now; its groups are :attr:`places`."""
        return segment_pattern(self.table, self._separators, self.places, self._met)

    @cached_property
    def full(self) -> Match:
        """Match the full pattern."""
        return re.compile(segment_pattern(self.table, self._separators, self._everything, {})).fullmatch

    def picked(self, everything: Sequence[str]) -> Sequence[str]:
        """Return the values of :attr:`places` out of those of :attr:`full`."""
        return [value for place, value in zip(self._everything, everything, strict=True) if place in self.places]

    def all_listed(self, everything: Sequence[str]) -> bool:
        """Tell whether every code among the values of :attr:`full` stands in its list."""
        values = zip(self._everything, everything, strict=True)
        return all(not value or place not in self._coded or value in self._coded[place] for place, value in values)

    def learn(self, everything: Sequence[str]) -> bool:
        """Let the lean pattern pass the codes of these values from now on; tell whether it is another one now."""
        new = [
            (place, value)
            for place, value in zip(self._everything, everything, strict=True)
            if value and place in self._met and value not in self._met[place]
        ]
        if not new or not self._lessons:
            return False
        self._lessons -= 1
        for place, value in new:
            self._met[place].add(value)
        return True


def captures_of(
    directory: Directory, automaton: Automaton, separators: Separators, readers: Readers
) -> list[SegmentCaptures]:
    """Return the captures of each node of *automaton*."""
    return [
        SegmentCaptures(directory.segments[tag], separators, readers.get(path))
        for tag, path in zip(automaton.tags, automaton.paths, strict=True)
    ]
