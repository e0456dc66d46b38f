"""Where a position of a message stands in its bytes: what a partner's CONTRL names by numbers only."""

from __future__ import annotations

from adapters.edi.dialect import read_text
from adapters.edi.envelope import dialect_at
from adapters.edi.lexer import Stretch, parse_all, shown
from core.ports import Interchange, MessageSpan


def place_in(
    source: bytes, interchange: Interchange, message: MessageSpan, position: tuple[int, int | None, int | None]
) -> tuple[str, int, str] | None:
    """Return tag, byte offset and text of a (segment, element, component) counted from UNH = 1, None beyond the end.

    The tag is element 0; without an element it is the whole segment, without a component the first of the element.
    """
    dialect = dialect_at(source, interchange.offset)
    start, end = message.offset, message.offset + message.length
    stretch = Stretch(source, start, end, dialect, read_text(source[start:end], dialect).codec)
    number, element, component = position
    for segment in parse_all(stretch):
        if segment.position == number:
            if not element:
                text = source[segment.offset : segment.offset + segment.length].decode(stretch.codec, "replace")
                return segment.tag, segment.offset, shown(text)
            value = segment.value(element, component or 1)
            return segment.tag, value.place.offset, shown(value)
    return None
