"""Every message type that is read: its readers fit the message tables, whatever release they are of."""

from __future__ import annotations

from functools import cache

import pytest

from adapters.edi.directory.automaton import Automaton
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


def is_shared(path: str) -> bool:
    """Tell whether a path may be of the readers that all messages share: a message need not have all of a group."""
    return path.endswith(("NAD/RFF", "NAD/CTA", "NAD/COM", "CTA/COM", "RFF/DTM", "PCI/GIR"))


@pytest.mark.parametrize("kind", MAPPINGS)
def test_every_reader_has_a_place_in_some_release(kind: str) -> None:
    tables = segments_at(kind)
    for path, reader in MAPPINGS[kind].readers.items():
        assert path in tables or is_shared(path), path
        for place in reader.places:
            held = tables.get(path, [])
            assert not held or any(table.component(*place) is not None for table in held), (path, place)


@pytest.mark.parametrize("kind", MAPPINGS)
def test_readers_take_their_places_in_the_order_of_the_segment(kind: str) -> None:
    for path, reader in MAPPINGS[kind].readers.items():
        assert list(reader.places) == sorted(set(reader.places)), path
