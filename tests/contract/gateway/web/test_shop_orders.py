"""A shop's webhook through the API of the real gateway, to its order and the reports."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient

from core.clock import SystemClock, iso
from gateway.master_data import load
from gateway.wiring import Gateway, open_gateway

SECRET = "a secret of the tests, long enough"
STORES = [{"platform": "shopify", "store": "example", "partner": "ALPINA", "secret_env": "SHOP_SECRET"}]


@pytest.fixture
def gateway(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gateway]:
    monkeypatch.setenv("SHOP_SECRET", SECRET)
    one = open_gateway(home, "serve")
    load(one.store, one.home, one.settings, one.clock, {"stores": STORES}, where="stores.toml")
    yield one
    one.close()


def a_webhook() -> tuple[bytes, dict[str, str]]:
    now = iso(SystemClock().now())
    address = {
        "name": "Ada Example", "address1": "Ring 1", "city": "Wien", "province_code": "W", "zip": "1010",
        "country_code": "AT", "phone": "+43 1 1",
    }  # fmt: skip
    told = {
        "id": 5001, "name": "#1001", "created_at": now, "updated_at": now, "currency": "EUR",
        "financial_status": "paid", "total_price": "24.50", "shipping_address": address,
        "shipping_lines": [{"title": "Post", "price": "4.90"}],
        "line_items": [{"id": 1, "sku": "NL-2001", "name": "Cup", "quantity": 2, "price": "9.80"}],
    }  # fmt: skip
    body = json.dumps(told).encode()
    signature = base64.b64encode(hmac.digest(SECRET.encode(), body, hashlib.sha256)).decode()
    headers = {"X-Shopify-Topic": "orders/create", "X-Shopify-Webhook-Id": "d-1", "X-Shopify-Hmac-Sha256": signature}
    return body, headers


async def test_a_signed_webhook_is_an_order_of_channel_ec_and_in_the_mix(
    gateway: Gateway, real_client: TestClient[Any, Any], demo_key: str
) -> None:
    """INT-02: 202 for the signed webhook, an order of channel EC, and its share in the channel mix."""
    body, headers = a_webhook()
    async with real_client.post("/hooks/shopify/example", data=body, headers=headers) as answer:
        assert (answer.status, await answer.json()) == (202, {"taken": "kept"})
    async with real_client.post("/hooks/shopify/example", data=body + b" ", headers=headers) as answer:
        assert answer.status == 401
    assert gateway.shops.run_due() == 1
    key = {"Authorization": f"Bearer {demo_key}"}

    async def get(path: str) -> Any:
        async with real_client.get(f"/api/v1{path}", headers=key) as answer:
            assert answer.status == 200, await answer.text()
            return await answer.json()

    (listed,) = (await get("/orders?channel=EC"))["items"]
    order = await get(f"/orders/{listed['number']}")
    assert (order["number"][5:], order["channel"], order["state"]) == ("EC-000001", "EC", "confirmed")
    assert (order["shop"]["name"], order["shop"]["paid"], order["shop"]["total"]) == ("#1001", "24.50", "24.50")
    assert order["shop"]["charges"][0]["amount"] == "4.90"
    assert order["shop"]["line_ids"] == [{"line": 1, "line_id": "1"}]
    for field, pointer in (("ship_to.city", "/shipping_address/city"), ("lines.1.price", "/line_items/0/price")):
        place = await get(f"/orders/{listed['number']}/source/{field}")
        assert (place["kind"], place["verified"], place["pointer"]) == ("json", True, pointer)
    made = await get(f"/orders/{listed['number']}/source/currency")
    assert (made["kind"], made["pointer"]) == ("json", "/currency")
    (delivery,) = (await get("/shops/deliveries"))["items"]
    assert delivery["document_id"] == order["documents"][0]["id"]
    rows = {row["channel"]: row for row in (await get("/reports/channel-mix"))["rows"]}
    assert (rows["EC"]["orders"], rows["EC"]["percent"]) == (1, "100.00")
