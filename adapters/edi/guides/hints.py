"""Where a partner says a field of the order: values that its guide points to, set over what the mapping found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from adapters.edi.collect import RawDocument, RawFields
from adapters.edi.directory.captures import Place
from adapters.edi.guides.model import FieldHint
from adapters.edi.values import KINDS, Kind

_PARTIES: Final = frozenset({"buyer", "supplier", "ship_to", "invoicee"})
_HEADER: Final = frozenset(
    {
        "buyer_reference",
        "contract",
        "currency",
        "delivery_terms",
        "document_date",
        "payment_method",
        "requested_date",
        "transport_mode",
    }
)
_LINE: Final = frozenset({"buyer_code", "gtin", "note", "price", "quantity", "requested_date", "supplier_code", "unit"})
#: message type -> the fields that a guide may point to
FIELDS: Final = {"ORDERS": _PARTIES | _HEADER | {f"lines.{name}" for name in _LINE}}
#: what is pointed to in a DTM is always the whole of it: 2380 and 2379
_DATE: Final = ((1, 2), (1, 3))


class Sent(NamedTuple):
    """A value that a hint found: where it ranks among the hints of its field, the line (0 the first) and its texts."""

    rank: int
    field: str
    line: int
    values: Sequence[str]


def is_party(field: str) -> bool:
    """Tell whether *field* is a whole party."""
    return field in _PARTIES


def places_of(hint: FieldHint) -> tuple[Place, ...]:
    """Return the places whose values make the field: one, for a date those of DTM, for a party its role."""
    if is_party(hint.field):
        return (hint.qualifier_at,)
    return _DATE if _is_date(hint.field) else (hint.at,)


def apply(raw: RawDocument, sent: Iterable[Sent]) -> None:
    """Set the fields that were *sent* where a hint says; the first hint of a field that found something counts."""
    for found in sorted(sent, key=lambda one: one.rank, reverse=True):
        if is_party(found.field):
            if (party := _party(raw, found.values[0])) is not None:
                raw.parties[found.field] = party
        elif not found.field.startswith("lines."):
            raw.header[found.field] = _value(found)
        elif found.line < len(raw.lines):
            raw.lines[found.line][found.field.removeprefix("lines.")] = _value(found)


def _is_date(field: str) -> bool:
    return KINDS.get(field.rpartition(".")[2]) in {Kind.DATE, Kind.INSTANT}


def _value(sent: Sent) -> str | list[str]:
    return list(sent.values) if _is_date(sent.field) else sent.values[0]


def _party(raw: RawDocument, role: str) -> RawFields | None:
    return next((fields for fields in raw.parties.values() if fields["role"] == role), None)
