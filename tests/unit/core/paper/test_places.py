"""Goods go to a known address, and never to the one next door (issue 6, part 5: a new ship-to is for a person)."""

from __future__ import annotations

import pytest

from core.documents import Party
from core.paper.known import Known
from core.paper.places import place_meant

LEEDS = Party(
    "DP", name="Northgate Industrial Supply Ltd", street="14 Foundry Lane", city="Leeds", postal_code="LS10 1JR"
)
BRISTOL = Party(
    "DP", name="Brightwater Engineering plc", street="Unit 7, Quay Road", city="Bristol", postal_code="BS1 6XA"
)


def meant(name: str, address: str, *known: Party, guessed: bool = True) -> Party | None:
    found = place_meant(name, address, Known(addresses=known or (LEEDS, BRISTOL)), guessed=guessed)
    return found[0] if found else None


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("Northgate Industrial Supply Ltd", "14 Foundry Lane; Leeds LS10 1JR; United Kingdom"),
        ("Northgate Industrial Supply I td", "14 Foundry Lane; Leeds LS1O 1JR; United Kingdam"),
        ("NORTHGATE INDUSTRIAL SUPPLY LTD", "Leeds LS10 1JR, 14 Foundry Lane"),
        ("Northgate lndustriai Supply Ltd", "14 Foundny Lane; Leeds"),
        ("Northgate Industrial Supply Ltd", ""),
    ],
)
def test_letters_may_be_misread(name: str, address: str) -> None:
    assert meant(name, address) is LEEDS


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("Northgate Industrial Supply Ltd", "16 Foundry Lane; Leeds LS10 1JR"),
        ("Northgate Industrial Supply Ltd", "114 Foundry Lane; Leeds LS10 1JR"),
        ("Northgate Industrial Supply Ltd", "Foundry Lane; Leeds LS10 1JR"),
        ("Northgate Industrial Supply Ltd", "14 Foundry Lane; Leeds LS11 1JR"),
        ("Northgate Industrial Supply Ltd", "Warehouse 3; 14 Foundry Lane; Leeds LS10 1JR"),
        ("Northgate Industrial Supply Ltd", "14 Station Road; Leeds LS10 1JR"),
        ("Northgate Industrial Supply Ltd", "Goods entrance behind the railway; 14 Foundry Lane; Leeds LS10 1JR"),
        ("Northgate Industrial Supply Ltd Works 2", "14 Foundry Lane; Leeds LS10 1JR"),
        ("Brightwater Engineering plc", "14 Foundry Lane; Leeds LS10 1JR"),
        ("Harbor Tools", "14 Foundry Lane; Leeds LS10 1JR"),
    ],
)
def test_any_other_number_street_or_name_is_another_place(name: str, address: str) -> None:
    assert meant(name, address) is None


def test_two_places_that_may_be_meant_are_for_a_person() -> None:
    gate = Party("DP", name=LEEDS.name, street="2 Mill Street", city="Leeds", postal_code="LS10 2AB")
    assert meant(LEEDS.name, "", LEEDS, gate) is None
    assert meant(LEEDS.name, "2 Mill Street; Leeds LS10 2AB", LEEDS, gate) is gate


def test_a_house_of_which_another_is_one_sign_apart_is_read_by_a_person_in_a_picture() -> None:
    dock = Party("DP", name=LEEDS.name, street="44 Foundry Lane", city="Leeds", postal_code="LS10 1JR")
    for guessed, found in ((False, dock), (True, None)):
        assert meant(LEEDS.name, "44 Foundry Lane; Leeds LS10 1JR", LEEDS, dock, guessed=guessed) is found


def test_a_chinese_address_has_its_town_first() -> None:
    place = Party(
        "DP",
        name="苏州金盛精密制造有限公司",
        street="工业园区星湖街 218 号",
        city="苏州市",
        region="江苏省",
        postal_code="215123",
    )
    assert meant("苏州金器精制造有限公司", "江苏省苏州市工业园区片湖街218号", place) is place
    assert meant("苏州金盛精密制造有限公司", "江苏省苏州市工业园区星湖街 219 号", place) is None
