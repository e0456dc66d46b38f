"""A partner's agreement and addresses as the rules ask for them."""

from __future__ import annotations

from core.documents import Party
from core.partners.model import Agreement, Partner

ONE, TWO = Party("DP", gln="1", city="Wien"), Party("DP", gln="2", city="Graz")
PARTNER = Partner(1, "ACME", "Acme", addresses={("IV", "9"): Party("IV"), ("DP", "1"): ONE, ("DP", "2"): TWO})


def test_an_address_is_found_by_its_gln_and_never_guessed() -> None:
    assert PARTNER.address("DP", "2") == TWO
    assert PARTNER.address("DP", "3") is None


def test_without_a_gln_the_first_of_the_role_is_meant() -> None:
    assert PARTNER.address("DP") == ONE
    assert PARTNER.address("ST") is None


def test_the_first_agreement_addresses_what_we_send_on_our_own() -> None:
    assert PARTNER.agreement is None
    agreements = (Agreement("A", "14", "US", "14"), Agreement("B", "14", "US", "14"))
    assert Partner(1, "ACME", "Acme", agreements=agreements).agreement == agreements[0]
