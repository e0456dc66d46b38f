"""A guide compiled into the mapping of a message: the same readers, and a few more values for its own checks.

A guided mapping is a mapping like any other, so both ways of reading serve it: the fast path hands plain values over
and learns that nothing is wrong, the exact validator hands over values that know their place. What is read of a
message is listed while it is read and checked in the end, when it is known how often a group stood.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any, Final, NamedTuple

from adapters.edi.collect import RawDocument
from adapters.edi.directory.automaton import Automaton
from adapters.edi.directory.captures import Place, Reader, Take
from adapters.edi.directory.tables import Directory, SegmentTable, load
from adapters.edi.guides.hints import Sent, apply, places_of
from adapters.edi.guides.model import ElementRule, FieldHint, Format, Guide, MessageGuide, SegmentRule
from adapters.edi.guides.pointable import Slot, pointable
from adapters.edi.lexer import Placed, shown
from adapters.edi.mapping import Mapping
from adapters.edi.messages.registry import MAPPINGS
from core.ports import MessageSpan
from core.provenance import Level, Violation, fault

_FIRST: Final[Place] = (1, 1)
#: the segments that no guide has to name
_FRAME: Final = frozenset({"UNH", "UNS", "UNT"})
#: codes that a violation names, of those that are agreed
_CODES_TOLD: Final = 20


class _Element(NamedTuple):
    rule: ElementRule
    place: int
    id: str
    name: str


class _Rule(NamedTuple):
    """A segment rule by its number, with the indexes of its values among those that are listed of its path."""

    number: int
    rule: SegmentRule
    qualifier: int
    elements: tuple[_Element, ...]


class _Hint(NamedTuple):
    hint: FieldHint
    slot: Slot
    rank: int
    qualifier: int
    values: tuple[int, ...]


class _Path(NamedTuple):
    """What is done with the segments at one path; ``inside`` are the rules that count within each of them.

    ``opens`` says that each begins a row of those that hints point into.
    """

    path: str
    places: tuple[Place, ...]
    rules: tuple[_Rule, ...]
    hints: tuple[_Hint, ...]
    inside: tuple[tuple[int, SegmentRule], ...]
    agreed: bool
    opens: bool


class Guided:
    """One message while it is read: what its mapping collects, and the segments that the guide has a word on."""

    __slots__ = ("raw", "segments")

    def __init__(self, raw: Any) -> None:
        self.raw = raw
        self.segments: list[tuple[_Path, Sequence[str]]] = []

    def settled(self) -> Any:
        """Return what the mapping collected, with the fields that the guide points to set."""
        if isinstance(self.raw, RawDocument):
            apply(self.raw, _pointed_to(self.segments))
        return self.raw


class _Scope:
    """An open group, or the message itself: how often the segments of each rule stood in it so far."""

    def __init__(self, path: str, rules: Sequence[tuple[int, SegmentRule]], opened: Sequence[str]) -> None:
        self.path, self.rules, self.opened = path, rules, opened
        self.counts = dict.fromkeys((number for number, _ in rules), 0)


class Checks:
    """The rules of one message entry, compiled for a directory and a mapping."""

    def __init__(self, guide: Guide, entry: MessageGuide, directory: Directory, mapping: Mapping) -> None:
        self._guide, self._entry, self._mapping = guide, entry, mapping
        self._paths = Automaton(directory.messages[entry.type]).paths
        self._tables = {path: directory.segments[path[-3:]] for path in self._paths}
        self._rules = [rule for rule in entry.segments if rule.path in self._tables]
        self._pointable = pointable(entry.type)
        self._hints = [hint for hint in entry.fields if hint.path in self._tables]
        self._inside = {path: self._rules_inside(path) for path in ("", *self._paths)}

    def mapping(self) -> Mapping:
        """Return the mapping with the checks in it; what it collects is :class:`Guided`."""
        mapping = self._mapping
        readers = {path: reader for path in dict.fromkeys(self._paths) if (reader := self._reader(path)) is not None}
        return Mapping(readers, lambda: Guided(mapping.collect()), self._assemble)

    def _assemble(self, read: Guided, decimal: str) -> tuple[Any, list[Violation]]:
        faults = self._guide.judged(self._check(read.segments, decimal))
        raw = read.settled() if self._hints else read.raw
        document, found = self._mapping.assemble(raw, decimal)
        return document, [*found, *faults]

    def _rules_inside(self, group: str) -> tuple[tuple[int, SegmentRule], ...]:
        return tuple((number, rule) for number, rule in enumerate(self._rules) if _group(rule.path) == group)

    def _reader(self, path: str) -> Reader | None:
        """Return the reader of *path*: that of the mapping, and whoever lists the segment; None for neither."""
        table, own = self._tables[path], self._mapping.readers.get(path)
        taken = tuple(place for place in own.places if table.component(*place) is not None) if own else ()
        plan = self._plan(path, table)
        if plan is None:
            return None if own is None else Reader(taken, _through(own.take))
        places = tuple(sorted({*taken, *plan.places}))
        listed = _chosen(places, plan.places)
        if own is None:
            return Reader(places, _listing(plan, listed))
        return Reader(places, _both(own.take, _chosen(places, taken), plan, listed))

    def _plan(self, path: str, table: SegmentTable) -> _Path | None:
        """Return what is done with the segments at *path*, None where the guide has no word on them."""
        numbered = [one for one in enumerate(self._rules) if one[1].path == path]
        rules = [rule for _, rule in numbered]
        slots = self._pointable.slots
        hints = [(rank, hint, slots[hint.field]) for rank, hint in enumerate(self._hints) if hint.path == path]
        inside = self._inside[path]
        named = [*(rule.path for rule in self._rules), *(hint.path for hint in self._hints)]
        below = any(one.startswith(f"{path}/") for one in named)
        agreed = not self._entry.closed or bool(rules or hints or below) or path in _FRAME
        opens = path in self._pointable.opens and bool(self._hints)
        if agreed and not (rules or hints or below or opens):
            return None
        wanted = {
            _FIRST,
            *(rule.qualifier_at for rule in rules),
            *(element.at for rule in rules for element in rule.elements),
            *(place for _, hint, slot in hints for place in (hint.qualifier_at, *places_of(hint, slot))),
        }
        places = tuple(sorted(place for place in wanted if table.component(*place) is not None))
        index = {place: number for number, place in enumerate(places)}
        return _Path(
            path,
            places,
            tuple(
                _Rule(number, rule, index[rule.qualifier_at], tuple(_elements(rule, table, index)))
                for number, rule in numbered
                if rule.qualifier_at in index
            ),
            tuple(
                _Hint(
                    hint, slot, rank, index[hint.qualifier_at], tuple(index[place] for place in places_of(hint, slot))
                )
                for rank, hint, slot in hints
                if {hint.qualifier_at, *places_of(hint, slot)} <= index.keys()
            ),
            inside,
            agreed,
            opens,
        )

    def _check(self, segments: Iterable[tuple[_Path, Sequence[str]]], decimal: str) -> Iterator[Violation]:
        scopes = [_Scope("", self._inside[""], ())]
        for plan, values in segments:
            path = plan.path
            while (open_ := scopes[-1].path) and not path.startswith(f"{open_}/"):
                yield from _missing(scopes.pop())
            if not plan.agreed:
                tag = path[-3:]
                yield _at(fault("guide.segment_not_agreed", {"tag": tag, "path": path}), values, Level.SEGMENT, "15")
            for rule in plan.rules:
                if not rule.rule.qualifier or values[rule.qualifier] == rule.rule.qualifier:
                    yield from _count(scopes[-1], rule, values)
                    for element in rule.elements:
                        yield from _value(element, rule.rule, values[element.place], decimal)
            if plan.inside:
                scopes.append(_Scope(path, plan.inside, values))
        while scopes:
            yield from _missing(scopes.pop())


@lru_cache(maxsize=64)
def guided(guide: Guide, number: int, directory: str) -> Mapping:
    """Return the mapping of *guide*'s message entry *number* with its checks, for messages read by *directory*."""
    entry = guide.messages[number]
    return Checks(guide, entry, load(directory), MAPPINGS[entry.type]).mapping()


def release_fault(entry: MessageGuide, span: MessageSpan) -> Iterator[Violation]:
    """Yield the fault of a message whose UNH names another release or association than is agreed."""
    release = span.version + span.release
    if release == entry.release and entry.association in {"", span.association}:
        return
    agreed = f"{entry.type}:{entry.release[0]}:{entry.release[1:]}:{entry.association}".rstrip(":")
    sent = f"{span.type}:{span.version}:{span.release}:{span.association}".rstrip(":")[:40]
    yield fault(
        "guide.release",
        {"sent": sent, "agreed": agreed},
        segment=1,
        tag="UNH",
        element=2,
        offset=span.offset,
        value=sent,
        syntax_code="3",
    )


def _elements(rule: SegmentRule, table: SegmentTable, index: dict[Place, int]) -> Iterator[_Element]:
    for element in rule.elements:
        component = table.component(*element.at)
        if component is not None:
            yield _Element(element, index[element.at], component.id, component.name)


def _chosen(places: Sequence[Place], wanted: Sequence[Place]) -> itemgetter[Any] | None:
    """Return what picks *wanted* out of the values at *places*, None where they are the same."""
    if tuple(places) == tuple(wanted):
        return None
    # itemgetter gives a tuple for two or more alone
    numbers = [places.index(place) for place in wanted]
    return itemgetter(*numbers) if len(numbers) > 1 else itemgetter(slice(numbers[0], numbers[0] + 1))


def _through(take: Take) -> Take:
    def pass_on(target: Guided, values: Sequence[str]) -> None:
        take(target.raw, values)

    return pass_on


def _listing(plan: _Path, listed: itemgetter[Any] | None) -> Take:
    def note(target: Guided, values: Sequence[str]) -> None:
        target.segments.append((plan, listed(values) if listed else values))

    return note


def _both(take: Take, own: itemgetter[Any] | None, plan: _Path, listed: itemgetter[Any] | None) -> Take:
    def both(target: Guided, values: Sequence[str]) -> None:
        take(target.raw, own(values) if own else values)
        target.segments.append((plan, listed(values) if listed else values))

    return both


def _pointed_to(segments: Iterable[tuple[_Path, Sequence[str]]]) -> Iterator[Sent]:
    row = -1
    for plan, values in segments:
        row += plan.opens
        for hint, slot, rank, qualifier, indexes in plan.hints:
            if hint.qualifier and values[qualifier] != hint.qualifier:
                continue
            sent = [values[index] for index in indexes]
            if sent[0]:
                yield Sent(rank, slot, row, sent)


def _count(scope: _Scope, rule: _Rule, values: Sequence[str]) -> Iterator[Violation]:
    number, most = rule.number, rule.rule.most
    if number not in scope.counts:  # the group's trigger is missing, which the directory says already
        return
    scope.counts[number] += 1
    if most is None or scope.counts[number] != most + 1:
        return
    segment, path = _named(rule.rule), rule.rule.path
    if most == 0:
        yield _at(fault("guide.segment_forbidden", {"segment": segment, "path": path}), values, Level.SEGMENT, "15")
    else:
        found = fault("guide.segment_too_many", {"segment": segment, "path": path, "most": most})
        yield _at(found, values, Level.SEGMENT, "35")


def _missing(scope: _Scope) -> Iterator[Violation]:
    for number, rule in scope.rules:
        if (count := scope.counts[number]) < rule.least:
            found = fault(
                "guide.segment_missing",
                {"segment": _named(rule), "path": rule.path, "least": rule.least, "found": count},
            )
            yield _at(found, scope.opened, Level.SEGMENT, "13")


def _value(element: _Element, rule: SegmentRule, value: str, decimal: str) -> Iterator[Violation]:
    wanted, (_, _, id_, name) = element.rule, element
    sent, path = value[:40], rule.path
    if not value:
        if wanted.required:
            found = fault("guide.element_missing", {"id": id_, "name": name, "segment": _named(rule), "path": path})
            yield _at(found, (value,), syntax_code="13")
    elif wanted.forbidden:
        found = fault("guide.element_forbidden", {"sent": sent, "id": id_, "name": name, "path": path})
        yield _at(found, (value,), syntax_code="16")
    elif wanted.codes is not None and value not in wanted.codes:
        agreed = ", ".join(sorted(wanted.codes)[:_CODES_TOLD])
        found = fault("guide.code_not_agreed", {"sent": sent, "id": id_, "path": path, "agreed": agreed})
        yield _at(found, (value,), syntax_code="14")
    elif wanted.format is not None and not fits(value, wanted.format, decimal):
        asked = str(wanted.format)
        found = fault("guide.format", {"sent": sent, "id": id_, "name": name, "path": path, "format": asked})
        yield _at(found, (value,), syntax_code="39" if len(value) > wanted.format.most else "12")


def fits(value: str, wanted: Format, decimal: str) -> bool:
    """Tell whether *value* is of the format; sign and decimal mark of a number do not count (ISO 9735, 10.1)."""
    length = len(value)
    if wanted.kind == "n":
        digits = value.removeprefix("-").replace(decimal, "", 1)
        if not (digits.isascii() and digits.isdigit()):
            return False
        length = len(digits)
    elif wanted.kind == "a" and any(char.isdigit() for char in value):
        return False
    return wanted.least <= length <= wanted.most


def _group(path: str) -> str:
    """Return the path of the group that holds the segments at *path*, "" for the message itself."""
    return path.rpartition("/")[0]


def _named(rule: SegmentRule) -> str:
    return f"{rule.path[-3:]}+{rule.qualifier}" if rule.qualifier else rule.path[-3:]


def _at(found: Violation, values: Sequence[str], level: Level = Level.COMPONENT, syntax_code: str = "12") -> Violation:
    """Give a fault the place of the first of *values*: that of the value, or of its segment."""
    place = values[0].place if values and isinstance(values[0], Placed) else None
    if place is None:
        return found._replace(level=level if values else Level.MESSAGE, syntax_code=syntax_code)
    whole = level is Level.SEGMENT
    return found._replace(
        level=level,
        segment=place.segment,
        tag=place.tag,
        element=None if whole else place.element,
        component=None if whole else place.component,
        offset=place.offset,
        value=None if whole or not values[0] else shown(str(values[0])),
        syntax_code=syntax_code,
    )
