"""The 30 mandatory fields, received or derived; a delivery country that differs (VAL-01, VAL-14)."""

from __future__ import annotations

from typing import Any

import pytest

from core.documents import Party
from core.partners.model import Agreement, Partner
from core.review.customer import HEADER_FIELDS, LINE_FIELDS, check_customer, derive_ship_to, missing_fields
from core.testing.trade import STORE_GLN, a_line, an_order

STORE = Party("DP", STORE_GLN, "", "Store 7", "Hauptstr. 7", "Berlin", "BE", "10115", "DE")
COMPLETE: dict[str, Any] = {
    "id": 1, "code": "ACME", "name": "Acme", "tax_id": "DE1", "business_unit": "B1", "payment_method": "transfer",
    "payment_terms_days": 30, "delivery_terms": "DAP", "transport_mode": "road", "contact": "P", "phone": "1",
    "email": "a@b.example", "addresses": {("DP", STORE_GLN): STORE},
}  # fmt: skip
BARE = an_order(supplier=None, buyer=None)


def partner(**changes: Any) -> Partner:
    return Partner(**(COMPLETE | changes))


def missing(one: Partner, order=BARE, currency: str = "EUR") -> list[str]:
    return missing_fields(order, one, derive_ship_to(order, one), currency, "ED")


def test_there_are_thirty() -> None:
    assert len(HEADER_FIELDS) + len(LINE_FIELDS) == 30


def test_master_data_stands_in_for_what_was_not_sent() -> None:
    assert missing(partner()) == []


@pytest.mark.parametrize(
    ("gap", "named"),
    [
        ({"business_unit": ""}, "business_unit"),
        ({"payment_method": ""}, "payment_method"),
        ({"payment_terms_days": None}, "payment_terms"),
        ({"transport_mode": ""}, "transport_mode"),
        ({"delivery_terms": ""}, "delivery_terms"),
        ({"name": ""}, "buyer.name"),
        ({"tax_id": ""}, "buyer.tax_id"),
        ({"contact": ""}, "buyer.contact"),
        ({"phone": ""}, "buyer.phone"),
        ({"email": ""}, "buyer.email"),
    ],
)
def test_each_gap_of_the_master_data_is_named(gap: dict[str, Any], named: str) -> None:
    assert named in missing(partner(**gap))


def test_terms_of_zero_days_are_terms() -> None:
    assert missing(partner(payment_terms_days=0)) == []


def test_an_edi_identity_stands_in_for_an_email_address() -> None:
    assert missing(partner(email="", agreements=(Agreement("1", "14", "2", "14"),))) == []


@pytest.mark.parametrize("name", ["street", "city", "region", "postal_code", "country"])
def test_each_gap_of_the_delivery_address_is_named(name: str) -> None:
    one = partner(addresses={("DP", STORE_GLN): STORE._replace(**{name: ""})})
    assert missing(one) == [f"ship_to.{name}"]


def test_what_the_order_says_fills_the_gaps() -> None:
    empty = Partner(id=1, code="ACME", name="")
    full = an_order(
        buyer=Party("BY", gln="1", name="A", tax_id="T", contact="C", phone="P", email="E"),
        supplier=Party("SU", gln="2"),
        ship_to=STORE,
        invoicee=Party("IV", gln="1"),
        payment_method="transfer", payment_terms="30", transport_mode="road", delivery_terms="DAP",
    )  # fmt: skip
    assert missing(empty, full) == []
    assert missing(empty, full, currency="") == ["currency"]


def test_an_incomplete_order_is_held_with_the_whole_list() -> None:
    result = check_customer(BARE, partner(phone="", tax_id=""), STORE, "EUR", "ED")
    assert [hold.code for hold in result.holds] == ["customer.incomplete"]
    assert result.holds[0].inputs == {"missing": ["buyer.tax_id", "buyer.phone"]}


def test_a_known_gln_is_completed_and_what_was_sent_wins() -> None:
    sent = Party("ST", gln=STORE_GLN, street="Nebenstr. 1")
    assert derive_ship_to(an_order(ship_to=sent), partner()) == STORE._replace(street="Nebenstr. 1")


def test_without_a_delivery_party_the_only_address_is_meant() -> None:
    assert derive_ship_to(an_order(ship_to=None, buyer=None), partner()) == STORE
    assert derive_ship_to(an_order(ship_to=None, buyer=Party("BY", gln="1")), partner()) == STORE._replace(gln="1")


def test_an_unknown_delivery_gln_is_never_replaced_by_another_address() -> None:
    stranger = Party("DP", gln="4012345000030")
    assert derive_ship_to(an_order(ship_to=stranger), partner()) == stranger


def test_an_address_sent_without_a_gln_stands_alone() -> None:
    own = Party("ST", street="Baustelle 1", city="Ulm")
    assert derive_ship_to(an_order(ship_to=own), partner()) == own._replace(role="DP")


@pytest.mark.parametrize(("country", "held"), [("DE", []), ("de", []), ("", []), ("AT", ["customer.discrepancy"])])
def test_only_another_country_holds(country: str, held: list[str]) -> None:
    order = an_order("PO-1", a_line(), ship_to=Party("DP", gln=STORE_GLN, street="Other 1", country=country))
    result = check_customer(order, partner(), derive_ship_to(order, partner()), "EUR", "ED")
    assert [hold.code for hold in result.holds] == held
    assert result.evidence["discrepancies"]["ship_to.street"] == {"order": "Other 1", "master": "Hauptstr. 7"}
