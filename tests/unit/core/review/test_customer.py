"""The customer check: 30 fields received or derived, each with its format; a delivery country that differs."""

from __future__ import annotations

from typing import Any

import pytest

from core.documents import Party
from core.partners.model import Agreement, Partner
from core.review.customer import CustomerCheck, CustomerDesk, FieldFault, derive_ship_to, line_faults
from core.review.fields import FIELDS, HEADER_FIELDS, FieldChange, FieldRules, profile_of
from core.testing.trade import CUP, STORE_GLN, a_line, an_order

STORE = Party("DP", STORE_GLN, "", "Store 7", "Hauptstr. 7", "Berlin", "BE", "10115", "DE")
COMPLETE: dict[str, Any] = {
    "id": 1, "code": "ACME", "name": "Acme", "tax_id": "DE136695976", "business_unit": "B1", "country": "DE",
    "payment_method": "transfer", "payment_terms_days": 30, "delivery_terms": "DAP", "transport_mode": "road",
    "contact": "P", "phone": "+49 30 12345", "email": "a@b.example", "addresses": {("DP", STORE_GLN): STORE},
}  # fmt: skip
BARE = an_order(supplier=None, buyer=None)
#: a party that lacks nothing
BUYER = Party("BY", gln="4012345000009", name="A", tax_id="DE136695976", contact="C", phone="030 12345", email="e@f.gh")
WHOLE: dict[str, Any] = {
    "buyer": BUYER, "supplier": Party("SU", gln="4054321000009"), "ship_to": STORE,
    "invoicee": Party("IV", gln="4012345000009"), "payment_method": "transfer", "payment_terms": "30",
    "transport_mode": "road", "delivery_terms": "DAP",
}  # fmt: skip
#: header field of the profile -> what takes it out of a whole order
OMITTED: dict[str, dict[str, Any]] = {
    "business_unit": {"supplier": None},
    "buyer_reference": {"reference": ""},
    "payment_method": {"payment_method": ""},
    "payment_terms": {"payment_terms": ""},
    "transport_mode": {"transport_mode": ""},
    "delivery_terms": {"delivery_terms": ""},
    **{f"buyer.{name}": {"buyer": BUYER._replace(**{name: ""})} for name in ("tax_id", "contact", "phone", "email")},
    **{
        f"ship_to.{name}": {"ship_to": STORE._replace(**{name: ""})}
        for name in ("street", "city", "region", "postal_code", "country")
    },
}
EMPTY = Partner(id=1, code="ACME", name="")


def partner(**changes: Any) -> Partner:
    return Partner(**(COMPLETE | changes))


def check(order=BARE, one: Partner | None = None, *, currency: str = "EUR", rules: FieldRules | None = None):
    found: CustomerCheck = CustomerDesk(one or partner(), "ED", rules or FieldRules()).check(order, currency)
    return found


def missing(order=BARE, one: Partner | None = None, **how: Any) -> list[str]:
    found: list[str] = check(order, one, **how).result.evidence["missing"]
    return found


def test_master_data_stands_in_for_what_was_not_sent() -> None:
    """VAL-14, INT-14: what is derived is told with its value."""
    evidence = check().result.evidence
    assert evidence["missing"] == []
    assert set(evidence["received"]) | evidence["derived"].keys() == set(HEADER_FIELDS)
    assert set(evidence["received"]).isdisjoint(evidence["derived"])
    assert evidence["derived"]["buyer.name"] == "Acme"
    assert evidence["derived"]["payment_terms"] == "30 days"
    assert evidence["derived"]["ship_to.street"] == "Hauptstr. 7"


def test_what_the_order_says_is_received() -> None:
    """INT-12: an order that says everything needs no master data."""
    found = check(an_order(**WHOLE), EMPTY)
    assert found.faults == ()
    assert list(found.result.evidence["derived"]) == ["channel"]


@pytest.mark.parametrize("name", OMITTED)
def test_each_field_left_out_is_a_violation_of_its_own(name: str) -> None:
    """VAL-01, INT-12."""
    order = an_order(**({"reference": "PO-1", **WHOLE} | OMITTED[name]))
    found = check(order, EMPTY)
    assert found.faults == (FieldFault(name, "field.missing"),)
    assert [hold.code for hold in found.result.holds] == ["customer.incomplete"]
    assert found.result.holds[0].inputs == {"missing": [name]}


def test_every_other_field_has_a_stand_in_or_is_told_by_a_code_of_its_own() -> None:
    """VAL-01: the fields that the test above cannot leave out."""
    others = {one.name for one in FIELDS} - OMITTED.keys()
    stands_in = {"channel", "type", "document_date", "requested_date", "buyer.code", "invoicee"}
    own_code = {one.name for one in FIELDS if one.lack != "customer.incomplete"} - {"buyer_reference"}
    told_elsewhere = {"buyer.name", "ship_to", "currency", "description", "unit"}  # by the tests below
    assert others == stands_in | own_code | told_elsewhere


def test_a_customer_without_a_name_a_place_or_a_currency() -> None:
    """VAL-01."""
    assert missing(an_order(**WHOLE), EMPTY, currency="") == []
    assert missing(an_order(**(WHOLE | {"currency": ""})), EMPTY, currency="") == ["currency"]
    assert missing(an_order(**(WHOLE | {"buyer": BUYER._replace(name="")})), EMPTY) == ["buyer.name"]
    nowhere = an_order(**(WHOLE | {"buyer": None, "ship_to": None}))
    assert missing(nowhere, partner(addresses={})) == [
        "ship_to", "ship_to.street", "ship_to.city", "ship_to.region", "ship_to.postal_code", "ship_to.country",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("sku", "description", "unit", "found"),
    [
        (CUP, "Cup", "C62", []),
        (CUP, "", "C62", [FieldFault("lines.1.description", "field.missing")]),
        (CUP, "Cup", "", [FieldFault("lines.1.unit", "field.missing")]),
        (None, "", "", []),  # held as an unknown item
    ],
)
def test_lines_lack_what_neither_they_nor_their_items_have(
    sku: str | None, description: str, unit: str, found: list[FieldFault]
) -> None:
    """VAL-01, VAL-14."""
    assert line_faults([a_line()], [(sku, description, unit)], profile_of(FieldRules())) == found


def test_an_unknown_gtin_with_a_wrong_check_digit_is_told_as_such() -> None:
    """INT-11."""
    lines = [a_line(gtin="4012345100014"), a_line(gtin="4012345100013", line=2)]
    found = line_faults(lines, [(None, "", ""), (None, "", "")], profile_of(FieldRules()))
    assert found == [FieldFault("lines.1.gtin", "gtin.check_digit", "4012345100014")]


def test_terms_of_zero_days_are_terms() -> None:
    assert missing(one=partner(payment_terms_days=0)) == []


def test_an_edi_identity_stands_in_for_an_email_address() -> None:
    found = check(one=partner(email="", agreements=(Agreement("1", "14", "2", "14"),)))
    assert found.faults == ()
    assert found.result.evidence["derived"]["buyer.email"] == "EDI 1"


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        (
            {"ship_to": STORE._replace(gln="", country="CN", postal_code="20003")},
            ("ship_to.postal_code", "postal.format"),
        ),
        ({"ship_to": STORE._replace(country="UK", postal_code="1")}, ("ship_to.country", "country.format")),
        ({"ship_to": STORE._replace(gln="4012345000017")}, ("ship_to", "gln.check_digit")),
        ({"buyer": BUYER._replace(phone="none")}, ("buyer.phone", "phone.format")),
        ({"buyer": BUYER._replace(email="none")}, ("buyer.email", "email.format")),
        ({"buyer": BUYER._replace(tax_id="DE136695977")}, ("buyer.tax_id", "tax_id.format")),
        ({"buyer": BUYER._replace(gln="4012345000008")}, ("buyer.code", "gln.check_digit")),
        ({"invoicee": Party("IV", gln="4012345000008")}, ("invoicee", "gln.check_digit")),
        ({"currency": "EUX"}, ("currency", "currency.format")),
        ({"payment_method": "x" * 36}, ("payment_method", "field.malformed")),
        ({"reference": "x" * 36}, ("buyer_reference", "field.malformed")),
    ],
)
def test_a_received_value_of_another_format_holds(changes: dict[str, Any], fault: tuple[str, str]) -> None:
    """VAL-02, VAL-03, VAL-05."""
    found = check(an_order(**({"reference": "PO-1", **WHOLE} | changes)))
    assert [one[:2] for one in found.faults] == [fault]
    hold = next(hold for hold in found.result.holds if hold.code == "customer.incomplete")
    assert [one["code"] for one in hold.inputs["faults"]] == [fault[1]]
    assert hold.inputs["missing"] == []
    assert fault[0] in hold.lifted_by


def test_a_postal_code_is_not_judged_while_its_country_is_open() -> None:
    """VAL-02, VAL-07."""
    found = check(an_order(**(WHOLE | {"ship_to": STORE._replace(country="CN")})))
    assert found.faults == ()
    assert [hold.code for hold in found.result.holds] == ["customer.discrepancy"]


def test_all_faults_are_told_at_once() -> None:
    """INT-19."""
    order = an_order(
        **(WHOLE | {"buyer": BUYER._replace(phone="none", contact=""), "currency": "EUX", "payment_terms": ""})
    )
    found = check(order, EMPTY)
    assert {one.field for one in found.faults} == {"buyer.phone", "buyer.contact", "currency", "payment_terms"}
    assert len(found.result.holds) == 1


@pytest.mark.parametrize("strict", [False, True])
def test_our_own_master_data_is_doubted_and_holds_only_where_the_rules_say_so(*, strict: bool) -> None:
    """VAL-05: the fault is ours, not the buyer's."""
    found = check(one=partner(phone="1"), rules=FieldRules(hold_for_master_data=strict))
    if strict:
        assert found.faults == (FieldFault("buyer.phone", "phone.format", "1"),)
    else:
        assert found.result.holds == ()
        assert found.result.evidence["doubtful"] == {"buyer.phone": "phone.format"}


def test_what_the_profile_makes_optional_may_be_missing_but_not_malformed() -> None:
    """VAL-05."""
    rules = FieldRules(partners={"ACME": {"buyer.phone": FieldChange(required=False)}})
    gap = partner(phone="")
    assert missing(one=gap) == ["buyer.phone"]
    assert check(one=gap, rules=rules).faults == ()
    assert check(an_order(buyer=BUYER._replace(phone="none")), gap, rules=rules).faults[0].code == "phone.format"


def test_the_same_order_is_checked_once() -> None:
    desk = CustomerDesk(partner(), "ED", FieldRules())
    first = desk.check(an_order("PO-1"), "EUR")
    assert desk.check(an_order("PO-2", a_line(), a_line()), "EUR") is first
    assert desk.check(an_order("PO-3", ship_to=None), "EUR") is not first


def test_a_known_gln_is_completed_and_what_was_sent_wins() -> None:
    """INT-15."""
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


@pytest.mark.parametrize(("blocked", "held"), [("", []), ("insolvent since May", ["customer.blocked"])])
def test_a_blocked_account_holds_with_its_reason(blocked: str, held: list[str]) -> None:
    """VAL-06."""
    found = check(one=partner(blocked=blocked))
    assert [hold.code for hold in found.result.holds] == held
    if held:
        assert found.result.holds[0].inputs == {"partner": "ACME", "blocked": blocked}
        assert blocked in found.result.holds[0].reason


@pytest.mark.parametrize(("country", "held"), [("DE", []), ("", []), ("AT", ["customer.discrepancy"])])
def test_only_another_country_holds(country: str, held: list[str]) -> None:
    """VAL-07: both values are kept, whether or not they hold."""
    sent = Party("DP", gln=STORE_GLN, street="Other 1", postal_code="1010" if country == "AT" else "", country=country)
    found = check(an_order("PO-1", a_line(), ship_to=sent))
    assert [hold.code for hold in found.result.holds] == held
    assert found.result.evidence["discrepancies"]["ship_to.street"] == {"order": "Other 1", "master": "Hauptstr. 7"}
