"""The names of codes, release by release."""

from __future__ import annotations

import pytest

from adapters.edi.directory import facts
from adapters.edi.directory.codes import code_name, named_codes
from adapters.edi.directory.tables import RELEASES, load


@pytest.mark.parametrize(
    ("release", "element", "code", "name"),
    [
        ("D96A", "3035", "BY", "Buyer"),
        ("D24A", "3035", "BY", "Buyer"),
        ("D24A", "3035", "PAD", "Party Administrator"),
        ("D20B", "3035", "PAD", "Party Administrator"),
        ("D96A", "3035", "PAD", ""),
        ("D96A", "1001", "220", "Order"),
        ("D96A", "7143", "SRV", "EAN.UCC Global Trade Item Number"),
        ("D96A", "7143", "EN", "International Article Numbering Association (EAN)"),
        ("D96A", "3035", "MP", "Manufacturing plant"),
        ("D24A", "3035", "MP", "Manufacturing unit"),
        ("D24A", "1001", "532", "Forwarder's credit note"),
        ("D24A", "7143", "NONE", ""),
        ("D24A", "9999", "1", ""),
        ("S3", "0085", "13", "Missing"),
        ("S3", "0085", "45", ""),
        ("S3", "0085", "19", "Invalid decimal notation"),
        ("S4", "0085", "45", "Trailing separator"),
        ("S4", "0085", "19", ""),
        ("S4", "0085", "13", "Missing"),
        ("S4", "0035", "1", "Interchange is a test"),
    ],
)
def test_a_code_has_the_name_of_its_release(release, element, code, name):
    assert code_name(release, element, code) == name


@pytest.mark.parametrize("release", [*RELEASES, *facts.SYNTAXES])
def test_every_code_of_every_list_has_a_name(release):
    parts = {
        part.id: part.codes
        for segment in load(release).segments.values()
        for element in segment.elements
        for part in element.components
        if release in facts.SYNTAXES or part.id[0] != "0"
    }
    for element, codes in parts.items():
        named = named_codes(release, element)
        assert set(named) == (codes or set())
        assert all(name.strip() for name in named.values())
        assert all(code_name(release, element, code) == name for code, name in named.items())


def test_codes_are_listed_in_their_order():
    assert list(named_codes("D96A", "4343"))[:3] == ["AA", "AB", "AC"]
    assert named_codes("D96A", "1004") == {}
