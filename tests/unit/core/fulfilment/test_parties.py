from __future__ import annotations

from core.documents import Party
from core.fulfilment.parties import completed

MASTER = Party(
    "DP", gln="4012345000016", name="Store 7", street="Hauptstr. 7", city="Berlin", postal_code="10115", country="DE"
)


def test_a_gln_alone_gets_the_address_of_the_master() -> None:
    assert completed(Party("DP", gln="4012345000016"), MASTER) == MASTER


def test_what_was_sent_wins() -> None:
    assert completed(Party("DP", name="Gate 2", city="BERLIN"), MASTER).name == "Gate 2"
    assert completed(Party("DP", name="Gate 2", city="BERLIN"), MASTER).postal_code == "10115"


def test_two_addresses_that_differ_are_never_mixed() -> None:
    sent = Party("DP", gln="4012345000016", street="Nordkai 1", city="Hamburg")

    assert completed(sent, MASTER) == sent._replace(name="Store 7")


def test_without_a_master_nothing_is_added() -> None:
    assert completed(Party("DP", gln="1"), None) == Party("DP", gln="1")
