"""The endpoints of fields over the real gateway: the profile, and the decisions where an order differs."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from core.clock import SystemClock
from core.reporting import views
from core.review.rulebook import read_rulebook
from core.store.rulebooks import put_in_force
from gateway.authentication import ApiKeys
from gateway.home import console_secret, init
from gateway.web.app import WebParts, build
from gateway.web.settings import WebSettings
from gateway.wiring import Gateway, open_gateway

Call = Callable[..., Awaitable[tuple[int, Any]]]
VIENNA = "9009876000023"
ORDER = {
    "partner": "ALPINA",
    "buyer_reference": "API-1",
    "ship_to": {"gln": VIENNA},
    "lines": [{"gtin": "4012345010015", "quantity": "10"}],
}


@pytest.fixture
def gateway(tmp_path: Path) -> Iterator[Gateway]:
    init(tmp_path / "home", SystemClock(), demo=True)
    opened = open_gateway(tmp_path / "home", "serve")
    yield opened
    opened.close()


@pytest.fixture
async def client(gateway: Gateway) -> AsyncIterator[TestClient[Any, Any]]:
    keys = ApiKeys(gateway.store, gateway.clock)
    settings = WebSettings(sandbox=True, loopback=True, secret=console_secret(gateway.home), poll_seconds=0.02)
    acts: Any = gateway.operations  # health, metrics and the clock belong to the running service
    async with TestClient(TestServer(build(WebParts(gateway.store, views, acts, keys, settings)))) as opened:
        yield opened


@pytest.fixture
def key(gateway: Gateway) -> str:
    return gateway.home.demo_key.read_text().strip()


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
