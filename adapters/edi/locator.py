"""The source of a field: the mapping is run again on texts that know their place, and the one asked for is shown.

The canonical text is made from the bytes of the span alone, so what is shown as evidence is evidence.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from adapters.edi.collect import PARTIES, RawDocument
from adapters.edi.lexer import Placed, Stretch, unescape
from adapters.edi.values import KINDS, Kind, Raw, canonical_text, convert, integer
from core.errors import ValueRefused
from core.provenance import FieldSource

_PARTIES: Final = frozenset(PARTIES.values())
#: fields of a document that are collected under another name
_ALIASES: Final = {"type": "code", "sku": "supplier_code", "rate": "tax_rate", "category": "tax_category"}
#: header texts that are told by their number from 1: how each document calls them
_TEXTS: Final = frozenset({"notes", "reasons"})
#: kinds that are made of several components
_SEVERAL: Final = frozenset({Kind.JOINED, Kind.WORDS, Kind.TERMS})


def locate_field(stretch: Stretch, raw: RawDocument, field: str) -> FieldSource | None:
    """Return where *field* of the collected document *raw* stands, None where it was not sent or is unknown."""
    source, _, _, dialect, codec = stretch
    sent = _find(raw, field)
    if sent is None:
        return None
    parts = [part for part in ([sent] if isinstance(sent, str) else sent) if isinstance(part, Placed)]
    if not any(parts):
        return None
    head, _, name = field.rpartition(".")
    kind = Kind.WORDS if head in _TEXTS else KINDS.get(name, Kind.TEXT)
    first, last = _ends(parts, kind)
    offset, length = _narrow(source, first.place.offset, last.place.offset + last.place.length)
    try:
        value = convert(kind, _again(stretch, (offset, length), parts, kind), dialect.separators.decimal)
    except ValueRefused:
        return None
    place = first.place
    return FieldSource(
        field=field,
        value=canonical_text(value),
        kind="derived" if kind is Kind.ORDER_TYPE else "edifact",
        segment=place.segment,
        tag=place.tag,
        element=place.element,
        component=place.component,
        offset=offset,
        length=length,
        text=source[offset : offset + length].decode(codec, "replace"),
    )


def _find(raw: RawDocument, field: str) -> Raw | None:
    head, _, rest = field.partition(".")
    if head in {"lines", "items"}:
        line, _, name = rest.partition(".")
        name = _ALIASES.get(name, name)
        return next((fields.get(name) for fields in raw.lines if _is_line(fields, line)), None)
    if head in _TEXTS:
        return raw.notes[int(rest) - 1] if _counts(rest, raw.notes) else None
    if isinstance(rows := getattr(raw, head, None), list):
        number, _, name = rest.partition(".")
        return rows[int(number) - 1].get(_ALIASES.get(name, name)) if _counts(number, rows) else None
    if rest:
        return raw.parties.get(head, {}).get(rest) if head in _PARTIES else None
    return raw.header.get(_ALIASES.get(field, field))


def _counts(number: str, rows: Sequence[object]) -> bool:
    """Tell whether *number* is that of one of the *rows*, counted from 1."""
    return number.isdecimal() and 0 < int(number) <= len(rows)


def _is_line(fields: dict[str, Raw], line: str) -> bool:
    try:
        return str(integer(str(fields["line"]))) == line
    except ValueRefused:
        return False


def _ends(parts: Sequence[Placed], kind: Kind) -> tuple[Placed, Placed]:
    if kind in _SEVERAL:
        said = [part for part in parts if part]
        return (parts[0], parts[-1]) if kind is Kind.TERMS else (said[0], said[-1])
    return parts[0], parts[0]


def _narrow(source: bytes, start: int, end: int) -> tuple[int, int]:
    """Leave the blanks and line ends around a value out of its span."""
    content = source[start:end]
    return start + len(content) - len(content.lstrip(b" \r\n")), len(content.strip(b" \r\n"))


def _again(stretch: Stretch, span: tuple[int, int], parts: Sequence[Placed], kind: Kind) -> Raw:
    """Read the span once more: its own bytes, and for a date the format that was sent beside it."""

    def read(offset: int, length: int) -> str:
        return unescape(stretch.source[offset : offset + length], stretch.codec, stretch.dialect.separators)

    if kind in {Kind.DATE, Kind.INSTANT}:
        return [read(*span), str(parts[1])]
    if kind in _SEVERAL:
        return [read(part.place.offset, part.place.length) for part in parts]
    return read(*span)
