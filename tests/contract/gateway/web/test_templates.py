"""Order templates over the real gateway: what is ordered again and again becomes a draft or an order in one call."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from core.reporting import views
from gateway.authentication import ApiKeys
from gateway.home import console_secret
from gateway.web.app import WebParts, build
from gateway.web.settings import WebSettings
from gateway.wiring import Gateway

Json = dict[str, Any]
Call = Callable[..., Awaitable[tuple[int, Any]]]
CONTENT: Json = {
    "buyer_reference": "stays with no template",
    "transport_mode": "road",
    "lines": [{"sku": "NL-1001", "quantity": "10"}, {"sku": "NL-1002", "quantity": "4"}],
}
TEMPLATES = "/api/v1/order-templates"


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


@pytest.fixture
async def template(call: Call, key: str) -> Json:
    status, made = await call("POST", TEMPLATES, key, json={"name": "weekly", "partner": "ALPINA", "content": CONTENT})
    assert status == 201
    return dict(made)


async def test_a_template_keeps_what_stays_the_same(call: Call, key: str, template: Json) -> None:
    assert template["content"] == {name: value for name, value in CONTENT.items() if name != "buyer_reference"}
    assert (await call("GET", TEMPLATES, key))[1]["items"] == [template]
    assert (await call("GET", f"{TEMPLATES}/{template['id']}", key))[1] == template
    again = {"name": "weekly", "partner": "ALPINA", "content": {}}
    status, problem = await call("POST", TEMPLATES, key, json=again)
    assert (status, problem["code"]) == (409, "state.conflict")
    assert (await call("POST", TEMPLATES, key, json={**again, "partner": None}))[0] == 201


async def test_a_template_becomes_an_order_in_one_call(call: Call, key: str, template: Json) -> None:
    """INT-20: what this order says instead wins, and each field tells which template filled it in (INT-24)."""
    request = {"overrides": {"buyer_reference": "PO-1", "transport_mode": "air"}, "submit": True}
    status, made = await call("POST", f"{TEMPLATES}/{template['id']}/instantiate", key, json=request)
    assert status == 201
    order, draft = made["order"], made["draft"]
    assert (order["partner"], order["buyer_reference"], order["state"]) == ("ALPINA", "PO-1", "confirmed")
    assert [(line["sku"], line["quantity"]) for line in order["lines"]] == [("NL-1001", "10"), ("NL-1002", "4")]
    assert (draft["state"], draft["order"]) == ("submitted", order["number"])
    by_template = {path for path, one in draft["origins"].items() if one.get("template") == template["id"]}
    assert by_template == {
        "partner", "lines.1.sku", "lines.1.quantity", "lines.2.sku", "lines.2.quantity",
    }  # fmt: skip
    assert draft["origins"]["transport_mode"]["origin"] == "entered"
    _, place = await call("GET", f"/api/v1/orders/{order['number']}/source/transport_mode", key)
    assert (place["verified"], place["value"]) == (True, "air")


async def test_what_a_template_lacks_is_told_and_the_draft_stays(call: Call, key: str, template: Json) -> None:
    status, problem = await call("POST", f"{TEMPLATES}/{template['id']}/instantiate", key, json={"submit": True})
    assert (status, [one["pointer"] for one in problem["violations"]]) == (422, ["/buyer_reference"])
    _, draft = await call("GET", f"/api/v1/drafts/{problem['draft']}", key)
    assert (draft["state"], draft["content"]["lines"]) == ("open", CONTENT["lines"])


async def test_an_order_becomes_a_template(call: Call, key: str) -> None:
    """INT-20: and an order by that template says the same but for its reference."""
    body = {**CONTENT, "partner": "ALPINA", "buyer_reference": "PO-1", "ship_to": {"gln": "9009876000023"}}
    _, order = await call("POST", "/api/v1/orders", key, json=body)
    path = f"/api/v1/orders/{order['number']}/template"
    status, made = await call("POST", path, key, json={"name": "as last time"})
    assert (status, made["partner"], made["content"]["ship_to"]) == (201, "ALPINA", body["ship_to"])
    request = {"overrides": {"buyer_reference": "PO-2"}, "submit": True}
    _, again = await call("POST", f"{TEMPLATES}/{made['id']}/instantiate", key, json=request)
    ordered = [
        [(line["sku"], line["quantity"], line["unit"]) for line in one["lines"]] for one in (order, again["order"])
    ]
    assert ordered[0] == ordered[1]
    assert (await call("POST", "/api/v1/orders/2020-SR-000009/template", key, json={"name": "x"}))[0] == 404


async def test_a_template_is_changed_and_removed_at_its_version(
    call: Call, client: Any, key: str, template: Json
) -> None:
    path = f"{TEMPLATES}/{template['id']}"
    body = {"name": "monthly", "content": {"lines": CONTENT["lines"][:1]}}
    assert (await call("PUT", path, key, json=body))[0] == 428
    status, changed = await call("PUT", path, key, json=body, headers={"If-Match": '"1"'})
    assert (status, changed["version"], changed["name"], changed["partner"]) == (200, 2, "monthly", None)
    assert (await call("PUT", path, key, json=body, headers={"If-Match": '"1"'}))[0] == 412
    headers = {"Authorization": f"Bearer {key}", "If-Match": '"2"'}
    async with client.delete(path, headers=headers) as answer:
        assert answer.status == 204
    assert (await call("GET", path, key))[0] == 404


async def test_a_partner_uses_its_own_templates_and_those_of_the_house(
    call: Call, gateway: Gateway, key: str, template: Json
) -> None:
    own = ApiKeys(gateway.store, gateway.clock).create("alpina", {"read", "submit"}, partner="ALPINA").token
    _, house = await call("POST", TEMPLATES, key, json={"name": "all", "content": CONTENT})
    _, other = await call("POST", TEMPLATES, key, json={"name": "theirs", "partner": "OTHER", "content": CONTENT})
    assert (await call("GET", TEMPLATES, own))[1]["items"] == [template, house]
    assert (await call("POST", f"{TEMPLATES}/{other['id']}/instantiate", own, json={}))[0] == 404
    status, made = await call("POST", f"{TEMPLATES}/{house['id']}/instantiate", own, json={})
    assert (status, made["draft"]["partner"], made["order"]) == (201, "ALPINA", None)
    assert (await call("POST", TEMPLATES, own, json={"name": "mine", "content": {}}))[0] == 403
