"""NAD: whose code a party's is (3055), by its role and by the side that we are on."""

from __future__ import annotations

import pytest

from adapters.edi.directory.tables import load
from adapters.edi.nad import nad
from adapters.edi.style import Style
from core.documents import Party

SELLING, BUYING = Style(), Style(buying=True)


def agency(role: str, style: Style, **named: str) -> str:
    identity = nad(role, Party(role, **named), style).elements[1]
    return identity[2] if identity else ""


@pytest.mark.parametrize("role", ["SU", "SE", "SF", "WH", "GY", "CZ", "CA"])
def test_codes_of_our_side_are_the_sellers_when_we_sell_and_the_buyers_when_we_buy(role: str) -> None:
    assert agency(role, SELLING, code="77") == "91"
    assert agency(role, BUYING, code="77") == "92"


@pytest.mark.parametrize("role", ["BY", "DP", "IV", "UC", "CN", "ST"])
def test_codes_of_the_buyers_side_are_the_buyers(role: str) -> None:
    assert agency(role, SELLING, code="STORE-7") == "92"
    assert agency(role, BUYING, code="STORE-7") == "92"


def test_a_gln_is_gs1s_whoever_it_belongs_to() -> None:
    for role in ("SU", "BY"):
        assert agency(role, SELLING, gln="4012345000009", code="77") == "9"
    assert agency("BY", SELLING, name="Acme") == ""


@pytest.mark.parametrize("release", ["D96A", "D01B", "D24A"])
def test_the_un_list_has_these_agencies(release: str) -> None:
    responsible = load(release).segments["NAD"].component(2, 3)
    assert responsible is not None
    assert responsible.codes is not None
    assert {"9", "91", "92"} <= responsible.codes
