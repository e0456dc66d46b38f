"""The exact validator: reads one message segment by segment and reports every fault with its place.

It judges by the same automaton and tables as the fast path and goes on after each fault. Codes are those of UN data
element 0085, as CONTRL carries them. Values that the mapping wants are handed on with their place, so that whatever
the mapping then finds wrong can be located too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from adapters.edi.directory.compiled import CompiledMessage
from adapters.edi.directory.tables import Component, Element, SegmentTable
from adapters.edi.lexer import MAX_SEGMENT, Placed, Segment, SegmentSpan, Stretch, parse, shown, split
from core.provenance import Level, Parameters, Severity, Violation, fault

#: a message with more faults than this is not an order with faults; the rest is summed up
MAX_VIOLATIONS: Final = 1000
#: 3055 values under which a code list is the UN's: none given, or UN/ECE itself
_UN_AGENCIES: Final = frozenset({"", "6"})
_CONTROL: Final = re.compile(r"[\x00-\x08\x0a-\x1f]")


class Visit(NamedTuple):
    """One segment and the state (node of the automaton) that it was read as, None where it fits nowhere."""

    segment: Segment
    node: int | None


class Validator:
    """One pass over one message; ``violations`` fill while :meth:`visits` is consumed."""

    def __init__(self, stretch: Stretch, message: CompiledMessage) -> None:
        self.violations: list[Violation] = []
        self._stretch, self._message = stretch, message
        self._next: dict[str, int] = {}

    def read(self, target: object) -> None:
        """Walk the whole message and hand the values of every segment that has a reader to it, each with its place."""
        readers, paths = self._message.readers, self._message.automaton.paths
        for segment, node in self.visits():
            if node is not None and (reader := readers.get(paths[node])) is not None:
                reader.take(target, [segment.value(*place) for place in self._message.places(node)])

    def visits(self) -> Iterator[Visit]:
        """Yield the segments of the message, faults noted on the way."""
        automaton, node = self._message.automaton, -1
        counts = [0] * automaton.slots
        previous: SegmentSpan | None = None
        source, start, end, dialect, _ = self._stretch
        for span in split(source, start, end, dialect.separators):
            if len(self.violations) >= MAX_VIOLATIONS:
                self.violations.append(
                    fault(
                        "message.more_faults",
                        level=Level.SEGMENT,
                        segment=span.position,
                        offset=span.offset,
                        syntax_code="18",
                    )
                )
                return
            if span.length > MAX_SEGMENT:
                self._too_long(span)
                previous = span
                continue
            segment = parse(self._stretch, span)
            if node < 0:
                step_node = 0 if segment.tag == "UNH" else None
            else:
                step_node = self._step(segment, node, counts, previous or span)
            if step_node is None:
                self._misplaced(segment)
            else:
                node = step_node
                self._check_segment(segment)
            yield Visit(segment, step_node)
            previous = span

    def _step(self, segment: Segment, node: int, counts: list[int], previous: SegmentSpan) -> int | None:
        automaton, tag = self._message.automaton, segment.tag
        step = automaton.steps[node].get(tag)
        if step is None:
            leap = automaton.leaps[node].get(tag)
            # if what the leap passes over is still to come, this segment is out of order and the others are not
            if leap is None or any(self._comes_later(missing, segment) for missing in leap.missing):
                return None
            step = leap
        for missing in step.missing:
            self._missing_segment(missing, previous)
        if step.slot >= 0:
            counts[step.slot] = counts[step.slot] + 1 if step.repeats else 1
            if counts[step.slot] == step.limit + 1:
                self._add(
                    "group.too_many" if step.group else "segment.too_many",
                    {"tag": tag, "most": step.limit},
                    segment,
                    "36" if step.group else "35",
                )
        return step.node

    def _comes_later(self, tag: str, segment: Segment) -> bool:
        """Tell whether a segment with *tag* stands after *segment*; the next one found is remembered."""
        found = self._next.get(tag, 0)
        if 0 <= found < segment.offset + segment.length:
            source, _, end, dialect, _ = self._stretch
            mark = re.escape(dialect.separators.terminator) + r"\s*" + re.escape(tag) + r"(?![A-Za-z0-9])"
            match = re.compile(mark.encode()).search(source, segment.offset + segment.length, end)
            self._next[tag] = found = match.start() if match else -1
        return found >= 0

    def _missing_segment(self, tag: str, previous: SegmentSpan) -> None:
        name = self._message.table(tag).name
        self.violations.append(
            fault(
                "segment.missing",
                {"tag": tag, "name": name, "after": previous.position},
                level=Level.SEGMENT,
                segment=previous.position,
                tag=tag,
                offset=previous.offset + previous.length,
                syntax_code="13",
            )
        )

    def _misplaced(self, segment: Segment) -> None:
        known = segment.tag in self._message.automaton.tags
        self._add("segment.misplaced" if known else "segment.unknown", {"tag": segment.tag[:20]}, segment, "15")

    def _too_long(self, span: SegmentSpan) -> None:
        tag = self._stretch.source[span.offset : span.offset + 3].decode("ascii", "replace")
        self.violations.append(
            fault(
                "segment.too_long",
                {"size": span.length, "most": MAX_SEGMENT},
                level=Level.SEGMENT,
                segment=span.position,
                tag=tag,
                offset=span.offset,
                syntax_code="16",
            )
        )

    def _add(self, code: str, parameters: Parameters, segment: Segment, syntax_code: str) -> None:
        self.violations.append(
            fault(
                code,
                parameters,
                level=Level.SEGMENT,
                segment=segment.position,
                tag=shown(segment.tag),
                offset=segment.offset,
                syntax_code=syntax_code,
            )
        )

    def _check_segment(self, segment: Segment) -> None:
        table = self._message.table(segment.tag)
        self.violations.extend(check_segment(segment, table, self._stretch.dialect.separators.decimal))
        self.violations.extend(check_codes(segment, table))


def check_segment(segment: Segment, table: SegmentTable, decimal: str) -> Iterator[Violation]:
    """Yield the faults of one segment's elements: missing, too many, format and length."""
    sent_count = len(segment.elements)
    for number, item in enumerate(table.elements, 1):
        sent = segment.elements[number - 1] if number <= sent_count else []
        if any(sent):
            yield from _check_element(segment, table, number, sent, decimal)
        elif item.mandatory:
            yield _missing(segment, table, item, number, None)
    for number in segment.repeats:
        if number > sent_count or not any(segment.elements[number - 1]):
            continue
        if number > len(table.elements) or table.elements[number - 1].turn == 1:
            yield _repeated(segment, table, number)
            break
    if not table.open:
        extra = next(filter(None, _beyond(segment, table)), None)
        if extra is not None:
            yield _extra(
                "element.too_many",
                {"tag": table.tag, "name": table.name, "most": len(table.elements)},
                extra,
                Level.ELEMENT,
            )


def _beyond(segment: Segment, table: SegmentTable) -> Iterator[Placed]:
    """Yield the values of elements that the table does not have; those that repeat its last are told as repeats."""
    for number, sent in enumerate(segment.elements, 1):
        if number > len(table.elements) and number not in segment.repeats:
            yield from sent


def _repeated(segment: Segment, table: SegmentTable, number: int) -> Violation:
    """Return the fault of an element that repeats what may not repeat, or not so often."""
    value = next(filter(None, segment.elements[number - 1]))
    item = table.elements[min(number - 1, len(table.elements)) - 1]
    known: Parameters = {"id": item.id, "name": item.name, "tag": table.tag, "most": item.limit}
    return _extra("element.repeated", known, value, Level.ELEMENT)._replace(syntax_code="35")


def _check_element(
    segment: Segment, table: SegmentTable, number: int, sent: list[Placed], decimal: str
) -> Iterator[Violation]:
    item = table.elements[number - 1]
    for index, part in enumerate(item.components, 1):
        value = sent[index - 1] if index <= len(sent) else ""
        if isinstance(value, Placed) and value:
            broken = _check_value(value, part, item, table, decimal)
            if broken is not None:
                yield broken
        elif part.mandatory:
            yield _missing(segment, table, item, number, index)
    extra = next(filter(None, sent[len(item.components) :]), None)
    if extra is not None:
        yield _extra(
            "component.too_many",
            {"id": item.id, "name": item.name, "most": len(item.components)},
            extra,
            Level.COMPONENT,
        )


def check_codes(segment: Segment, table: SegmentTable) -> Iterator[Violation]:
    """Yield a warning for each code that its list does not have, unless its composite names another list's owner."""
    for number, item in enumerate(table.elements[: len(segment.elements)], 1):
        sent = segment.elements[number - 1]
        agencies = [
            str(sent[index]) for index, part in enumerate(item.components[: len(sent)]) if part.id in {"1131", "3055"}
        ]
        foreign = bool(set(agencies) - _UN_AGENCIES)
        for part, value in zip(item.components, sent, strict=False):
            if part.codes and value and value not in part.codes and (not foreign or part.id in {"1131", "3055"}):
                yield _violation(
                    "code.unknown",
                    {"sent": value[:40], "id": part.id, "name": part.name},
                    value,
                    item,
                    "12",
                    severity=Severity.WARNING,
                )


def _missing(segment: Segment, table: SegmentTable, item: Element, number: int, component: int | None) -> Violation:
    place = segment.value(number, component or 1).place
    what = item.components[component - 1] if component else item
    single = component is None or not item.composite
    return fault(
        "element.missing" if single else "component.missing",
        {"id": what.id, "name": what.name, "tag": table.tag},
        level=Level.ELEMENT if single else Level.COMPONENT,
        segment=segment.position,
        tag=segment.tag,
        element=number,
        component=None if single else component,
        offset=place.offset,
        syntax_code="13",
    )


def _extra(code: str, known: Parameters, value: Placed, level: Level) -> Violation:
    place = value.place
    return fault(
        code,
        known,
        level=level,
        segment=place.segment,
        tag=place.tag,
        element=place.element,
        component=place.component if level is Level.COMPONENT else None,
        offset=place.offset,
        value=shown(value),
        syntax_code="16",
    )


def _violation(  # the parts of a violation, no fewer
    code: str,
    parameters: Parameters,
    value: Placed,
    item: Element,
    syntax_code: str,
    *,
    severity: Severity = Severity.ERROR,
) -> Violation:
    place = value.place
    return fault(
        code,
        parameters,
        severity=severity,
        level=Level.COMPONENT if item.composite else Level.ELEMENT,
        segment=place.segment,
        tag=place.tag,
        element=place.element,
        component=place.component if item.composite else None,
        offset=place.offset,
        value=shown(value),
        syntax_code=syntax_code,
    )


class _Numbers(NamedTuple):
    """What a number looks like under one decimal mark: rightly, with a digit missing, with any mark."""

    right: re.Pattern[str]
    loose: re.Pattern[str]
    other: re.Pattern[str]


@lru_cache(maxsize=16)
def _numbers(decimal: str) -> _Numbers:
    mark, other = re.escape(decimal), "," if decimal == "." else "."
    return _Numbers(
        re.compile(f"-?[0-9]+(?:{mark}[0-9]+)?"),
        re.compile(f"-?[0-9]*(?:{mark}[0-9]*)?"),
        re.compile(f"-?[0-9]*(?:[{mark}{other}][0-9]*)*"),
    )


def _check_value(value: Placed, part: Component, item: Element, table: SegmentTable, decimal: str) -> Violation | None:
    """Return the one fault of a value that says most about it."""
    what = (value, part, item, table)
    if found := _CONTROL.search(value):
        return _refuse("value.control_character", {"character": f"0x{ord(found[0]):02X}"}, what, "21")
    length = len(value)
    if part.kind == "n":
        if not _numbers(decimal).right.fullmatch(value):
            return _check_number(what, decimal)
        length = sum(char.isdigit() for char in value)
    elif part.kind == "a" and any(char.isdigit() for char in value):
        return _refuse("value.not_alphabetic", {"sent": value[:40]}, what, "37")
    if length > part.most:
        return _refuse("value.too_long", {"length": length, "most": part.most}, what, "39")
    if length < part.least:
        return _refuse("value.too_short", {"length": length, "least": part.least}, what, "40")
    return None


_What = tuple[Placed, Component, Element, SegmentTable]


def _check_number(what: _What, decimal: str) -> Violation:
    value, numbers = what[0], _numbers(decimal)
    digits = any(char in "0123456789" for char in value)
    if digits and numbers.loose.fullmatch(value):
        lax = _refuse("value.decimal_digit", {"sent": value[:40], "mark": decimal}, what, "38")
        return lax._replace(severity=Severity.WARNING)
    if digits and numbers.other.fullmatch(value):
        return _refuse("value.decimal_mark", {"sent": value[:40], "mark": decimal}, what, "19")
    return _refuse("value.not_numeric", {"sent": value[:40]}, what, "37")


def _refuse(code: str, parameters: Parameters, what: _What, syntax_code: str) -> Violation:
    value, part, item, table = what
    named = {"id": part.id, "name": part.name, "tag": table.tag, **parameters}
    return _violation(code, named, value, item, syntax_code)
