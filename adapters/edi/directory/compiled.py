"""A message of a directory compiled for one dialect: the fast path, which only ever says yes.

One pass over a message's text: split at the terminator, follow the automaton, ``fullmatch`` each segment, or a whole
run of them, and hand the captured values to the reader of its path. On the first thing that is not plainly right it
gives up; the exact validator then reads that message again and says what is wrong, where.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Final

from adapters.edi.dialect import Separators
from adapters.edi.directory.automaton import Automaton
from adapters.edi.directory.captures import Codes, Match, Reader, Readers, Take, captures_of
from adapters.edi.directory.runs import Shapes
from adapters.edi.directory.stencils import Stencils
from adapters.edi.directory.tables import Directory, SegmentTable, load

__all__ = ["CompiledMessage", "Reader"]

#: released characters stand as lone surrogates while a message is matched: no character set can give these
_MASK_BASE: Final = 0xDC80

#: one permitted move, ready to run: next state, counter (-1 for none), its limit, whether it repeats, fullmatch,
#: who takes the values, lookup of the codes among them. A plain tuple: nothing is unpacked faster.
_Move = tuple["_State", int, int, bool, Match, Take | None, Callable[[Sequence[str]], list[int]]]


class _State(dict[str, _Move]):
    """The segment read last: tag -> move. A move is compiled when it is made for the first time."""

    def __init__(self, node: int, compile_move: Callable[[int, str], _Move]) -> None:
        super().__init__()
        self.node = node
        self.shapes: Shapes | None = None
        self.stencils: Stencils | None = None
        self._compile = compile_move

    def forget(self) -> None:
        """Compile moves and runs anew when they are next made."""
        self.clear()
        if self.shapes is not None:
            self.shapes.forget()

    def __missing__(self, tag: str) -> _Move:
        move = self[tag] = self._compile(self.node, tag)
        return move


class _Reading:
    """Where the reading of one message stands; ``unknown`` are the positions of segments with unlisted codes."""

    __slots__ = ("counts", "position", "state", "target", "unknown")

    def __init__(self, target: object, state: _State, slots: int) -> None:
        self.target, self.state = target, state
        self.counts = [0] * slots
        self.position = 0
        self.unknown: list[int] = []


class CompiledMessage:
    """One message type of one directory for one dialect and one mapping."""

    def __init__(
        self,
        directory: Directory,
        message_type: str,
        separators: Separators,
        readers: Readers,
        blank: Callable[[], object] | None = None,
    ) -> None:
        """Compile a message.

        *blank* makes what *readers* fill, where they may be tried beforehand (see ``fills``): a dataclass. What they do
        with a text must follow from where it stands, from whether it is empty, and from comparisons with it.
        """
        self.directory = directory
        self.automaton = _automaton(directory.name, message_type)
        self.separators = separators
        self.readers = readers
        self._captures = captures_of(directory, self.automaton, separators, readers)
        self._terminator = separators.terminator
        self._release = separators.release
        freed = separators.released
        self._freed = re.compile(f"{re.escape(self._release)}([{''.join(map(re.escape, freed))}])")
        self._mask = {char: chr(_MASK_BASE + index) for index, char in enumerate(freed)}
        self._unmask = {_MASK_BASE + index: char for index, char in enumerate(freed)}
        self._has_mask = re.compile(f"[{''.join(self._mask.values())}]").search if freed else _never
        self._states = [_State(node, self._move) for node in range(len(self.automaton.tags))]
        self._start, self._end = _State(-1, self._move), self._states[-1]
        begins = [0, *(node for node, tag in enumerate(self.automaton.tags) if tag == self.automaton.most_repeated)]
        if blank is not None or not readers:
            for node in begins:
                self._states[node].stencils = Stencils(self.automaton, self._captures, node, separators, blank)
        self._lead = self.automaton.most_repeated
        if self._lead:
            self._lead += separators.element
            for node in begins[1:]:
                self._states[node].shapes = Shapes(self.automaton, self._captures, node, self._terminator)

    def places(self, node: int) -> tuple[tuple[int, int], ...]:
        """Return the places (element, component) that the reader of the segments at *node* takes."""
        return self._captures[node].places

    def table(self, tag: str) -> SegmentTable:
        """Return the directory's table of a segment."""
        return self.directory.segments[tag]

    def _move(self, node: int, tag: str) -> _Move:
        if node < 0:
            if tag != "UNH":
                raise KeyError(tag)
            to, slot, limit, repeats = 0, -1, 1, False
        else:
            to, slot, limit, repeats = self.automaton.steps[node][tag][:4]
        segment = self._captures[to]
        match, unlisted = re.compile(segment.lean()).fullmatch, Codes(segment.lists()).unlisted
        return (self._states[to], slot, limit, repeats, match, segment.take, unlisted)

    def _mask_released(self, text: str) -> str:
        mask = self._mask
        return self._freed.sub(lambda found: mask[found[1]], text)

    def read(self, text: str, target: object) -> list[int] | None:
        """Read one message's *text*, line ends taken out, into *target* through the mapping's readers.

        Returns:
            None where the exact validator must look (what *target* then holds is void); else the positions
            (UNH = 1) of segments with a code that the directory does not list.
        """
        terminator, lead, release = self._terminator, self._lead, self._release
        if release and release in text:
            text = self._mask_released(text)
        if not text.endswith(terminator):
            return None
        reading = _Reading(target, self._start, self.automaton.slots)
        head, *rest = text[:-1].split(terminator + lead) if lead else [text[:-1]]
        pieces = [head, *[lead + one for one in rest]]
        number, last = 0, len(pieces) - 1
        while number <= last:
            if number < last:
                number = self._fit(reading, pieces, number, last)
            piece = pieces[number]
            if not (number and self._run(reading, piece, number == last)) and not self._walk(
                reading, piece.split(terminator)
            ):
                return None
            number += 1
        return reading.unknown if reading.state is self._end else None

    def _fit(self, reading: _Reading, pieces: Sequence[str], number: int, last: int) -> int:
        """Read the pieces from *number* on that stencils fit, before the *last* one; return the first that is left."""
        target, has_mask = reading.target, self._has_mask
        while number < last:
            piece = pieces[number]
            try:
                state, slot, limit, repeats = reading.state[piece[:3]][:4]
            except KeyError:
                break
            count = reading.counts[slot] if repeats else 0
            if state.stencils is None or count >= limit or (fitting := state.stencils.find(piece)) is None:
                break
            (match, fill, length, end, again), fits = fitting
            found: re.Match[str] | None = fits
            while found is not None:
                if fill is not None:
                    values = found.groups()
                    if not piece.isascii() and has_mask(piece):
                        values = self._unmasked(values)
                    fill(target, values)
                number, count = number + 1, count + 1
                reading.position += length
                piece = pieces[number]
                found = match(piece) if again and number < last and count < limit else None
            if slot >= 0:
                reading.counts[slot] = count
            reading.state = self._states[end]
        return number

    def _unmasked(self, values: Sequence[str]) -> tuple[str, ...]:
        return tuple([value if value.isascii() else value.translate(self._unmask) for value in values])

    def _walk(self, reading: _Reading, segments: Sequence[str]) -> bool:
        """Read *segments* one by one; False where the exact validator must look."""
        state, counts, target, has_mask = reading.state, reading.counts, reading.target, self._has_mask
        for position, segment in enumerate(segments, reading.position + 1):
            try:
                state, slot, limit, repeats, match, take, unlisted = state[segment[:3]]
            except KeyError:
                return False
            if slot >= 0:
                counts[slot] = count = counts[slot] + 1 if repeats else 1
                if count > limit:
                    return False
            found = match(segment)
            if found is None:
                if not self._look_closer(reading, state.node, segment, position):
                    return False
                continue
            values = found.groups("")
            if not segment.isascii() and has_mask(segment):
                values = self._unmasked(values)
            if unlisted(values):
                reading.unknown.append(position)
            if take is not None:
                take(target, values)
        reading.state = state
        reading.position += len(segments)
        return True

    def _look_closer(self, reading: _Reading, node: int, segment: str, position: int) -> bool:
        """Read a segment that the lean pattern did not let through; False where the exact validator must look."""
        captures = self._captures[node]
        found = captures.full(segment)
        if found is None:
            return False
        values = found.groups("")
        if self._has_mask(segment):
            values = self._unmasked(values)
        if not captures.all_listed(values):
            reading.unknown.append(position)
        elif captures.learn(values):
            for state in self._states:
                state.forget()
        if captures.take is not None:
            captures.take(reading.target, captures.picked(values))
        return True

    def _run(self, reading: _Reading, piece: str, last: bool) -> bool:  # noqa: FBT001 - in the hot loop
        """Read *piece* as one run; False, with nothing done, where its segments are to be read one by one."""
        try:
            state, slot, limit, repeats = reading.state[piece[:3]][:4]
        except KeyError:
            return False
        count = reading.counts[slot] + 1 if repeats else 1
        if count > limit:
            return False
        shapes = state.shapes
        if shapes is None:
            return False
        run = shapes.latest[last]
        found = run.match(piece) if run is not None else None
        if run is None or found is None:
            if (known := shapes.find(piece, last)) is None:
                return False
            run, found = known
        _, length, end, takers, unlisted, _ = run
        values = found.groups("")
        if not piece.isascii() and self._has_mask(piece):
            values = self._unmasked(values)
        if strange := unlisted(values):
            reading.unknown += [reading.position + 1 + segment for segment in run.segments_of(strange)]
        target = reading.target
        for take, place in takers:
            take(target, values[place])
        if slot >= 0:
            reading.counts[slot] = count
        reading.state = self._states[end]
        reading.position += length
        return True


def _never(_text: str) -> None:
    """Find no released character: this dialect has none."""


@lru_cache(maxsize=32)
def _automaton(directory: str, message_type: str) -> Automaton:
    return Automaton(load(directory).messages[message_type])
