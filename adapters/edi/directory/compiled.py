"""A message of a directory compiled for one dialect: the fast path, which only ever says yes.

One pass over a message's text: split at the terminator, follow the automaton, ``fullmatch`` each segment and hand
the captured values to the reader of its path. On the first thing that is not plainly right it gives up; the exact
validator then reads that message again and says what is wrong, where.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any, Final, NamedTuple

from adapters.edi.dialect import Separators
from adapters.edi.directory.automaton import Automaton
from adapters.edi.directory.patterns import compile_segment
from adapters.edi.directory.tables import Directory, SegmentTable, load

#: takes the values of one segment, in the order of the places that :class:`Reader` asks for
Take = Callable[[Any, Sequence[str]], None]
#: released characters stand as lone surrogates while a message is matched: no character set can give these
_MASK_BASE: Final = 0xDC80
#: combinations of codes that were found right are remembered per segment, up to so many
_REMEMBERED: Final = 4096


class Reader(NamedTuple):
    """What a mapping wants of the segments at one path: places (element, component), and who takes the values."""

    places: tuple[tuple[int, int], ...]
    take: Take


Mapping_ = Mapping[str, Reader]


#: one permitted move, ready to run: next state, counter (-1 for none), its limit, whether it repeats, fullmatch,
#: who takes the values, how to get the codes out of them, codes found right before, the code lists by index.
#: A plain tuple, because the interpreter unpacks nothing faster.
_State = dict[str, "_Move"]
_Move = tuple[
    _State,
    int,
    int,
    bool,
    Callable[[str], re.Match[str] | None],
    Take | None,
    Callable[[Sequence[str]], Hashable] | None,
    set[Hashable],
    tuple[tuple[int, frozenset[str]], ...],
]


class CompiledMessage:
    """One message type of one directory for one dialect and one mapping."""

    def __init__(self, directory: Directory, message_type: str, separators: Separators, readers: Mapping_) -> None:
        self.directory = directory
        self.automaton = _automaton(directory.name, message_type)
        self.separators = separators
        self.readers = readers
        self._terminator = separators.terminator
        self._release = separators.release
        freed = separators.released
        self._freed = re.compile(f"{re.escape(self._release)}([{''.join(map(re.escape, freed))}])")
        self._mask = {char: chr(_MASK_BASE + index) for index, char in enumerate(freed)}
        self._unmask = {_MASK_BASE + index: char for index, char in enumerate(freed)}
        states: list[_State] = [{} for _ in self.automaton.tags]
        patterns: dict[tuple[str, tuple[tuple[int, int], ...]], re.Pattern[str]] = {}
        moves: dict[tuple[int, int, bool], _Move] = {}
        for state, steps in zip(states, self.automaton.steps, strict=True):
            for tag, step in steps.items():
                key = (step.node, step.slot, step.repeats)
                if key not in moves:
                    moves[key] = self._move(states, step.node, step.slot, step.limit, patterns, repeats=step.repeats)
                state[tag] = moves[key]
        self._start = {"UNH": self._move(states, 0, -1, 1, patterns, repeats=False)}
        self._end = states[-1]

    def places(self, node: int) -> tuple[tuple[int, int], ...]:
        """Return the places that are captured of a segment at *node*: what its reader wants, else its codes."""
        reader = self.readers.get(self.automaton.paths[node])
        if reader is not None:
            table = self.table(self.automaton.tags[node])
            return tuple(place for place in reader.places if table.component(*place) is not None)
        table = self.table(self.automaton.tags[node])
        return tuple(
            (number, index)
            for number, item in enumerate(table.elements, 1)
            for index, part in enumerate(item.components, 1)
            if part.codes
        )

    def table(self, tag: str) -> SegmentTable:
        """Return the directory's table of a segment."""
        return self.directory.segments[tag]

    def _move(
        self,
        states: list[_State],
        node: int,
        slot: int,
        limit: int,
        patterns: dict[tuple[str, tuple[tuple[int, int], ...]], re.Pattern[str]],
        *,
        repeats: bool,
    ) -> _Move:
        tag, places = self.automaton.tags[node], self.places(node)
        table = self.table(tag)
        if (tag, places) not in patterns:
            patterns[tag, places] = compile_segment(table, self.separators, places)
        reader = self.readers.get(self.automaton.paths[node])
        lists = tuple(
            (index, part.codes)
            for index, place in enumerate(places)
            if (part := table.component(*place)) is not None and part.codes
        )
        coded = itemgetter(*(index for index, _ in lists)) if lists else None
        take = reader.take if reader else None
        return (states[node], slot, limit, repeats, patterns[tag, places].fullmatch, take, coded, set(), lists)

    def _mask_released(self, text: str) -> str:
        mask = self._mask
        return self._freed.sub(lambda found: mask[found[1]], text)

    def read(self, text: str, target: object) -> list[int] | None:  # noqa: C901, PLR0912  # one hot loop: calls cost
        """Read one message's *text*, line ends taken out, into *target* through the mapping's readers.

        Returns:
            None where the exact validator must look (what *target* then holds is void); else the positions
            (UNH = 1) of segments with a code that the directory does not list.
        """
        masked = bool(self._release) and self._release in text
        if masked:
            text = self._mask_released(text)
        segments = text.split(self._terminator)
        if segments.pop():
            return None
        unmask = self._unmask
        state, counts, unknown = self._start, [0] * self.automaton.slots, []
        for position, segment in enumerate(segments, 1):
            move = state.get(segment[:3])
            if move is None:
                return None
            state, slot, limit, repeats, match, take, coded, right, lists = move
            if slot >= 0:
                if repeats:
                    counts[slot] = count = counts[slot] + 1
                    if count > limit:
                        return None
                else:
                    counts[slot] = 1
            found = match(segment)
            if found is None:
                return None
            values = found.groups("")
            if masked and not segment.isascii():
                values = tuple([value if value.isascii() else value.translate(unmask) for value in values])
            if coded is not None:
                codes = coded(values)
                if codes not in right and not _all_listed(values, lists, codes, right):
                    unknown.append(position)
            if take is not None:
                take(target, values)
        return unknown if state is self._end else None


def _all_listed(
    values: Sequence[str], lists: tuple[tuple[int, frozenset[str]], ...], codes: Hashable, right: set[Hashable]
) -> bool:
    """Tell whether all codes are listed; if so, remember their combination."""
    if any(values[index] and values[index] not in listed for index, listed in lists):
        return False
    if len(right) < _REMEMBERED:
        right.add(codes)
    return True


@lru_cache(maxsize=32)
def _automaton(directory: str, message_type: str) -> Automaton:
    return Automaton(load(directory).messages[message_type])
