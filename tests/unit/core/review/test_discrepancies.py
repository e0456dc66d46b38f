"""Where order and master data differ (VAL-07, VAL-08)."""

from __future__ import annotations

from typing import Any

import pytest

from core.documents import Party
from core.partners.model import Partner
from core.review.discrepancies import Discrepancy, compare, compare_lines
from core.testing.trade import CUP, STORE_GLN, a_line, an_order

STORE = Party("DP", STORE_GLN, "", "Store 7", "Hauptstr. 7", "Berlin", "BE", "10115", "DE")
ACME = Partner(id=1, code="ACME", name="Acme Retail", tax_id="DE136695976", addresses={("DP", STORE_GLN): STORE})


@pytest.mark.parametrize(
    ("name", "theirs"),
    [
        ("street", "Nebenstr. 1"), ("city", "Potsdam"), ("region", "BB"), ("postal_code", "14467"), ("country", "AT"),
    ],
)  # fmt: skip
def test_each_part_of_a_known_address_is_compared(name: str, theirs: str) -> None:
    """VAL-07: both values are told."""
    order = an_order(ship_to=Party("DP", gln=STORE_GLN)._replace(**{name: theirs}))
    assert compare(order, ACME) == [Discrepancy(f"ship_to.{name}", theirs, getattr(STORE, name), STORE_GLN)]


@pytest.mark.parametrize(
    "ship_to", [None, Party("DP", gln=STORE_GLN), Party("DP", street="Nebenstr. 1"), Party("DP", "4012345000030", "x")]
)
def test_what_is_not_said_or_not_known_agrees(ship_to: Party | None) -> None:
    assert compare(an_order(ship_to=ship_to), ACME) == []


@pytest.mark.parametrize(
    ("buyer", "found"),
    [
        ({"tax_id": "DE136695976"}, []),
        ({"tax_id": "de 136.695.976"}, []),
        ({"tax_id": "DE811569869"}, [Discrepancy("buyer.tax_id", "DE811569869", "DE136695976")]),
        ({"name": "ACME  retail"}, []),
        ({"name": "Acme Holding"}, [Discrepancy("buyer.name", "Acme Holding", "Acme Retail")]),
        ({}, []),
    ],
)
def test_name_and_tax_number_are_compared(buyer: dict[str, Any], found: list[Discrepancy]) -> None:
    """VAL-08."""
    assert compare(an_order(buyer=Party("BY", **buyer)), ACME) == found


def test_the_gtin_wins_over_a_suppliers_code_that_differs() -> None:
    """VAL-10: what differs is told, with the item that the line got."""
    one, other = a_line(supplier_code="OLD-1"), a_line(line=2, supplier_code=CUP)
    found = compare_lines([(one, CUP), (other, CUP), (a_line(supplier_code="X"), None), (a_line(), CUP)])
    assert found == [Discrepancy("supplier_code", "OLD-1", CUP, CUP, 1)]
