"""Which directory reads a message."""

from __future__ import annotations

import pytest

from adapters.edi.directory.releases import directory_of, stands_in
from adapters.edi.directory.tables import RELEASES, load


@pytest.mark.parametrize("name", RELEASES)
def test_a_release_with_tables_is_read_by_them(name):
    for kind in load(name).messages:
        assert directory_of(kind, name[0], name[1:]) == name
        assert not stands_in(kind, name[0], name[1:])


@pytest.mark.parametrize(
    ("kind", "version", "release", "name"),
    [
        ("ORDERS", "D", "93A", "D96A"),
        ("INVOIC", "D", "95B", "D96A"),
        ("ORDERS", "D", "96B", "D97A"),
        ("OSTENQ", "D", "96A", "D97A"),
        ("INVOIC", "D", "98A", "D99B"),
        ("IFTMIN", "D", "00B", "D01B"),
        ("ORDERS", "D", "02B", "D03A"),
        ("APERAK", "D", "07B", "D10A"),
        ("DESADV", "D", "16B", "D18A"),
        ("ORDERS", "D", "30A", "D24A"),
        ("IFTMIN", "S", "93A", "D96A"),
        ("DESADV", "0", "96A", "D96A"),
        ("INVOIC", "93A", "D", "D96A"),
    ],
)
def test_the_next_later_release_stands_in(kind, version, release, name):
    assert directory_of(kind, version, release) == name
    assert stands_in(kind, version, release)


@pytest.mark.parametrize(
    ("kind", "version", "release"),
    [
        ("IFTSTA", "1", "921"),
        ("ORDERS", "90", "1"),
        ("ORDERS", "D", "92A"),
        ("ORDERS", "D", "91B"),
        ("ORDERS", "D", ""),
        ("ORDERS", "X", "XX"),
        ("ORDERS", "D", "96a"),
        ("ORDERS", "D", "96A "),
        ("NONSEN", "D", "96A"),
        ("CONTRL ", "D", "3"),
        ("", "", ""),
    ],
)
def test_what_no_directory_resembles_is_read_by_none(kind, version, release):
    assert directory_of(kind, version, release) is None
    assert not stands_in(kind, version, release)


@pytest.mark.parametrize(
    ("version", "release", "name"),
    [("D", "3", "S3"), ("2", "1", "S3"), ("3", "1", "S3"), ("D", "96A", "S3"), ("4", "1", "S4"), ("", "", "S3")],
)
def test_contrl_goes_by_the_syntax(version, release, name):
    assert directory_of("CONTRL", version, release) == name
    assert not stands_in("CONTRL", version, release)
    assert "CONTRL" in load(name).messages
