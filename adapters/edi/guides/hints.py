"""Where a partner says a field: values that its guide points to, set over what the mapping found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from adapters.edi.collect import RawDocument, RawFields
from adapters.edi.directory.captures import Place
from adapters.edi.guides.model import FieldHint
from adapters.edi.guides.pointable import Slot
from adapters.edi.values import KINDS, Kind

#: what is pointed to in a DTM is always the whole of it: 2380 and 2379
_DATE: Final = ((1, 2), (1, 3))


class Sent(NamedTuple):
    """A value that a hint found: where it ranks among the hints of its field, its row (0 the first) and its texts."""

    rank: int
    slot: Slot
    row: int
    values: Sequence[str]


def places_of(hint: FieldHint, slot: Slot) -> tuple[Place, ...]:
    """Return the places whose values make the field: one, for a date those of DTM, for a party its role."""
    if slot.is_party:
        return (hint.qualifier_at,)
    return _DATE if _is_date(slot) else (hint.at,)


def apply(raw: RawDocument, sent: Iterable[Sent]) -> None:
    """Set the fields that were *sent* where a hint says; the first hint of a field that found something counts."""
    for found in sorted(sent, key=lambda one: one.rank, reverse=True):
        where, key = found.slot
        if found.slot.is_party:
            if (party := _party(raw, found.values[0])) is not None:
                raw.parties[key] = party
        elif found.slot.is_row:
            rows: list[RawFields] = getattr(raw, where)
            if 0 <= found.row < len(rows):
                rows[found.row][key] = _value(found)
        else:
            raw.header[key] = _value(found)


def _is_date(slot: Slot) -> bool:
    return KINDS.get(slot.key) in {Kind.DATE, Kind.INSTANT}


def _value(sent: Sent) -> str | list[str]:
    return list(sent.values) if _is_date(sent.slot) else sent.values[0]


def _party(raw: RawDocument, role: str) -> RawFields | None:
    return next((fields for fields in raw.parties.values() if fields["role"] == role), None)
