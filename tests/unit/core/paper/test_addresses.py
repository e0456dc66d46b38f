"""Whether what was read is a known address (INT-11; issue 6, part 5)."""

from __future__ import annotations

import pytest

from core.documents import Party
from core.paper.addresses import fits

WORKS = Party("DP", name="Acme Works 2", street="14 Foundry Lane", city="Leeds", postal_code="LS10 1JR")


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("14 Foundry Lane; Leeds LS10 1JR", True),
        ("14 Foundry Lane", True),  # it leaves the town out, and names no other
        ("14 Foundry Lane; York", False),
        ("16 Foundry Lane", False),
        ("Foundry Lane", False),
        ("14 Foundry Lane; ramp 3", False),
        ("Leeds LS10 1JR", False),
        ("", True),
    ],
)
def test_a_street_may_leave_out_its_town_and_nothing_else(address: str, expected: bool) -> None:
    assert fits("Acme Works 2", address, WORKS) is expected


def test_in_a_picture_the_town_must_be_there() -> None:
    assert not fits("Acme Works 2", "14 Foundry Lane", WORKS, loosely=True)


def test_a_number_of_a_name_is_part_of_it() -> None:
    assert not fits("Acme Works 3", "14 Foundry Lane; Leeds LS10 1JR", WORKS)
