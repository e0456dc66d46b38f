"""``ordergate decode``: what a file holds, before anybody judges it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, Final

from adapters.edi.adapter import ADAPTER
from core.clock import iso
from core.errors import UsageError
from core.provenance import UnmappedValue
from core.values import text

#: a datetime is a date too, and comes before it
_WRITTEN: Final[tuple[tuple[type, Callable[[Any], object]], ...]] = (
    (Decimal, text),
    (datetime, lambda instant: iso(instant) if instant.tzinfo else instant.isoformat()),
    (date, lambda day: day.isoformat()),
    (Enum, lambda member: member.value),
)


def decoded(content: bytes, filename: str) -> dict[str, Any]:
    """Return interchanges, messages, canonical documents and segments of *content* as JSON values.

    Raises:
        UsageError: no format that we read.
    """
    _recognise(content, filename)
    return {
        "file": filename,
        "format": ADAPTER.id,
        "interchanges": [
            {
                "sender": interchange.sender,
                "recipient": interchange.recipient,
                "control_reference": interchange.control_reference,
                "test": interchange.test,
                "violations": [violation.as_json() for violation in interchange.violations],
                "messages": [
                    {
                        "type": message.span.type,
                        "version": message.span.release_name,
                        "reference": message.span.reference,
                        "violations": [violation.as_json() for violation in message.violations],
                        "document": plain(message.document),
                        "unmapped": [
                            value._asdict() for value in ADAPTER.decoder.unmapped(content, interchange, message.span)
                        ],
                    }
                    for message in ADAPTER.decoder.decode(content, interchange, interchange.messages)
                ],
                "segments": [
                    {
                        "segment": segment.position or None,
                        "tag": segment.tag,
                        "offset": segment.offset,
                        "length": segment.length,
                        "elements": segment.elements,
                    }
                    for segment in ADAPTER.segments(content, interchange)
                ],
            }
            for interchange in ADAPTER.decoder.scan(content)
            if interchange.readable
        ],
    }


def segment_lines(content: bytes, filename: str) -> Iterator[str]:
    """Yield one line a segment: byte, position in its message, tag and elements; below it what no field takes.

    Raises:
        UsageError: no format that we read.
    """
    _recognise(content, filename)
    for interchange in ADAPTER.decoder.scan(content):
        if not interchange.readable:
            continue
        spans = {span.offset: span for span in interchange.messages}
        left: deque[UnmappedValue] = deque()
        for segment in ADAPTER.segments(content, interchange):
            if (span := spans.get(segment.offset)) is not None:
                left = deque(ADAPTER.decoder.unmapped(content, interchange, span))
            elements = "".join(f"+{':'.join(element)}" for element in segment.elements)
            yield f"{segment.offset:>9}  {segment.position or '':>5}  {segment.tag}{elements}"
            while left and left[0].offset < segment.offset + segment.length:
                value = left.popleft()
                yield f"{'':>18}not mapped: {' '.join(filter(None, (value.id, value.name)))} {value.text!r}"


def plain(value: Any) -> Any:
    """Return a canonical document as JSON values: decimals and dates as text."""
    for kind, written in _WRITTEN:
        if isinstance(value, kind):
            return written(value)
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        named = getattr(value, "_asdict", None)
        return {name: plain(part) for name, part in named().items()} if named else [plain(part) for part in value]
    return value


def _recognise(content: bytes, filename: str) -> None:
    if not ADAPTER.decoder.sniff(content):
        raise UsageError(f"{filename} is no format that Ordergate reads", hint=f"It reads {ADAPTER.label}.")
