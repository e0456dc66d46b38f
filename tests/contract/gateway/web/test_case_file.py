"""Where orders come from over the real gateway, and everything that belongs to one."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import orjson
import pytest
from aiohttp.test_utils import TestClient, TestServer

from core.clock import iso
from core.reporting import views
from gateway import demo
from gateway.authentication import ApiKeys
from gateway.home import console_secret
from gateway.web.app import WebParts, build
from gateway.web.settings import WebSettings
from gateway.wiring import Gateway

Json = dict[str, Any]
Call = Callable[..., Awaitable[tuple[int, Any]]]
ORDER: Json = {
    "partner": "ALPINA",
    "buyer_reference": "2026-SR-000099",
    "ship_to": {"gln": "9009876000023"},
    "lines": [{"gtin": "4012345010015", "quantity": "10"}],
}


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
def clerk(gateway: Gateway) -> str:
    return ApiKeys(gateway.store, gateway.clock).create("kim", set(), roles=["sales_rep"]).token


def edi(gateway: Gateway, kind: str) -> bytes:
    return next(content for name, content in demo.orders(gateway.clock.now()).items() if kind in name)


async def file_taken(call: Call, gateway: Gateway, key: str, kind: str = "clean") -> str:
    _, taken = await call("POST", "/api/v1/documents?partner=ALPINA&channel=ED", key, data=edi(gateway, kind))
    return str(taken["documents"][0]["orders"][0])


async def test_no_order_is_lost_whatever_door_it_came_through(
    call: Call, gateway: Gateway, key: str, clerk: str
) -> None:
    """INT-01: each with its channel and the document that it came in."""
    since = iso(gateway.clock.now())
    numbers = {await file_taken(call, gateway, key): "ED"}
    _, keyed = await call("POST", "/api/v1/orders", clerk, json=ORDER)
    _, draft = await call("POST", "/api/v1/drafts", clerk, json={**ORDER, "buyer_reference": "PO-2"})
    _, submitted = await call("POST", f"/api/v1/drafts/{draft['id']}/submit", clerk)
    _, batch = await call("POST", "/api/v1/orders:batch", key, json={"orders": [{**ORDER, "buyer_reference": "PO-3"}]})
    numbers |= dict.fromkeys((keyed["number"], submitted["number"], batch["items"][0]["number"]), "SR")
    _, page = await call("GET", f"/api/v1/orders?since={since}", key)
    assert {order["number"]: order["channel"] for order in page["items"]} == numbers
    for order in page["items"]:
        (document,) = (one for one in order["documents"] if one["direction"] == "in")
        status, detail = await call("GET", f"/api/v1/documents/{document['id']}", key)
        assert (status, detail["source"]["channel"]) == (200, order["channel"])


async def test_an_order_says_who_entered_it_and_in_which_words(call: Call, key: str, clerk: str) -> None:
    """INT-03, INT-10, NUM-05: our number is given; the one that the caller chose is a reference alone."""
    status, order = await call("POST", "/api/v1/orders", clerk, json=ORDER)
    assert (status, order["buyer_reference"]) == (201, "2026-SR-000099")
    assert order["number"].endswith("-SR-000001")
    assert (await call("GET", "/api/v1/orders/2026-SR-000099", key))[0] == 404
    status, source = await call("GET", f"/api/v1/orders/{order['number']}/source", key)
    assert (status, source["channel"], source["entered_by"], source["draft"]) == (200, "SR", "kim", None)
    assert orjson.loads(source["raw"]) == ORDER
    assert source["canonical"]["lines"] == [{"line": 1, "gtin": "4012345010015", "quantity": "10"}]
    assert await call("GET", source["raw_url"], key) == (200, source["raw"].encode())
    refused = {**ORDER, "buyer_reference": "PO-2", "number": "2026-SR-000500"}
    status, problem = await call("POST", "/api/v1/orders", clerk, json=refused)
    assert (status, problem["violations"][0]["pointer"]) == (422, "/number")


async def test_every_channel_has_the_same_canonical_form(call: Call, gateway: Gateway, key: str) -> None:
    """INT-09, INT-10: the order of a file, keyed from what its canonical form says, has the same lines and parties."""
    number = await file_taken(call, gateway, key)
    _, filed = await call("GET", f"/api/v1/orders/{number}/source", key)
    assert filed["channel"] == "ED"
    assert filed["raw"].startswith("UN")
    said = filed["canonical"]
    names = {"supplier_code": "sku", "gtin": "gtin", "buyer_code": "buyer_code"}
    keyed_lines = [
        {
            **{names[name]: line[name] for name in ("gtin", "supplier_code", "buyer_code") if name in line},
            **{name: line[name] for name in ("quantity", "unit", "price", "description") if name in line},
        }
        for line in said["lines"]
    ]
    for line in keyed_lines:  # a keyed line names its item by one code
        for name in ("buyer_code", "sku"):
            if "gtin" in line:
                line.pop(name, None)
    form = {
        "partner": "ALPINA",
        "buyer_reference": "KEYED-1",
        **{name: said[name] for name in ("currency", "requested_date") if name in said},
        "ship_to": {name: value for name, value in said["ship_to"].items() if name != "role"},
        "lines": keyed_lines,
    }
    status, order = await call("POST", "/api/v1/orders", key, json=form)
    assert status == 201, order
    _, keyed = await call("GET", f"/api/v1/orders/{order['number']}/source", key)
    again = keyed["canonical"]
    for name in ("code", "type", "currency", "requested_date", "ship_to"):
        assert again.get(name) == said.get(name), name
    kept = [
        [{name: line.get(name) for name in ("line", "gtin", "quantity", "unit", "price")} for line in one["lines"]]
        for one in (said, again)
    ]
    assert kept[0] == kept[1]
    _, filed_order = await call("GET", f"/api/v1/orders/{number}", key)
    assert (order["total"], order["state"]) == (filed_order["total"], filed_order["state"])


async def test_an_order_is_numbered_and_checked_the_moment_it_comes(
    call: Call, gateway: Gateway, clerk: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ORD-02: the clock stands still; number and first check are there with the answer."""
    frozen = gateway.clock.now()
    monkeypatch.setattr(gateway.clock, "now", lambda: frozen)
    _, order = await call("POST", "/api/v1/orders", clerk, json=ORDER)
    _, life = await call("GET", f"/api/v1/orders/{order['number']}/timeline", clerk)
    received, checked = life["events"][:2]
    assert [received["event"], checked["event"]] == ["order.received", "order.checked"]
    assert {received["at"], checked["at"]} == {iso(frozen)}
    _, review = await call("GET", f"/api/v1/orders/{order['number']}/checks", clerk)
    assert [(check["group"], check["ok"]) for check in review["checks"]] == [
        ("credit", True), ("customer", True), ("availability", True), ("price", True),
    ]  # fmt: skip


async def test_a_dry_run_answers_what_placing_answers(call: Call, clerk: str) -> None:
    """VAL-12: but for what only a stored order has: its papers, and its number where another came first."""
    held = {**ORDER, "lines": [{"gtin": "4012345010015", "quantity": "10", "price": "1.00"}]}
    for order in ({**ORDER, "buyer_reference": "PO-1"}, held):
        _, would = await call("POST", "/api/v1/orders?dry_run=true", clerk, json=order)
        _, placed = await call("POST", "/api/v1/orders", clerk, json=order)
        for answer in (would, placed):
            for name in ("documents", "checks"):
                answer.pop(name, None)
        assert would == placed


async def test_the_case_file_has_all_that_was_sent_and_said(call: Call, gateway: Gateway, key: str) -> None:
    """INT-25: what the customer sent stays with the case, byte by byte."""
    number = await file_taken(call, gateway, key, "off")
    _, released = await call("POST", f"/api/v1/orders/{number}/release", key, json={"reason": "agreed"})
    assert released["state"] == "confirmed"
    status, case = await call("GET", f"/api/v1/orders/{number}/file", key)
    assert (status, case["order"]["number"]) == (200, number)
    (order,) = case["received"]
    assert (order["type"], order["source"]["channel"]) == ("ORDERS", "ED")
    assert await call("GET", order["raw"], key) == (200, edi_of(case, gateway))
    assert [one["type"] for one in case["sent"]] == ["CONTRL", "ORDRSP"]
    for one in case["sent"]:
        assert (await call("GET", one["raw"], key))[1].startswith(b"UN")
    (hold,) = case["holds"]
    assert (hold["code"], hold["release_reason"]) == ("price.mismatch", "agreed")
    assert hold["released_at"] is not None
    for link in case["links"].values():
        assert (await call("GET", link, key))[0] == 200


def edi_of(case: Json, gateway: Gateway) -> bytes:
    return gateway.blobs.get(case["received"][0]["source"]["sha256"])


async def test_a_partner_sees_the_source_of_its_own_orders_and_no_case_file(
    call: Call, gateway: Gateway, key: str
) -> None:
    number = await file_taken(call, gateway, key)
    keys = ApiKeys(gateway.store, gateway.clock)
    own = keys.create("alpina", {"read"}, partner="ALPINA").token
    assert (await call("GET", f"/api/v1/orders/{number}/source", own))[0] == 200
    assert (await call("GET", f"/api/v1/orders/{number}/file", own))[0] == 403
    assert (await call("GET", "/api/v1/orders/2020-ED-000009/file", key))[0] == 404
    assert (await call("GET", "/api/v1/orders/2020-ED-000009/source", own))[0] == 404
