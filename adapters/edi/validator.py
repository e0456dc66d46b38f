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

from adapters.edi.dialect import Dialect
from adapters.edi.directory.compiled import CompiledMessage
from adapters.edi.directory.tables import Component, Element, SegmentTable
from adapters.edi.lexer import MAX_SEGMENT, Placed, Segment, SegmentSpan, parse, split
from core.provenance import Level, Severity, Violation

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

    def __init__(
        self, source: bytes, start: int, end: int, dialect: Dialect, codec: str, message: CompiledMessage
    ) -> None:
        self.violations: list[Violation] = []
        self._source, self._start, self._end = source, start, end
        self._dialect, self._codec, self._message = dialect, codec, message

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
        for span in split(self._source, self._start, self._end, self._dialect.separators):
            if len(self.violations) >= MAX_VIOLATIONS:
                self.violations.append(
                    Violation(
                        "message.more_faults", "The message has further faults that are not listed.", offset=span.offset
                    )
                )
                return
            if span.length > MAX_SEGMENT:
                self._too_long(span)
                previous = span
                continue
            segment = parse(self._source, span, self._dialect, self._codec)
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
        step = automaton.steps[node].get(tag) or automaton.leaps[node].get(tag)
        if step is None:
            return None
        for missing in step.missing:
            self._missing_segment(missing, previous)
        if step.slot >= 0:
            counts[step.slot] = counts[step.slot] + 1 if step.repeats else 1
            if counts[step.slot] == step.limit + 1:
                what, code = ("segment group", "36") if step.group else ("segment", "35")
                self._add(
                    "group.too_many" if step.group else "segment.too_many",
                    f"The {what} {tag} may stand {step.limit} times here and stands more often.",
                    segment,
                    code,
                )
        return step.node

    def _missing_segment(self, tag: str, previous: SegmentSpan) -> None:
        name = self._message.table(tag).name
        self.violations.append(
            Violation(
                "segment.missing",
                f"The mandatory segment {tag} ({name}) is missing after segment {previous.position}.",
                level=Level.SEGMENT,
                segment=previous.position,
                tag=tag,
                offset=previous.offset + previous.length,
                hint=f"Send {tag} at this place.",
                syntax_code="13",
            )
        )

    def _misplaced(self, segment: Segment) -> None:
        known = segment.tag in self._message.automaton.tags
        if known:
            text = f"The segment {segment.tag} must not stand here: the message table has it elsewhere."
        else:
            text = f"{segment.tag[:20]!r} is not a segment of this message."
        self._add(
            "segment.misplaced" if known else "segment.unknown",
            text,
            segment,
            "15",
            hint="Keep the order of segments of the directory." if known else "Leave it out, or correct the tag.",
        )

    def _too_long(self, span: SegmentSpan) -> None:
        tag = self._source[span.offset : span.offset + 3].decode("ascii", "replace")
        self.violations.append(
            Violation(
                "segment.too_long",
                f"A segment of {span.length:,} bytes is not a segment; the longest that is read has {MAX_SEGMENT:,}.",
                level=Level.SEGMENT,
                segment=span.position,
                tag=tag,
                offset=span.offset,
                hint="Its terminator is probably missing or wrong.",
                syntax_code="16",
            )
        )

    def _add(self, code: str, message: str, segment: Segment, syntax_code: str, hint: str = "") -> None:
        self.violations.append(
            Violation(
                code,
                message,
                level=Level.SEGMENT,
                segment=segment.position,
                tag=segment.tag,
                offset=segment.offset,
                hint=hint,
                syntax_code=syntax_code,
            )
        )

    def _check_segment(self, segment: Segment) -> None:
        table = self._message.table(segment.tag)
        for fault in check_segment(segment, table, self._dialect.separators.decimal):
            self.violations.append(fault)
        self.violations.extend(check_codes(segment, table))


def check_segment(segment: Segment, table: SegmentTable, decimal: str) -> Iterator[Violation]:
    """Yield the faults of one segment's elements: missing, too many, format and length."""
    for number, item in enumerate(table.elements, 1):
        sent = segment.elements[number - 1] if number <= len(segment.elements) else []
        if not any(sent):
            if item.mandatory:
                yield _missing(segment, table, item, number, None)
            continue
        for index, part in enumerate(item.components, 1):
            value = sent[index - 1] if index <= len(sent) else segment.value(number, index)
            if value:
                fault = _check_value(value, part, item, table, decimal)
                if fault is not None:
                    yield fault
            elif part.mandatory:
                yield _missing(segment, table, item, number, index)
        for value in sent[len(item.components) :]:
            if value:
                yield _extra(
                    value, f"{item.id} ({item.name}) has only {len(item.components)} component(s).", Level.COMPONENT
                )
                break
    if not table.open:
        for sent in segment.elements[len(table.elements) :]:
            if any(sent):
                text = f"{table.tag} ({table.name}) has only {len(table.elements)} element(s)."
                yield _extra(next(filter(None, sent)), text, Level.ELEMENT)
                break


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
                    f"{value[:40]!r} is not a code of {part.id} ({part.name}).",
                    value,
                    item,
                    "12",
                    severity=Severity.WARNING,
                    hint="It was read as sent; agree on it or use a code of the directory.",
                )


def _missing(segment: Segment, table: SegmentTable, item: Element, number: int, component: int | None) -> Violation:
    place = segment.value(number, component or 1).place
    part = item.components[component - 1] if component else None
    what = f"{part.id} ({part.name})" if part else f"{item.id} ({item.name})"
    single = component is None or not item.composite
    return Violation(
        "component.missing" if not single else "element.missing",
        f"The mandatory {what} of {table.tag} is missing.",
        level=Level.ELEMENT if single else Level.COMPONENT,
        segment=segment.position,
        tag=segment.tag,
        element=number,
        component=None if single else component,
        offset=place.offset,
        hint=f"Send {what}.",
        syntax_code="13",
    )


def _extra(value: Placed, text: str, level: Level) -> Violation:
    place = value.place
    return Violation(
        "element.too_many" if level is Level.ELEMENT else "component.too_many",
        f"More was sent than the directory knows: {text}",
        level=level,
        segment=place.segment,
        tag=place.tag,
        element=place.element,
        component=place.component if level is Level.COMPONENT else None,
        offset=place.offset,
        value=value[:80],
        hint="A separator may stand where text was meant: release it.",
        syntax_code="16",
    )


def _violation(  # the parts of a violation, no fewer
    code: str,
    text: str,
    value: Placed,
    item: Element,
    syntax_code: str,
    *,
    severity: Severity = Severity.ERROR,
    hint: str = "",
) -> Violation:
    place = value.place
    return Violation(
        code,
        text,
        severity=severity,
        level=Level.COMPONENT if item.composite else Level.ELEMENT,
        segment=place.segment,
        tag=place.tag,
        element=place.element,
        component=place.component if item.composite else None,
        offset=place.offset,
        value=value[:80],
        hint=hint,
        syntax_code=syntax_code,
    )


@lru_cache(maxsize=16)
def _numbers(decimal: str) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    mark, other = re.escape(decimal), "," if decimal == "." else "."
    return (
        re.compile(f"-?[0-9]+(?:{mark}[0-9]+)?"),
        re.compile(f"-?[0-9]*(?:{mark}[0-9]*)?"),
        re.compile(f"-?[0-9]*(?:[{mark}{other}][0-9]*)*"),
    )


def _check_value(value: Placed, part: Component, item: Element, table: SegmentTable, decimal: str) -> Violation | None:
    what = f"{part.id} ({part.name}) of {table.tag}"
    if found := _CONTROL.search(value):
        text = f"{what} holds the control character 0x{ord(found[0]):02X}."
        return _violation("value.control_character", text, value, item, "21", hint="Send printable characters only.")
    length = len(value)
    if part.kind == "n":
        strict, loose, marks = _numbers(decimal)
        if not strict.fullmatch(value):
            if loose.fullmatch(value) and any(char.isdigit() for char in value):
                text = f"{what}: {value[:40]!r} lacks a digit beside its decimal mark."
                return _violation(
                    "value.decimal_digit", text, value, item, "38", severity=Severity.WARNING, hint="Write 0.5, not .5"
                )
            if marks.fullmatch(value) and any(char.isdigit() for char in value):
                text = f"{what}: {value[:40]!r} does not use the decimal mark {decimal!r} that is in force."
                return _violation(
                    "value.decimal_mark", text, value, item, "19", hint=f"Send {decimal!r}, or name another in UNA."
                )
            text = f"{what} must be a number, not {value[:40]!r}."
            return _violation("value.not_numeric", text, value, item, "37", hint="Send digits.")
        length = sum(char.isdigit() for char in value)
    elif part.kind == "a" and any(char.isdigit() for char in value):
        text = f"{what} must be letters only, not {value[:40]!r}."
        return _violation("value.not_alphabetic", text, value, item, "37")
    if length > part.most:
        text = f"{what} has {length} characters; {part.most} are allowed."
        return _violation("value.too_long", text, value, item, "39", hint=f"Shorten it to {part.most} characters.")
    if length < part.least:
        text = f"{what} has {length} characters; {part.least} are needed."
        return _violation("value.too_short", text, value, item, "40")
    return None
