"""Many orders in one request over the real gateway: partial success, and the same answers when it is sent again."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from core.errors import StoreUnavailable
from core.reporting import views
from gateway.authentication import ApiKeys
from gateway.home import console_secret
from gateway.web.app import WebParts, build
from gateway.web.settings import WebSettings
from gateway.wiring import Gateway

Json = dict[str, Any]
Call = Callable[..., Awaitable[tuple[int, Any]]]
PATH = "/api/v1/orders:batch"
KEYED = {"headers": {"Idempotency-Key": "monday"}}


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


def order(reference: str, **changes: Any) -> Json:
    lines = [{"sku": "NL-1001", "quantity": "1"}]
    return {"partner": "ALPINA", "buyer_reference": reference, "lines": lines, **changes}


def found(answer: Json) -> list[tuple[int, str | None]]:
    return [(item["status"], item["number"]) for item in answer["items"]]


async def test_each_order_is_placed_or_refused_by_itself(call: Call, key: str) -> None:
    orders = [
        order("PO-1"),
        order("PO-2", lines=[{"sku": "NL-1001", "quantity": "none"}], currency="euro"),
        order("PO-3", partner="NOBODY"),
        {"partner": "ALPINA"},
        order("PO-4", partner="", buyer={"tax_id": "ATU13585627"}),
        order("PO-1", lines=[{"sku": "NL-1002", "quantity": "1"}]),
    ]
    orders[4].pop("partner")
    status, answer = await call("POST", PATH, key, json={"orders": orders})
    year = answer["items"][0]["number"][:4]
    assert (status, answer["placed"], answer["refused"], answer["result"]) == (200, 2, 4, "partial")
    assert found(answer) == [
        (201, f"{year}-SR-000001"), (422, None), (404, None), (422, None), (201, f"{year}-SR-000002"), (409, None),
    ]  # fmt: skip
    pointers = [{one["pointer"] for one in answer["items"][place]["problem"]["violations"]} for place in (1, 3)]
    assert pointers == [{"/lines/0/quantity", "/currency"}, {"/buyer_reference", "/lines"}]
    assert len((await call("GET", "/api/v1/orders", key))[1]["items"]) == 2


async def test_the_same_key_gives_the_same_answers(call: Call, key: str) -> None:
    body = {"orders": [order("PO-1"), order("PO-2")]}
    _, first = await call("POST", PATH, key, json=body, **KEYED)
    _, again = await call("POST", PATH, key, json=body, **KEYED)
    assert first == again
    assert first["result"] == "complete"
    assert len((await call("GET", "/api/v1/documents?direction=in", key))[1]["items"]) == 2


async def test_refused_orders_are_corrected_under_the_same_key(call: Call, key: str) -> None:
    wrong = order("PO-2", lines=[{"sku": "NL-1001", "quantity": "0"}])
    _, first = await call("POST", PATH, key, json={"orders": [order("PO-1"), wrong]}, **KEYED)
    assert [item["status"] for item in first["items"]] == [201, 422]
    _, again = await call("POST", PATH, key, json={"orders": [order("PO-1"), order("PO-2")]}, **KEYED)
    assert (again["items"][0], again["result"]) == (first["items"][0], "complete")
    _, other = await call("POST", PATH, key, json={"orders": [order("PO-9"), order("PO-2")]}, **KEYED)
    assert other["items"][0]["problem"]["code"] == "idempotency.mismatch"
    assert other["items"][1] == again["items"][1]


async def test_a_batch_that_broke_off_goes_on(
    call: Call, key: str, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was placed before the break keeps its number; nothing is placed twice."""
    place = gateway.operations.place_order
    calls = []

    def breaks(*args: Any, **named: Any) -> Any:
        calls.append(args)
        if len(calls) == 3:
            raise StoreUnavailable
        return place(*args, **named)

    monkeypatch.setattr(gateway.operations, "place_order", breaks)
    body = {"orders": [order(f"PO-{place}") for place in range(4)]}
    status, problem = await call("POST", PATH, key, json=body, **KEYED)
    assert (status, problem["code"]) == (503, "store.unavailable")
    before = {one["buyer_reference"]: one["number"] for one in (await call("GET", "/api/v1/orders", key))[1]["items"]}
    assert len(before) == 2
    _, answer = await call("POST", PATH, key, json=body, **KEYED)
    year = answer["items"][0]["number"][:4]
    assert found(answer) == [(201, f"{year}-SR-{serial:06d}") for serial in range(1, 5)]
    assert [before["PO-0"], before["PO-1"]] == [item["number"] for item in answer["items"][:2]]


async def test_an_order_may_have_a_key_of_its_own(call: Call, key: str) -> None:
    _, first = await call("POST", PATH, key, json={"orders": [order("PO-1", idempotency_key="mine")]})
    moved = {"orders": [order("PO-2"), order("PO-1", idempotency_key="mine")]}
    _, again = await call("POST", PATH, key, json=moved)
    assert again["items"][1]["number"] == first["items"][0]["number"]
    _, bad = await call("POST", PATH, key, json={"orders": [order("PO-3", idempotency_key="x" * 129)]})
    assert [one["pointer"] for one in bad["items"][0]["problem"]["violations"]] == ["/idempotency_key"]


async def test_a_dry_run_places_nothing(call: Call, key: str) -> None:
    _, answer = await call("POST", f"{PATH}?dry_run=true", key, json={"orders": [order("PO-1"), order("PO-2")]})
    assert [(item["status"], item["state"]) for item in answer["items"]] == [(200, "confirmed")] * 2
    assert (await call("GET", "/api/v1/orders", key))[1]["items"] == []


@pytest.mark.parametrize(("orders", "status"), [(0, 422), (1, 200), (1001, 422)])
async def test_a_batch_has_one_to_a_thousand_orders(call: Call, key: str, orders: int, status: int) -> None:
    body = {"orders": [order("PO-1")] * orders}
    assert (await call("POST", f"{PATH}?dry_run=true", key, json=body))[0] == status


@pytest.mark.parametrize(
    "broken",
    [
        {"lines": "none"},
        {"lines": [5, None, "x"]},
        {"lines": [{"sku": {}, "quantity": []}], "ship_to": [1]},
        {"partner": 5, "buyer": "me"},
        {"lines": {"sku": "A"}},
    ],
)
async def test_nonsense_refuses_its_order_alone(call: Call, key: str, broken: Json) -> None:
    _, answer = await call("POST", PATH, key, json={"orders": [order("PO-1", **broken), order("PO-2")]})
    first, second = answer["items"]
    assert (first["status"], second["status"]) == (422, 201)
    assert all(one["pointer"].startswith("/") for one in first["problem"]["violations"])


MAP: Json = {
    "columns": {
        "buyer_reference": "Order",
        "type": "Type",
        "partner": "Customer",
        "lines.sku": "Item",
        "lines.quantity": "Qty",
    }
}


def file_of(*rows: str) -> str:
    return base64.b64encode("\n".join(("Order;Type;Customer;Item;Qty", *rows)).encode()).decode()


async def test_a_file_is_imported_as_by_the_command(call: Call, key: str) -> None:
    """INT-09: and again, it adds nothing."""
    body = {
        "content": file_of("PO-1;;;NL-1001;2", "PO-1;;;NL-1002;1", "PO-2;;;NL-1001;x"),
        "map": MAP,
        "partner": "ALPINA",
    }
    would = (await call("POST", "/api/v1/orders:import?dry_run=true", key, json=body))[1]["orders"][0]
    assert (would["status"], would["number"]) == ("would be placed", None)
    status, answer = await call("POST", "/api/v1/orders:import", key, json=body)
    one, two = answer["orders"]
    assert (status, one["rows"], one["state"], one["number"][4:]) == (200, [2, 3], "confirmed", "-SR-000001")
    assert [(fault["row"], fault["column"], fault["value"]) for fault in two["faults"]] == [(4, "Qty", "x")]
    assert (await call("POST", "/api/v1/orders:import", key, json=body))[1] == answer
    assert len((await call("GET", "/api/v1/orders", key))[1]["items"]) == 1


async def test_an_import_asks_for_partner_type_and_file(call: Call, gateway: Gateway, key: str) -> None:
    """INT-13."""
    keys = ApiKeys(gateway.store, gateway.clock)
    own = keys.create("alpina", {"submit"}, partner="ALPINA").token
    mixed = {"content": file_of("PO-1;;;NL-1001;2", "PO-2;;OTHER;NL-1001;2"), "map": MAP}
    _, answer = await call("POST", "/api/v1/orders:import", own, json=mixed)
    assert [(one["status"], [fault["code"] for fault in one["faults"]]) for one in answer["orders"]] == [
        ("placed", []), ("refused", ["auth.forbidden"]),
    ]  # fmt: skip
    service = keys.create("kim", set(), roles=["customer_service"]).token
    sample = {"content": file_of("PO-3;sample;ALPINA;NL-1001;2"), "map": MAP}
    _, answer = await call("POST", "/api/v1/orders:import", service, json=sample)
    assert answer["orders"][0]["faults"][0]["code"] == "auth.forbidden"
    for wrong, code in (
        ({"map": {}}, "import.map_invalid"),
        ({"content": ""}, "import.unreadable"),
        ({"content": "%%%"}, "validation.failed"),
    ):
        status, problem = await call("POST", "/api/v1/orders:import", key, json=mixed | wrong)
        assert (400 <= status < 500, problem["code"]) == (True, code)


async def test_a_partner_orders_for_itself_and_a_role_its_types(call: Call, gateway: Gateway) -> None:
    """INT-13: 403 for one order refuses that one alone."""
    keys = ApiKeys(gateway.store, gateway.clock)
    own = keys.create("alpina", {"submit"}, partner="ALPINA").token
    _, answer = await call("POST", PATH, own, json={"orders": [order("PO-1"), order("PO-2", partner="OTHER")]})
    assert [item["status"] for item in answer["items"]] == [201, 403]
    service = keys.create("kim", set(), roles=["customer_service"]).token
    _, answer = await call("POST", PATH, service, json={"orders": [order("PO-3", type="sample"), order("PO-4")]})
    assert [item["status"] for item in answer["items"]] == [403, 201]
