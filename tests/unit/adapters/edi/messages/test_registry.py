"""Every message type that is read: its readers fit the message tables, whatever release they are of."""

from __future__ import annotations

from functools import cache

import pytest

from adapters.edi.directory.automaton import Automaton
from adapters.edi.directory.captures import Place
from adapters.edi.directory.tables import RELEASES, SegmentTable, load
from adapters.edi.messages.registry import MAPPINGS

DIRECTORIES = [*RELEASES, "S3", "S4"]


@cache
def segments_at(kind: str) -> dict[str, list[SegmentTable]]:
    """Return path -> the segment's table in each directory that has the message with that path."""
    found: dict[str, list[SegmentTable]] = {}
    for name in DIRECTORIES:
        directory = load(name)
        if kind in directory.messages:
            automaton = Automaton(directory.messages[kind])
            for path, tag in zip(automaton.paths, automaton.tags, strict=True):
                found.setdefault(path, []).append(directory.segments[tag])
    return found


def test_every_reader_has_its_segment_and_its_places_in_some_release() -> None:
    """Readers are shared: a message need not have every segment of a group that another one, or another group, has."""
    read: dict[tuple[str, tuple[Place, ...]], list[SegmentTable]] = {}
    for kind, mapping in MAPPINGS.items():
        for path, reader in mapping.readers.items():
            who = f"{reader.take.__module__}.{reader.take.__qualname__}"  # a closure is made for each group
            read.setdefault((who, reader.places), []).extend(segments_at(kind).get(path, []))
    for (who, places), tables in read.items():
        assert tables, who
        for place in places:
            assert any(table.component(*place) is not None for table in tables), (who, place)


@pytest.mark.parametrize("kind", MAPPINGS)
def test_readers_take_their_places_in_the_order_of_the_segment(kind: str) -> None:
    for path, reader in MAPPINGS[kind].readers.items():
        assert list(reader.places) == sorted(set(reader.places)), path
