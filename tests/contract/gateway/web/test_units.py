"""Business units: who may order from which, at every door of the API (INT-13)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from core.reporting import views
from gateway.authentication import ApiKeys
from gateway.home import console_secret
from gateway.master_data.loading import load_file
from gateway.web.app import WebParts, build
from gateway.web.settings import WebSettings
from gateway.wiring import Gateway

Json = dict[str, Any]
Call = Callable[..., Awaitable[tuple[int, Any]]]
#: the demo's customer is of the unit MAIN
ORDER: Json = {"partner": "ALPINA", "buyer_reference": "PO-1", "lines": [{"sku": "NL-1001", "quantity": "1"}]}


@pytest.fixture
async def client(gateway: Gateway) -> AsyncIterator[TestClient[Any, Any]]:
    keys = ApiKeys(gateway.store, gateway.clock)
    settings = WebSettings(sandbox=True, loopback=True, secret=console_secret(gateway.home), poll_seconds=0.02)
    acts: Any = gateway.operations  # health, metrics and the clock belong to the running service
    async with TestClient(TestServer(build(WebParts(gateway.store, views, acts, keys, settings)))) as opened:
        yield opened


@pytest.fixture
def north(gateway: Gateway) -> str:
    return ApiKeys(gateway.store, gateway.clock).create("kim", {"read", "submit"}, units=["NORTH", "WEST"]).token


@pytest.mark.parametrize(("unit", "status"), [("NORTH", 201), ("WEST", 201), ("SOUTH", 403), (None, 403)])
async def test_an_order_is_of_a_unit_that_the_caller_may_order_from(
    call: Call, north: str, unit: str | None, status: int
) -> None:
    """INT-13: without a unit the customer's own counts."""
    order = ORDER | ({} if unit is None else {"business_unit": unit})
    answered, body = await call("POST", "/api/v1/orders", north, json=order)
    assert answered == status
    if status == 403:
        assert (body["code"], body["inputs"]) == ("auth.forbidden", {"business_unit": unit or "MAIN"})
        assert (await call("GET", "/api/v1/orders", north))[1]["items"] == []
        return
    _, review = await call("GET", f"/api/v1/orders/{body['number']}/checks", north)
    (fields,) = (check["fields"] for check in review["checks"] if check["group"] == "customer")
    (field,) = (one for one in fields if one["field"] == "business_unit")
    assert (field["origin"], field["value"]) == ("received", unit)


@pytest.mark.parametrize(("unit", "status"), [("NORTH", 201), ("SOUTH", 403)])
async def test_every_door_asks_for_the_unit(call: Call, north: str, unit: str, status: int) -> None:
    """INT-13: dry run, batch, draft."""
    order = ORDER | {"business_unit": unit}
    dry, _ = await call("POST", "/api/v1/orders?dry_run=true", north, json=order)
    assert dry == (200 if status == 201 else 403)
    _, draft = await call("POST", "/api/v1/drafts", north, json=order)
    assert (await call("POST", f"/api/v1/drafts/{draft['id']}/submit", north))[0] == status
    _, batch = await call("POST", "/api/v1/orders:batch", north, json={"orders": [order | {"buyer_reference": "B"}]})
    assert batch["items"][0]["status"] == status


async def test_a_user_has_the_units_of_the_master_data(call: Call, gateway: Gateway, tmp_path: Path) -> None:
    """INT-13: as they are now; a key without units orders from all."""
    users = '[[users]]\nname = "lee"\nroles = ["sales_rep"]\nunits = ["NORTH"]\n'
    file = tmp_path / "users.toml"
    file.write_text(users)
    load_file(gateway.store, gateway.home, gateway.settings, gateway.clock, file)
    lee = ApiKeys(gateway.store, gateway.clock).create("lee", set(), user="lee").token
    assert (await call("POST", "/api/v1/orders", lee, json=ORDER))[0] == 403
    file.write_text(users.replace("NORTH", "MAIN"))
    load_file(gateway.store, gateway.home, gateway.settings, gateway.clock, file)
    assert (await call("POST", "/api/v1/orders", lee, json=ORDER))[0] == 201
    key = gateway.home.demo_key.read_text().strip()
    anywhere = ORDER | {"buyer_reference": "PO-2", "business_unit": "SOUTH"}
    assert (await call("POST", "/api/v1/orders", key, json=anywhere))[0] == 201


async def test_the_place_of_the_unit_is_told(call: Call, gateway: Gateway) -> None:
    key = gateway.home.demo_key.read_text().strip()
    _, order = await call("POST", "/api/v1/orders", key, json=ORDER | {"business_unit": "NORTH"})
    _, place = await call("GET", f"/api/v1/orders/{order['number']}/source/supplier.code", key)
    assert (place["kind"], place["pointer"], place["verified"]) == ("json", "/business_unit", True)
