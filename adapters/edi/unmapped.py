"""What a message says and no field of its document takes: found on demand, from the kept bytes.

The message is read by the exact validator's walk, with texts that know their place, and its document is made of them
once more. What then was not asked for, was not kept, or was kept and never looked at, is told. Intake does none of
this: it costs nothing there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields as fields_of
from dataclasses import is_dataclass
from typing import Any, Final, NamedTuple

from adapters.edi.directory.captures import Place, Readers
from adapters.edi.directory.compiled import CompiledMessage
from adapters.edi.directory.tables import SegmentTable
from adapters.edi.lexer import Placed, Segment
from adapters.edi.validator import Validator
from core.provenance import UnmappedValue

#: segments that the envelope reads, or that only part a message
_SERVICE: Final = frozenset({"UNH", "UNS", "UNT"})
#: data elements that only say how their segment's values are written: code lists and their owners, formats of dates
#: and descriptions, which of several currencies
_FORMS: Final = frozenset({"1131", "3055", "2379", "7077", "6343"})


class Sent(NamedTuple):
    """One segment, its path ("" where it fits nowhere) and its table, None where the release has no such segment."""

    segment: Segment
    path: str
    table: SegmentTable | None


def read_along(validator: Validator, compiled: CompiledMessage, target: object) -> list[Sent]:
    """Read a message into *target* as ``Validator.read`` does, and return its segments."""
    paths, known = compiled.automaton.paths, compiled.directory.segments
    sent = []
    for segment, node in validator.visits():
        path = "" if node is None else paths[node]
        sent.append(Sent(segment, path, known.get(segment.tag)))
        if node is not None and (reader := compiled.readers.get(path)) is not None:
            reader.take(target, [segment.value(*place) for place in compiled.places(node)])
    return sent


def unmapped_values(sent: Iterable[Sent], readers: Readers, used: frozenset[int]) -> Iterator[UnmappedValue]:
    """Yield what is not mapped of the segments *sent*.

    *readers* are those of the mapping, *used* the offsets of the texts that its document was made of.
    """
    for one in sent:
        if one.segment.tag in _SERVICE:
            continue
        reader = readers.get(one.path)
        asked = frozenset(reader.places) if reader else frozenset[Place]()
        for number, element in enumerate(one.segment.elements, 1):
            for index, value in enumerate(element, 1):
                if value and value.place.offset not in used and not _qualifies(one, (number, index), asked, used):
                    yield _told(one, value, (number, index))


def used_texts(target: Any, *, refused: bool) -> frozenset[int]:
    """Return the offsets of the texts that are kept in *target* and, where they are under a name, were looked at.

    Of a *refused* document all that is kept counts: its assembly may have ended early.
    """
    return frozenset(text.place.offset for text in _kept(target, everything=refused))


def watched(target: Any) -> Any:
    """Return *target* with every mapping in it, at any depth, made one that knows which of its texts are looked at."""
    return _watched(target, {})


class _Watched(dict[Any, Any]):
    """Texts by field that know which of them were looked at."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: set[Any] = set()

    def __getitem__(self, key: Any) -> Any:
        self.seen.add(key)
        return super().__getitem__(key)

    def __iter__(self) -> Iterator[Any]:
        # being there makes ``{**texts}`` and ``dict(texts)`` ask for each text by its name
        return super().__iter__()

    def get(self, key: Any, default: Any = None) -> Any:
        """Return what ``dict.get`` does, and remember the look."""
        self.seen.add(key)
        return super().get(key, default)

    def items(self) -> Any:
        """Return what ``dict.items`` does, and remember a look at everything."""
        self.seen.update(self)
        return super().items()

    def values(self) -> Any:
        """Return what ``dict.values`` does, and remember a look at everything."""
        self.seen.update(self)
        return super().values()


def _watched(value: Any, known: dict[int, Any]) -> Any:
    if id(value) in known:
        return known[id(value)]
    if isinstance(value, dict):
        twin = known[id(value)] = _Watched()
        twin.update((key, _watched(part, known)) for key, part in value.items())
        return twin
    if isinstance(value, list):
        known[id(value)] = value
        value[:] = [_watched(part, known) for part in value]
    elif is_dataclass(value):
        known[id(value)] = value
        for one in fields_of(value):
            setattr(value, one.name, _watched(getattr(value, one.name), known))
    return value


def _kept(value: Any, *, everything: bool) -> Iterator[Placed]:
    parts: Iterable[Any] = ()
    if isinstance(value, Placed):
        yield value
    elif isinstance(value, _Watched):
        seen = value.keys() if everything else value.seen & value.keys()
        parts = [dict.__getitem__(value, key) for key in seen]
    elif isinstance(value, list | tuple):
        parts = value
    elif is_dataclass(value):
        parts = [getattr(value, one.name) for one in fields_of(value)]
    for part in parts:
        yield from _kept(part, everything=everything)


def _qualifies(sent: Sent, place: Place, asked: frozenset[Place], used: frozenset[int]) -> bool:
    """Tell whether a value says what another one is that is taken: a qualifier, the owner of a code list, a format.

    A qualifier is a code that the reader asks for, in the composite of a value that is taken or alone in its element.
    """
    number = place[0]
    part = sent.table.component(*place) if sent.table else None
    if part is None:
        return False
    beside = any(value.place.offset in used for value in sent.segment.elements[number - 1] if value)
    anywhere = any(value.place.offset in used for element in sent.segment.elements for value in element if value)
    if part.id in _FORMS:
        return beside or (part.id == "7077" and anywhere)
    alone = [one for one in asked if one[0] == number] == [place]
    return place in asked and part.codes is not None and (beside or (alone and anywhere))


def _told(sent: Sent, value: Placed, place: Place) -> UnmappedValue:
    number, index = place
    part = sent.table.component(number, index) if sent.table else None
    composite = sent.table is not None and part is not None and sent.table.elements[number - 1].composite
    return UnmappedValue(
        segment=value.place.segment,
        tag=sent.segment.tag,
        path=sent.path,
        element=number,
        component=index if composite or (part is None and index > 1) else None,
        offset=value.place.offset,
        id=part.id if part else "",
        name=part.name if part else "",
        text=str(value),
    )
