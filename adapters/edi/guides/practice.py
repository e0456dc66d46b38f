"""Practice: what the syntax lets through and partners stumble over all the same, and the habits of a sender."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from adapters.edi.decoder import SegmentView, segments
from adapters.edi.dialect import BOM, Dialect, Separators
from core.ports import Interchange
from core.provenance import Level, Severity, Violation, fault
from core.values import is_gln, is_gtin

_USUAL: Final = Separators()
#: UNB 0020 is an..14
_LONGEST_REFERENCE: Final = 14
#: 7143 of numbers that GS1 gives
_GTINS: Final = frozenset({"EN", "SRV", "UP", "EAN"})
_GS1: Final = "9"
_OLD_SYNTAX: Final = frozenset("12")
_SAMPLE: Final = 65_536


def habits(source: bytes, interchange: Interchange, dialect: Dialect) -> Iterator[tuple[str, str]]:
    """Yield name and value of each habit that an interchange shows."""
    start, separators = interchange.offset, dialect.separators
    sample = source[start : min(start + _SAMPLE, start + interchange.length)]
    marks = separators.component + separators.element + separators.decimal + (separators.release or " ")
    yield "sender", f"{interchange.sender}:{interchange.sender_qualifier}".rstrip(":")
    yield "recipient", f"{interchange.recipient}:{interchange.recipient_qualifier}".rstrip(":")
    yield "charset", f"{interchange.syntax_id}:{interchange.syntax_version}"
    yield "UNA", "sent" if sample.startswith(b"UNA") else "not sent"
    yield "separators", repr(marks + separators.terminator)
    yield "lines", _lines(sample, separators.terminator.encode(), wrapped=dialect.wrapped)
    yield "acknowledgement", "requested" if interchange.acknowledgement_request else "not requested"


def _lines(sample: bytes, terminator: bytes, *, wrapped: bool) -> str:
    """Return how a file is cut into lines."""
    if terminator in b"\r\n":
        return "a line end closes each segment"
    if wrapped:
        return "cut at a fixed column"
    name = "CR LF" if b"\r\n" in sample else "LF" if b"\n" in sample else "CR" if b"\r" in sample else ""
    return f"{name} after each segment" if name else "one line"


def of_file(source: bytes) -> Iterator[Violation]:
    """Yield what a whole file does against practice."""
    if source.startswith(BOM):
        found = fault("practice.bom", severity=Severity.WARNING, level=Level.INTERCHANGE, offset=0)
        yield found


def of_interchange(source: bytes, interchange: Interchange, dialect: Dialect) -> Iterator[Violation]:
    """Yield what an interchange does against practice: its envelope, then the numbers in its messages."""
    separators, at = dialect.separators, interchange.offset
    if separators.terminator in "\r\n":
        yield _unb(fault("practice.line_end_terminator"), at)
    elif (separators.component, separators.element, separators.terminator) != (
        _USUAL.component,
        _USUAL.element,
        _USUAL.terminator,
    ):
        yield _unb(fault("practice.separators"), at)
    if interchange.syntax_version in _OLD_SYNTAX:
        yield _unb(fault("practice.syntax_old", {"version": interchange.syntax_version}), at, 1)
    if len(interchange.control_reference) > _LONGEST_REFERENCE:
        size = len(interchange.control_reference)
        yield _unb(fault("practice.reference_long", {"size": size, "most": _LONGEST_REFERENCE}), at, 5)
    for segment in segments(source, interchange):
        yield from _of_segment(segment, interchange)


def _unb(found: Violation, offset: int, element: int | None = None) -> Violation:
    return found._replace(severity=Severity.WARNING, level=Level.INTERCHANGE, tag="UNB", element=element, offset=offset)


def _of_segment(segment: SegmentView, interchange: Interchange) -> Iterator[Violation]:
    if segment.tag == "UNB":
        if interchange.syntax_version != "4" and re.fullmatch(r"[0-9]{8}", _value(segment, 4, 1)):
            yield _unb(fault("practice.date_of_eight"), segment.offset, 4)
    elif segment.tag == "NAD" and _value(segment, 2, 3) == _GS1 and not is_gln(_value(segment, 2, 1)):
        sent = _value(segment, 2, 1)[:40]
        yield _in_message(fault("practice.gln", {"sent": sent}), segment, 2, sent)
    elif segment.tag == "LIN" and _value(segment, 3, 2) in _GTINS and not is_gtin(_value(segment, 3, 1)):
        sent = _value(segment, 3, 1)[:40]
        if sent:
            yield _in_message(fault("practice.gtin", {"sent": sent}), segment, 3, sent)


def _in_message(found: Violation, segment: SegmentView, element: int, sent: str) -> Violation:
    return found._replace(
        severity=Severity.WARNING,
        level=Level.COMPONENT,
        segment=segment.position or None,
        tag=segment.tag,
        element=element,
        component=1,
        offset=segment.offset,
        value=sent,
    )


def _value(segment: SegmentView, element: int, component: int) -> str:
    if element <= len(segment.elements) and component <= len(segment.elements[element - 1]):
        return segment.elements[element - 1][component - 1]
    return ""
