"""The first pass: the interchanges of a source, their messages, counts and references (ISO 9735).

It looks at service segments only, which a pattern finds in the bytes. Wrong counts and references hold an order
(``document.count_mismatch``); an envelope that does not open or close is refused. Bytes that are all there
(:func:`scan`) and a source that is read piece by piece (:func:`envelopes`) take the same way to the same answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final, NamedTuple

from adapters.edi.dialect import BOM, PADDING, Dialect, Separators
from adapters.edi.lexer import shown
from adapters.edi.service import Opening, envelope_fault, opening_pattern, padding_end, read_opening, una_repeated
from adapters.edi.walk import Closed, Group, Walk
from adapters.edi.window import REACH, Window
from core.ports import GroupSpan, Interchange, MessageSpan
from core.provenance import Severity, Violation

_OPENING: Final = opening_pattern()
_MESSAGE: Final = re.compile(rb"UNH[^A-Za-z0-9 ]")
_FOREIGN: Final = re.compile(rb"UNB([^A-Za-z0-9\s])UNO[A-Z][^A-Za-z0-9\s][1-4]\1")
#: what stands before UNA and UNB when nothing but UNA is repeated
_ADVICES: Final = re.compile(rb"(?:UNA.{6}[\s\x00]*)+", re.DOTALL)
_DEFAULT: Final = Dialect(Separators(), "", "")
#: so much of what lies outside of any interchange is shown
_SAMPLE: Final = 40


class Opened(NamedTuple):
    """The beginning of an interchange: how it is written, and the interchange as far as UNB tells it."""

    dialect: Dialect
    interchange: Interchange


#: an interchange comes as Opened, its spans and Closed, or alone where it has no opening
Event = Opened | MessageSpan | Group | GroupSpan | Closed | Interchange


def scan(source: bytes) -> tuple[Interchange, ...]:
    """Return the interchanges of *source* in order; one unreadable interchange where there is none."""
    found: list[Interchange] = []
    messages: list[MessageSpan] = []
    groups: list[GroupSpan] = []
    for event in envelopes(Window(source)):
        if isinstance(event, MessageSpan):
            messages.append(event)
        elif isinstance(event, GroupSpan):
            groups.append(event)
        elif isinstance(event, Opened):
            found.append(event.interchange)
            messages, groups = [], []
        elif isinstance(event, Closed):
            length, violations = event
            found[-1] = replace(
                found[-1], length=length, violations=violations, messages=tuple(messages), groups=tuple(groups)
            )
        elif isinstance(event, Interchange):
            found.append(event)
    return tuple(found)


def envelopes(window: Window, limit: int | None = None) -> Iterator[Event]:
    """Yield, for every interchange, how it opens, its messages and groups, and how it closes.

    What is refused for want of an opening comes as an interchange alone. A message lies in *window* until the next
    event is asked for, unless it has more than *limit* bytes. That an interchange closes is told once it is sure what
    follows it: junk at the end of the source is a fault of the last one, junk elsewhere one of the next.
    """
    window.reach(len(BOM), keep=0)
    offset = len(BOM) if window.held.startswith(BOM) else 0
    last: Closed | Interchange | None = None
    ordinal = 0
    junk: list[Violation] = []
    while True:
        outside = _Outside(window, offset)
        if (refused := outside.interchange(ordinal)) is not None:
            if last is not None:
                yield last
            last, ordinal = refused, ordinal + 1
        elif (found := outside.junk()) is not None:
            junk.append(found)
        if not outside.opened:
            break
        if last is not None:
            yield last
        # UNA, UNB and what shows whether the lines are cut
        window.reach(outside.end + 2 * REACH, keep=outside.end)
        opening = _opening_at(window.held, outside.end - window.base, window.base)
        assert opening is not None
        walk = Walk(window, opening, start=outside.end, ordinal=ordinal, before=junk, limit=limit)
        yield Opened(opening.dialect, walk.opened)
        yield from walk.spans()
        last, ordinal, junk = walk.closed(), ordinal + 1, []
        offset = walk.end
    if last is None:
        yield _nothing(window.end, blank=outside.blank)
    elif isinstance(last, Closed):
        yield Closed(last.length, (*last.violations, *junk))
    else:
        yield replace(last, violations=(*last.violations, *junk))


def dialect_at(source: bytes, offset: int) -> Dialect:
    """Return the dialect of the interchange that begins at *offset*; the usual one where no UNB stands there."""
    opening = _opening_at(source, offset)
    return _DEFAULT if opening is None else opening.dialect


def _opening_at(held: bytes, at: int, base: int = 0) -> Opening | None:
    found = _OPENING.match(held, at)
    if found is None:
        return None
    unb_at = at if found[1] is None else padding_end(held, at + 9)
    return read_opening(held, at, unb_at, base)


def _nothing(length: int, *, blank: bool) -> Interchange:
    fault = envelope_fault("source.empty" if blank else "source.not_edifact", {}, 0, None, "")
    return Interchange(0, 0, length, readable=False, violations=(fault,))


class _Outside:
    """The bytes from *offset* to the next interchange, or to the end of the source: messages without one, or junk.

    Attributes:
        start: where they begin, padding left out.
        end: where they end.
        opened: whether an interchange begins there.
        blank: whether they say nothing at all.
    """

    def __init__(self, window: Window, offset: int) -> None:
        self._window = window
        self.blank = True
        self.opened = False
        self._sample = b""
        self._foreign: int | None = None
        self._messages = False
        self.start = self.end = self._skip_padding(offset)
        while not self._follow():
            window.move(self.end)

    def interchange(self, ordinal: int) -> Interchange | None:
        """Return them as one refused interchange if there are messages in them."""
        if self._foreign is not None:
            fault = envelope_fault("envelope.separators_unknown", {}, self._foreign, "UNB", "22")
        elif self._messages:
            fault = envelope_fault("envelope.unb_missing", {}, self.start, "UNB", "13")
        else:
            return None
        return Interchange(ordinal, self.start, self.end - self.start, readable=False, violations=(fault,))

    def junk(self) -> Violation | None:
        """Return the warning about them, None where there is nothing."""
        if self.end == self.start:
            return None
        if self._repeats_una():
            return una_repeated(self._sample.rstrip(PADDING), self.start)
        return envelope_fault(
            "envelope.junk",
            {"size": self.end - self.start},
            self.start,
            None,
            "33",
            severity=Severity.WARNING,
            value=shown(self._sample.decode("ascii", "replace")),
        )

    def _repeats_una(self) -> bool:
        """Tell whether they are nothing but UNA, in front of the one that counts."""
        if not self.opened or self.end - self.start > _SAMPLE or self._window.cut(self.end, 3) != b"UNA":
            return False
        return _ADVICES.fullmatch(self._sample) is not None

    def _skip_padding(self, offset: int) -> int:
        window = self._window
        while (at := padding_end(window.held, offset - window.base)) == len(window.held) and not window.complete:
            offset = window.end
            window.move(offset)
        return window.base + at

    def _follow(self) -> bool:
        """Go on to the next opening; tell whether it, or the end of the source, was reached."""
        held, base, decided = self._window.held, self._window.base, self._window.decided
        found = _OPENING.search(held, self.end - base)
        self.opened = found is not None and base + found.start() < decided
        end = base + found.start() if found is not None and self.opened else max(self.end, decided)
        self._look(held, self.end - base, end - base)
        self.end = end
        return self.opened or self._window.complete

    def _look(self, held: bytes, start: int, end: int) -> None:
        self._sample += held[start : min(end, start + _SAMPLE - len(self._sample))]
        # what begins before an opening ends before it, too: the two have no bytes in common
        reach = end + 16
        if self._foreign is None and (unb := _FOREIGN.search(held, start, reach)) is not None and unb.start() < end:
            self._foreign = self._window.base + unb.start()
        if not self._messages and (unh := _MESSAGE.search(held, start, reach)) is not None:
            self._messages = unh.start() < end
        if self.blank:
            self.blank = not held[start:end].strip(PADDING + BOM)
