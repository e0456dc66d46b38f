"""The first pass: the interchanges of a source, their messages, counts and references (ISO 9735).

It looks at service segments only, which a pattern finds in the bytes; bodies are counted, never taken apart. Wrong
counts and references hold an order (``document.count_mismatch``); an envelope that does not open or close is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Final, NamedTuple

from adapters.edi.dialect import BOM, PADDING, Dialect, Separators
from adapters.edi.lexer import is_released, shown, split
from adapters.edi.service import (
    Opening,
    Service,
    counts,
    envelope_fault,
    is_readable,
    opening_pattern,
    padding_end,
    prepared_at,
    read_opening,
    read_service,
)
from core.ports import GroupSpan, Interchange, MessageSpan
from core.provenance import Level, Parameters, Severity, Violation

_OPENING: Final = opening_pattern()
_HOLD: Final = "document.count_mismatch"
_MESSAGE: Final = re.compile(rb"UNH[^A-Za-z0-9 ]")
_FOREIGN: Final = re.compile(rb"UNB([^A-Za-z0-9\s])UNO[A-Z][^A-Za-z0-9\s][1-4]\1")
_DEFAULT: Final = Dialect(Separators(), "", "")


def scan(source: bytes) -> tuple[Interchange, ...]:
    """Return the interchanges of *source* in order; one unreadable interchange where there is none."""
    found: list[Interchange] = []
    pending: list[Violation] = []
    offset = padding_end(source, len(BOM) if source.startswith(BOM) else 0)
    while offset < len(source):
        opening = _OPENING.search(source, offset)
        start = opening.start() if opening else len(source)
        if start > offset:
            stray = _between(source, offset, start, len(found))
            if isinstance(stray, Interchange):
                found.append(stray)
            else:
                pending.append(stray)
        if opening is None:
            break
        walk = _Walk(source, read_opening(source, start, _unb_of(source, opening)), start, len(found))
        found.append(walk.interchange(pending))
        pending = []
        offset = padding_end(source, walk.end)
    if not found:
        return (_nothing(source),)
    if pending:
        last = found[-1]
        found[-1] = replace(last, violations=(*last.violations, *pending))
    return tuple(found)


def dialect_at(source: bytes, offset: int) -> Dialect:
    """Return the dialect of the interchange that begins at *offset*; the usual one where no UNB stands there."""
    opening = _OPENING.match(source, offset)
    if opening is None:
        return _DEFAULT
    return read_opening(source, offset, _unb_of(source, opening)).dialect


def _unb_of(source: bytes, opening: re.Match[bytes]) -> int:
    return opening.start() if opening[1] is None else padding_end(source, opening.start() + 9)


def _nothing(source: bytes) -> Interchange:
    if not source.strip(b" \t\r\n\x00\x1a" + BOM):
        fault = envelope_fault("source.empty", {}, 0, None, "")
    else:
        fault = envelope_fault("source.not_edifact", {}, 0, None, "")
    return Interchange(0, 0, len(source), readable=False, violations=(fault,))


def _between(source: bytes, start: int, end: int, ordinal: int) -> Interchange | Violation:
    """Judge the bytes outside any interchange: messages without envelope are a document, anything else is junk."""
    if (unb := _FOREIGN.search(source, start, end)) is not None:
        fault = envelope_fault("envelope.separators_unknown", {}, unb.start(), "UNB", "22")
        return Interchange(ordinal, start, end - start, readable=False, violations=(fault,))
    if _MESSAGE.search(source, start, end) is not None:
        fault = envelope_fault("envelope.unb_missing", {}, start, "UNB", "13")
        return Interchange(ordinal, start, end - start, readable=False, violations=(fault,))
    sample = shown(source[start : min(end, start + 40)].decode("ascii", "replace"))
    return envelope_fault(
        "envelope.junk",
        {"size": end - start},
        start,
        None,
        "33",
        severity=Severity.WARNING,
        value=sample,
    )


@lru_cache(maxsize=64)
def _service_pattern(separators: Separators) -> re.Pattern[bytes]:
    """Service segments after a terminator; line ends may cut even a tag (80-column files)."""
    terminator, element = re.escape(separators.terminator).encode(), re.escape(separators.element).encode()
    letters = rb"U[\r\n]*N[\r\n]*"
    return re.compile(
        terminator + rb"[\s\x00]*(?:" + letters + rb"([BEGHTZ])(?=[\r\n]*(?:" + element + rb"|" + terminator + rb"))"
        rb"|UN(A)(?=.{6}[\s\x00]*UNB))",
        re.DOTALL,
    )


class _Mark(NamedTuple):
    """A service segment found: its letter (H for UNH), the terminator before it, its own offset."""

    letter: str
    before: int
    offset: int


def _marks(source: bytes, start: int, separators: Separators) -> Iterator[_Mark]:
    for found in _service_pattern(separators).finditer(source, start):
        if separators.release and is_released(source, found.start(), separators, start):
            continue
        letter = found[1] or found[2]
        offset = source.index(b"U", found.start() + 1)
        yield _Mark(letter.decode(), found.start(), offset)


@lru_cache(maxsize=64)
def _empty_pattern(terminator: str) -> re.Pattern[bytes]:
    mark = re.escape(terminator).encode()
    return re.compile(mark + rb"(?:[ \t\r\n\x00\x1a]*+" + mark + rb")++")


def _last_segment(source: bytes, start: int, end: int, separators: Separators) -> int:
    """Return where the last segment of source[start:end] begins, which may lack its terminator."""
    terminator = separators.terminator.encode()
    stop = _content_end(source, start, end, terminator)
    while (at := source.rfind(terminator, start, stop)) >= 0:
        if not is_released(source, at, separators, start):
            return padding_end(source, at + 1)
        stop = at
    return start


def _content_end(source: bytes, start: int, end: int, terminator: bytes) -> int:
    """Return where the content of source[start:end] ends, the terminator of the last segment left out."""
    tail = source[max(start, end - 4096) : end]
    return end - len(tail) + len(tail.rstrip(PADDING + terminator))


def count_segments(source: bytes, start: int, end: int, separators: Separators) -> int:
    """Return how many segments source[start:end] has; empty ones do not count, a last one without terminator does."""
    terminator, release = separators.terminator.encode(), separators.release.encode()
    # copies of the bytes, not objects per segment: a hostile file has millions of them
    body = source[start:end].translate(None, b"\r\n".replace(terminator, b""))
    if release:
        body = body.replace(release + release, b"").replace(release + terminator, b"")
    runs = _empty_pattern(separators.terminator).finditer(body)
    empty = sum(body.count(terminator, *run.span()) - 1 for run in runs)
    rest = body[body.rfind(terminator) + 1 :].strip(b" \t\r\n\x00\x1a")
    return body.count(terminator) - empty + bool(rest)


class _Walk:
    """The walk over the service segments of one interchange."""

    def __init__(self, source: bytes, opening: Opening, start: int, ordinal: int) -> None:
        self.source, self.opening, self.start, self.ordinal = source, opening, start, ordinal
        self.separators = opening.dialect.separators
        self.end = len(source)
        self.messages: list[MessageSpan] = []
        self.violations: list[Violation] = list(opening.violations)
        self._header: Service | None = None
        self._group: Service | None = None
        self.groups: list[GroupSpan] = []
        self._in_group = 0
        self._first_of_group = 0
        #: where the last thing that is accounted for ends
        self._settled = opening.unb.end
        self._references: set[str] = set()

    def interchange(self, before: list[Violation]) -> Interchange:
        """Return the interchange; *before* are warnings about bytes in front of it."""
        unb = self.opening.unb
        self._follow()
        readable = is_readable(unb)
        return Interchange(
            ordinal=self.ordinal,
            offset=self.start,
            length=self.end - self.start,
            readable=readable,
            messages=tuple(self.messages),
            violations=(*before, *self.violations),
            syntax_id=unb.value(1),
            syntax_version=unb.value(1, 2),
            sender=unb.value(2),
            sender_qualifier=unb.value(2, 2),
            recipient=unb.value(3),
            recipient_qualifier=unb.value(3, 2),
            control_reference=unb.value(5),
            prepared_at=prepared_at(unb),
            application_reference=unb.value(7),
            acknowledgement_request=unb.value(9),
            test=unb.value(11) == "1",
            groups=tuple(self.groups),
        )

    def _follow(self) -> None:
        source, separators = self.source, self.separators
        for mark in _marks(source, self.opening.unb.offset, separators):
            letter, before, offset = mark
            if letter in "AB":
                self._unclosed(before + 1)
                return
            if letter == "T":
                self._close(read_service(source, offset, len(source), separators))
                continue
            self._leave_message(before + 1)
            segment = read_service(source, offset, len(source), separators)
            if letter == "H":
                self._header = segment
            elif letter == "G":
                self._leave_group(None, before + 1)
                self._group, self._in_group, self._first_of_group = segment, 0, len(self.messages)
                self._settled = segment.end
            elif letter == "E":
                self._leave_group(segment, before + 1)
                self._settled = segment.end
            else:
                self._leave_group(None, before + 1)
                self._trailer(segment)
                self.end = segment.end
                return
        self._unclosed(len(source))

    def _unclosed(self, end: int) -> None:
        self._leave_message(end)
        if self._group is not None:
            self._add_group(self._group, end)
        self.end = end
        self.violations.append(envelope_fault("envelope.unz_missing", {}, end, "UNZ", "13"))

    def _leave_message(self, end: int) -> None:
        """Account for what lies between the last settled byte and *end*: an open message, or stray segments."""
        header, self._header = self._header, None
        if header is not None:
            last = _last_segment(self.source, header.offset, end, self.separators)
            position = count_segments(self.source, header.offset, end, self.separators)
            text = shown(self.source[last : min(end, last + 80)].decode("latin-1").strip())
            fault = envelope_fault(
                "envelope.unt_missing",
                {"position": position, "tag": text[:3]},
                last,
                text[:3],
                "13",
                level=Level.MESSAGE,
                segment=position,
                value=text,
            )
            self._add(header, end, [fault])
        elif (start := padding_end(self.source, self._settled)) < end:
            self._stray(start, end)
        self._settled = end

    def _stray(self, start: int, end: int) -> None:
        if not any(True for _ in split(self.source, start, end, self.separators)):
            return
        fault = envelope_fault("envelope.unh_missing", {}, start, "UNH", "33", level=Level.MESSAGE)
        self.messages.append(MessageSpan(len(self.messages), start, end - start, "", "", violations=(fault,)))

    def _close(self, trailer: Service) -> None:
        """Close the open message by UNT."""
        header, self._header = self._header, None
        if header is None:
            self._stray(padding_end(self.source, self._settled), trailer.end)
            self._settled = trailer.end
            return
        faults: list[Violation] = []
        reference = header.value(1)
        sent = trailer.value(1)
        if not self._counts_plainly(sent, header.offset, trailer.end):
            found = count_segments(self.source, header.offset, trailer.end, self.separators)
            if not counts(sent, found):
                faults.append(_miscount("envelope.unt_count", trailer, found, segment=found))
        if trailer.value(2) != reference:
            segment = count_segments(self.source, header.offset, trailer.end, self.separators)
            faults.append(_mismatch("envelope.unt_reference", trailer, reference, segment=segment))
        self._add(header, trailer.end, faults)
        self._settled = trailer.end

    def _counts_plainly(self, sent: str, start: int, end: int) -> bool:
        """Tell at a glance that a count is right; it is not at a glance where a terminator is released."""
        terminator, release = self.separators.terminator.encode(), self.separators.release.encode()
        released = bool(release) and self.source.find(release + terminator, start, end) >= 0
        return not released and counts(sent, self.source.count(terminator, start, end))

    def _add(self, header: Service, end: int, faults: list[Violation]) -> None:
        reference, kind = header.value(1), header.value(2)
        if not reference or not kind:
            data_element, name, element = (
                ("0062", "Message reference number", 1) if not reference else ("S009", "Message identifier", 2)
            )
            faults.append(
                envelope_fault(
                    "envelope.unh_incomplete",
                    {"id": data_element, "name": name},
                    header.offset,
                    "UNH",
                    "13",
                    level=Level.ELEMENT,
                    segment=1,
                    element=element,
                )
            )
        if reference in self._references:
            faults.append(
                envelope_fault(
                    "envelope.message_reference_repeated",
                    {"sent": reference[:20]},
                    header.offset,
                    "UNH",
                    "26",
                    severity=Severity.WARNING,
                    level=Level.ELEMENT,
                    segment=1,
                    element=1,
                    value=reference[:80],
                )
            )
        self._references.add(reference)
        self._in_group += 1
        identifier = [part.strip() for part in header.elements[2]] if len(header.elements) > 2 else []
        version, release, agency, association = (*identifier[1:5], "", "", "", "")[:4]
        self.messages.append(
            MessageSpan(
                len(self.messages),
                header.offset,
                end - header.offset,
                reference,
                kind,
                version,
                release,
                agency,
                association,
                tuple(faults),
            )
        )

    def _leave_group(self, trailer: Service | None, end: int) -> None:
        group, self._group = self._group, None
        if group is None:
            if trailer is not None:
                self.violations.append(
                    envelope_fault(
                        "envelope.une_unopened",
                        {},
                        trailer.offset,
                        "UNE",
                        "33",
                        severity=Severity.WARNING,
                        level=Level.GROUP,
                    )
                )
            return
        self._add_group(group, end if trailer is None else trailer.end)
        if trailer is None:
            self.violations.append(
                envelope_fault(
                    "envelope.une_missing",
                    {},
                    end,
                    "UNE",
                    "13",
                    severity=Severity.WARNING,
                    level=Level.GROUP,
                    hold=_HOLD,
                )
            )
            return
        if not counts(trailer.value(1), self._in_group):
            self.violations.append(_miscount("envelope.une_count", trailer, self._in_group))
        if trailer.value(2) != group.value(5):
            self.violations.append(_mismatch("envelope.une_reference", trailer, group.value(5)))

    def _add_group(self, group: Service, end: int) -> None:
        """Account for the group that UNG opened: its messages are those since."""
        reference = group.value(5)
        faults = []
        if not self._in_group:
            faults.append(envelope_fault("envelope.group_empty", {}, group.offset, "UNG", "32"))
        if reference in {other.reference for other in self.groups}:
            faults.append(
                envelope_fault(
                    "envelope.group_reference_repeated",
                    {"sent": reference[:20]},
                    group.offset,
                    "UNG",
                    "26",
                    element=5,
                    value=reference[:80],
                )
            )
        self.violations += [found._replace(severity=Severity.WARNING, level=Level.GROUP) for found in faults]
        self.groups.append(
            GroupSpan(
                group.offset,
                end - group.offset,
                self._first_of_group,
                len(self.messages) - self._first_of_group,
                reference,
                group.value(1),
                group.value(2),
                group.value(2, 2),
                group.value(3),
                group.value(3, 2),
            )
        )

    def _trailer(self, unz: Service) -> None:
        if not self.source.endswith(self.separators.terminator.encode(), 0, unz.end):
            self.violations.append(
                envelope_fault("envelope.unz_unterminated", {}, unz.end, "UNZ", "", severity=Severity.WARNING)
            )
        reference = self.opening.unb.value(5)
        found = len(self.groups) or len(self.messages)
        if not counts(unz.value(1), found):
            self.violations.append(_miscount("envelope.unz_count", unz, found, variant="groups" if self.groups else ""))
        if unz.value(2) != reference:
            self.violations.append(_mismatch("envelope.unz_reference", unz, reference))
        if not self.messages:
            self.violations.append(envelope_fault("envelope.no_messages", {}, unz.offset, "UNZ", "32"))


def _miscount(code: str, trailer: Service, found: int, *, variant: str = "", segment: int | None = None) -> Violation:
    """Return the fault of a trailer whose count (its first element) is not what was *found*."""
    sent = trailer.value(1)[:20]
    if not sent:
        return _differs(code, {"found": found}, trailer, 1, variant="absent", segment=segment)
    return _differs(code, {"sent": sent, "found": found}, trailer, 1, variant=variant, segment=segment)


def _mismatch(code: str, trailer: Service, expected: str, *, segment: int | None = None) -> Violation:
    """Return the fault of a trailer whose reference (its second element) is not the one that was opened with."""
    return _differs(code, {"sent": trailer.value(2)[:20], "expected": expected[:20]}, trailer, 2, segment=segment)


def _differs(
    code: str,
    parameters: Parameters,
    trailer: Service,
    element: int,
    *,
    variant: str = "",
    segment: int | None = None,
) -> Violation:
    tag = trailer.elements[0][0]
    return envelope_fault(
        code,
        parameters,
        trailer.offset,
        tag,
        "29" if element == 1 else "28",
        variant=variant,
        severity=Severity.WARNING,
        level={"UNT": Level.MESSAGE, "UNE": Level.GROUP}.get(tag, Level.INTERCHANGE),
        segment=segment,
        element=element,
        value=trailer.value(element)[:80],
        hold=_HOLD,
    )
