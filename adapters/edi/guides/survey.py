"""What sample files of one partner show: segments and how often, qualifiers, codes, lengths, habits and faults.

Files are looked at one by one and forgotten; what is kept grows with the number of different things, not of files.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, NamedTuple

from adapters.edi.decoder import EdifactDecoder
from adapters.edi.dialect import Dialect, Separators, read_text
from adapters.edi.directory.captures import Place
from adapters.edi.directory.compiled import CompiledMessage
from adapters.edi.directory.releases import directory_of
from adapters.edi.directory.tables import SegmentTable, load
from adapters.edi.envelope import dialect_at
from adapters.edi.guides import practice
from adapters.edi.lexer import Segment, Stretch
from adapters.edi.messages.registry import MAPPINGS
from adapters.edi.validator import Validator
from core.ports import Interchange, MessageSpan
from core.provenance import Violation

#: different codes that are remembered of one place; beyond, it is free text under the name of a code
_MOST_CODES: Final = 40


@dataclass(slots=True)
class Seen:
    """The values at one place: how many, how long, only digits or not, and the codes where it has a list."""

    count: int = 0
    least: int = 0
    most: int = 0
    digits: bool = True
    codes: Counter[str] = field(default_factory=Counter)

    def add(self, value: str, *, coded: bool) -> None:
        """Count one value."""
        size = len(value)
        self.least = min(self.least, size) if self.count else size
        self.most = max(self.most, size)
        self.digits = self.digits and value.isascii() and value.isdigit()
        self.count += 1
        if coded and (value in self.codes or len(self.codes) < _MOST_CODES):
            self.codes[value] += 1


@dataclass(slots=True)
class Use:
    """The segments at one path with one qualifier: how many in all, in how many of their groups, and per group."""

    total: int = 0
    groups: int = 0
    least: int = 0
    most: int = 0
    values: dict[Place, Seen] = field(default_factory=dict)


class Kind(NamedTuple):
    """A message type as UNH names it; ``directory`` is the release that reads it."""

    type: str
    release: str
    association: str
    directory: str


@dataclass(slots=True)
class MessageSurvey:
    """All messages of one kind. ``groups`` counts occurrences of each group by its path, of the message by ""."""

    kind: Kind
    groups: Counter[str] = field(default_factory=Counter)
    uses: dict[tuple[str, str], Use] = field(default_factory=dict)
    rejected: int = 0


class Deviation(NamedTuple):
    """Faults of one sort at one place: how many, and the first with the file it is in."""

    times: int
    file: str
    first: Violation
    type: str


@dataclass(slots=True)
class Survey:
    """What all files show. ``habits`` count interchanges by what they do (``separators``, ``charset``, ...)."""

    files: list[str] = field(default_factory=list)
    interchanges: int = 0
    kinds: dict[Kind, MessageSurvey] = field(default_factory=dict)
    habits: dict[str, Counter[str]] = field(default_factory=dict)
    deviations: dict[tuple[str, str, str | None, int | None, int | None], Deviation] = field(default_factory=dict)

    def habit(self, name: str, what: str) -> None:
        """Count one interchange that does *what*."""
        self.habits.setdefault(name, Counter())[what] += 1

    def note(self, file: str, found: Violation, kind: str = "") -> None:
        """Count one fault."""
        key = (found.code, kind, found.tag, found.element, found.component)
        known = self.deviations.get(key)
        self.deviations[key] = (
            Deviation(1, file, found, kind) if known is None else known._replace(times=known.times + 1)
        )


def survey(files: Iterable[tuple[str, bytes]]) -> Survey:
    """Return what *files* (name and content) show. Never raises: what cannot be read is a deviation."""
    found = Survey()
    for name, source in files:
        found.files.append(name)
        for fault in practice.of_file(source):
            found.note(name, fault)
        for interchange in EdifactDecoder().scan(source):
            for violation in interchange.violations:
                found.note(name, violation)
            if interchange.readable:
                found.interchanges += 1
                _look_at(found, name, source, interchange)
    return found


def _look_at(found: Survey, name: str, source: bytes, interchange: Interchange) -> None:
    dialect = dialect_at(source, interchange.offset)
    for habit, what in practice.habits(source, interchange, dialect):
        found.habit(habit, what)
    for fault in practice.of_interchange(source, interchange, dialect):
        found.note(name, fault)
    for span in interchange.messages:
        _count(found, name, source, span, dialect)
    known = [span for span in interchange.messages if span.type in MAPPINGS]
    for decoded in EdifactDecoder().decode(source, interchange, known):
        for violation in decoded.violations:
            found.note(name, violation, decoded.span.type)
        kind = _kind(decoded.span)
        if decoded.failed and kind in found.kinds:
            found.kinds[kind].rejected += 1


def _kind(span: MessageSpan) -> Kind | None:
    directory = directory_of(span.type, span.version, span.release)
    return None if directory is None else Kind(span.type, span.release_name, span.association, directory)


def _count(found: Survey, name: str, source: bytes, span: MessageSpan, dialect: Dialect) -> None:
    kind = _kind(span)
    if kind is None or kind.type not in load(kind.directory).messages:
        for violation in span.violations:
            found.note(name, violation, span.type)
        found.habit("unread messages", f"{span.type} {span.release_name}"[:40])
        return
    start, end = span.offset, span.offset + span.length
    codec = read_text(source[start:end], dialect).codec
    message = _compiled(kind, dialect.separators)
    validator = Validator(Stretch(source, start, end, dialect, codec), message)
    _Walk(found.kinds.setdefault(kind, MessageSurvey(kind))).follow(validator, message)
    if span.type not in MAPPINGS:
        for violation in (*span.violations, *validator.violations):
            found.note(name, violation, span.type)


@lru_cache(maxsize=64)
def _compiled(kind: Kind, separators: Separators) -> CompiledMessage:
    return CompiledMessage(load(kind.directory), kind.type, separators, {})


class _Walk:
    """One message: how often each segment stands in its group, and what it says."""

    def __init__(self, into: MessageSurvey) -> None:
        self._into = into
        self._open: list[tuple[str, Counter[tuple[str, str]]]] = [("", Counter())]
        into.groups[""] += 1

    def follow(self, validator: Validator, message: CompiledMessage) -> None:
        """Take every segment of the message that stands where it may."""
        paths = message.automaton.paths
        groups = {path.rpartition("/")[0] for path in paths}
        for segment, node in validator.visits():
            if node is None:
                continue
            path = paths[node]
            while (open_ := self._open[-1][0]) and not path.startswith(f"{open_}/"):
                self._close()
            self._take(segment, path, message.table(segment.tag))
            if path in groups:
                self._into.groups[path] += 1
                self._open.append((path, Counter()))
        while self._open:
            self._close()

    def _close(self) -> None:
        _, counts = self._open.pop()
        for key, count in counts.items():
            use = self._into.uses[key]
            use.least = min(use.least, count) if use.groups else count
            use.most = max(use.most, count)
            use.groups += 1

    def _take(self, segment: Segment, path: str, table: SegmentTable) -> None:
        key = (path, str(segment.value(1, 1)) if is_qualified(table) else "")
        use = self._into.uses.setdefault(key, Use())
        use.total += 1
        self._open[-1][1][key] += 1
        for place, value in _values(segment):
            component = table.component(*place)
            if component is not None:
                use.values.setdefault(place, Seen()).add(value, coded=component.codes is not None)


def _values(segment: Segment) -> Iterator[tuple[Place, str]]:
    for number, element in enumerate(segment.elements, 1):
        for index, value in enumerate(element, 1):
            if value:
                yield (number, index), str(value)


def is_qualified(table: SegmentTable) -> bool:
    """Tell whether the first value of a segment says what the others are (2005, 3035, 6063, ...)."""
    first = table.component(1, 1)
    return first is not None and first.codes is not None and "qualifier" in first.name.lower()
