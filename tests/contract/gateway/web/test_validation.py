"""The endpoints of fields over the real gateway: the profile, and the decisions where an order differs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from aiohttp.test_utils import TestClient

from core.review.rulebook import read_rulebook
from core.store.rulebooks import put_in_force
from gateway.wiring import Gateway

Call = Callable[..., Awaitable[tuple[int, Any]]]
VIENNA = "9009876000023"
ORDER = {
    "partner": "ALPINA",
    "buyer_reference": "API-1",
    "ship_to": {"gln": VIENNA},
    "lines": [{"gtin": "4012345010015", "quantity": "10"}],
}


@pytest.fixture
def client(real_client: TestClient[Any, Any]) -> TestClient[Any, Any]:
    return real_client


@pytest.fixture
def key(demo_key: str) -> str:
    return demo_key


def rules(gateway: Gateway, document: dict[str, Any]) -> None:
    book = read_rulebook(document)
    gateway.store.write(lambda tx: put_in_force(tx, book, at=gateway.clock.now(), actor="test", reason=""))


async def test_the_profile_has_thirty_fields_with_rule_and_format(call: Call, key: str) -> None:
    """VAL-01, VAL-05."""
    status, profile = await call("GET", "/api/v1/validation/profile", key)
    assert (status, profile["required"], profile["rule_version"]) == (200, 30, "1")
    assert [one["number"] for one in profile["fields"]] == list(range(1, 31))
    assert all(one["required"] and one["rule"] and one["format"] and one["if_missing"] for one in profile["fields"])
    tax_id = next(one for one in profile["fields"] if one["field"] == "buyer.tax_id")
    assert (tax_id["if_missing"], tax_id["if_malformed"]) == ("customer.incomplete", "tax_id.format")


async def test_the_profile_of_a_partner_is_narrowed_by_rules(call: Call, key: str, gateway: Gateway) -> None:
    """VAL-05: by channel, country and partner, without code."""
    rules(gateway, {"fields": {"partners": {"ALPINA": {"ship_to.region": {"required": False}}}}})
    _, everyone = await call("GET", "/api/v1/validation/profile?channel=ED", key)
    _, alpina = await call("GET", "/api/v1/validation/profile?partner=ALPINA&channel=ED", key)
    assert (everyone["required"], alpina["required"], alpina["rule_version"]) == (30, 29, "2")
    assert alpina["country"] == "AT"
    assert [one["rule"] for one in alpina["fields"] if one["field"] == "ship_to.postal_code"] == [
        "the picture of the country: NNNN"
    ]
    assert (await call("GET", "/api/v1/validation/profile?partner=NOBODY", key))[0] == 404


async def test_a_discrepancy_is_decided_once(call: Call, key: str) -> None:
    """VAL-09."""
    order = {**ORDER, "ship_to": {"gln": VIENNA, "country": "DE"}}
    status, placed = await call("POST", "/api/v1/orders", key, json=order)
    assert (status, placed["state"], [hold["code"] for hold in placed["holds"]]) == (
        201, "in_review", ["customer.discrepancy"],
    )  # fmt: skip
    _, page = await call("GET", f"/api/v1/discrepancies?number={placed['number']}", key)
    (one,) = page["items"]
    assert (one["field"], one["order_value"], one["master_value"]) == ("ship_to.country", "DE", "AT")
    path = f"/api/v1/discrepancies/{one['id']}/resolve"
    assert (await call("POST", path, key, json={"decision": "toss a coin"}))[0] == 422
    status, decided = await call("POST", path, key, json={"decision": "keep_order", "reason": "a trade fair"})
    assert (status, decided["decision"], decided["reason"]) == (200, "keep_order", "a trade fair")
    assert (await call("GET", f"/api/v1/orders/{placed['number']}", key))[1]["state"] == "confirmed"
    assert (await call("POST", path, key, json={"decision": "keep_order"}))[0] == 409
    assert (await call("GET", "/api/v1/discrepancies", key))[1]["items"] == []
    assert (await call("GET", "/api/v1/discrepancies?open=false", key))[1]["items"] == [decided]
    assert (await call("POST", "/api/v1/discrepancies/1/resolve", key, json={"decision": "keep_order"}))[0] == 404


async def test_the_checks_tell_origin_and_rule_of_each_field(call: Call, key: str) -> None:
    """VAL-11, INT-14, REV-01: four groups; what was derived is marked with its value and rule."""
    _, placed = await call("POST", "/api/v1/orders", key, json=ORDER)
    _, review = await call("GET", f"/api/v1/orders/{placed['number']}/checks", key)
    groups = {check["group"]: check for check in review["checks"]}
    assert groups.keys() == {"customer", "credit", "availability", "price"}
    fields = {one["field"]: one for one in groups["customer"]["fields"]}
    assert len(fields) == 24
    assert fields["buyer.name"] | {"number": 0} == {
        "number": 0, "field": "buyer.name", "origin": "derived", "value": "Alpina Handels GmbH",
        "rule": "the customer's name", "format": "text", "fault": None,
    }  # fmt: skip
    assert fields["buyer_reference"]["origin"] == "received"
    assert fields["ship_to.city"]["value"] == "Wien"


def violations(problem: dict[str, Any]) -> list[tuple[str, str]]:
    return sorted((one["pointer"], one["code"]) for one in problem["violations"])


async def test_every_violation_is_told_at_once_with_its_pointer(call: Call, key: str) -> None:
    """INT-11, INT-19, VAL-02, VAL-03, VAL-05."""
    order = {
        **ORDER,
        "currency": "EUX",
        "requested_date": "2099-01-01",
        "buyer": {"phone": "none", "email": "a@b", "tax_id": "ATU13585628"},
        "ship_to": {"name": "N", "street": "S", "city": "C", "region": "R", "country": "CN", "postal_code": "20003"},
        "lines": [{"gtin": "4012345010015", "quantity": "10"}, {"gtin": "4012345010016", "quantity": "1"}],
    }
    status, problem = await call("POST", "/api/v1/orders", key, json=order)
    assert (status, problem["code"]) == (422, "validation.failed")
    assert violations(problem) == [
        ("/buyer/email", "email.format"),
        ("/buyer/phone", "phone.format"),
        ("/buyer/tax_id", "tax_id.format"),
        ("/currency", "currency.format"),
        ("/lines/1/gtin", "gtin.check_digit"),
        ("/requested_date", "date.too_far"),
        ("/ship_to/postal_code", "postal.format"),
    ]
    assert (await call("GET", "/api/v1/orders", key))[1]["items"] == []


@pytest.mark.parametrize(("postal_code", "status"), [("20003", 422), ("200030", 201), ("2000300", 422)])
async def test_a_postal_code_of_china_has_six_digits(call: Call, key: str, postal_code: str, status: int) -> None:
    """VAL-02."""
    place = {"name": "N", "street": "S", "city": "C", "region": "R", "country": "CN", "postal_code": postal_code}
    answered, body = await call("POST", "/api/v1/orders", key, json={**ORDER, "ship_to": place})
    assert answered == status
    if status == 422:
        assert violations(body) == [("/ship_to/postal_code", "postal.format")]


@pytest.mark.parametrize("name", ["street", "city", "region", "postal_code", "country"])
async def test_what_is_missing_everywhere_is_refused_by_its_name(call: Call, key: str, name: str) -> None:
    """VAL-01, INT-12, INT-19."""
    place = {"name": "N", "street": "S", "city": "Wien", "region": "9", "country": "AT", "postal_code": "1010"}
    order = {**ORDER, "ship_to": {**place, name: ""}}
    status, problem = await call("POST", "/api/v1/orders", key, json=order)
    assert (status, violations(problem)) == (422, [(f"/ship_to/{name}", "field.missing")])


@pytest.mark.parametrize("named", [{"tax_id": "ATU13585627"}, {"name": "alpina handels GMBH"}])
async def test_a_customer_is_found_and_its_data_filled_in(call: Call, key: str, named: dict[str, str]) -> None:
    """INT-14: only a tax number, or only a name."""
    order = {name: value for name, value in ORDER.items() if name != "partner"} | {"buyer": named}
    status, placed = await call("POST", "/api/v1/orders", key, json=order)
    assert (status, placed["partner"], placed["state"]) == (201, "ALPINA", "confirmed")
    _, review = await call("GET", f"/api/v1/orders/{placed['number']}/checks", key)
    (fields,) = (check["fields"] for check in review["checks"] if check["group"] == "customer")
    derived = {one["field"]: one["value"] for one in fields if one["origin"] == "derived"}
    assert derived["buyer.code"] == "9009876000016"
    assert {"payment_terms", "payment_method", "delivery_terms", "transport_mode", "ship_to.street"} <= derived.keys()


async def test_an_unknown_customer_is_refused(call: Call, key: str) -> None:
    """INT-14."""
    order = {name: value for name, value in ORDER.items() if name != "partner"} | {"buyer": {"tax_id": "DE136695976"}}
    status, problem = await call("POST", "/api/v1/orders", key, json=order)
    assert (status, violations(problem)) == (422, [("/buyer/tax_id", "customer.unknown")])


async def test_an_override_is_kept_beside_the_master_value_with_its_reason(call: Call, key: str) -> None:
    """INT-15: address, contact and payment method of this order."""
    order = {
        **ORDER,
        "ship_to": {"gln": VIENNA, "street": "Messeplatz 1"},
        "buyer": {"contact": "Kim Berger"},
        "payment_method": "card",
        "override_reason": "delivered to the fair",
    }
    status, placed = await call("POST", "/api/v1/orders", key, json=order)
    assert (status, placed["state"]) == (201, "confirmed")
    number = placed["number"]
    _, review = await call("GET", f"/api/v1/orders/{number}/checks", key)
    (fields,) = (check["fields"] for check in review["checks"] if check["group"] == "customer")
    received = {one["field"]: one["value"] for one in fields if one["origin"] == "received"}
    assert (received["buyer.contact"], received["payment_method"]) == ("Kim Berger", "card")
    _, page = await call("GET", f"/api/v1/discrepancies?number={number}", key)
    assert [(one["order_value"], one["master_value"]) for one in page["items"]] == [
        ("Messeplatz 1", "Laxenburger Strasse 365")
    ]
    _, reason = await call("GET", f"/api/v1/orders/{number}/source/notes.1", key)
    assert reason["value"] == "delivered to the fair"


async def test_a_dry_run_tells_every_check_and_writes_nothing(call: Call, key: str) -> None:
    """VAL-12: the checks are those of the order that is placed after it."""
    status, would = await call("POST", "/api/v1/orders?dry_run=true", key, json=ORDER)
    assert (status, would["state"]) == (200, "confirmed")
    assert {check["group"] for check in would["checks"]} == {"customer", "credit", "availability", "price"}
    assert (await call("GET", "/api/v1/orders", key))[1]["items"] == []
    _, placed = await call("POST", "/api/v1/orders", key, json=ORDER)
    _, review = await call("GET", f"/api/v1/orders/{placed['number']}/checks", key)
    timeless = [
        [{name: value for name, value in check.items() if name != "at"} for check in checks]
        for checks in (would["checks"], review["checks"])
    ]
    assert timeless[0] == timeless[1]
