"""Returns over the API of the real gateway."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from aiohttp.test_utils import TestClient

from core.store import orders as order_rows
from core.store.engine import Tx
from core.store.shipping import PackageRow, ShipmentRow, insert_packages, insert_shipment
from gateway.authentication import ApiKeys
from gateway.wiring import Gateway

Call = Callable[..., Awaitable[tuple[int, Any]]]
ORDER = {
    "partner": "ALPINA",
    "buyer_reference": "PO-1",
    "ship_to": {"gln": "9009876000023"},
    "lines": [{"sku": "NL-1001", "quantity": "10", "price": "4.90"}],
}


@pytest.fixture
def client(real_client: TestClient[Any, Any]) -> TestClient[Any, Any]:
    return real_client


@pytest.fixture
async def delivered(call: Call, gateway: Gateway, demo_key: str) -> str:
    """The number of an order of which 6 were delivered two days ago."""
    _, order = await call("POST", "/api/v1/orders", demo_key, json=ORDER)
    at = gateway.clock.now() - timedelta(days=2)

    def deliver(tx: Tx) -> None:
        row = order_rows.by_number(tx, order["number"])
        shipment = ShipmentRow(
            77, "DA-77", row["id"], row["partner_id"], "sandbox", "delivered", "B-77", None, at, at, at, "A. Nowak"
        )
        insert_shipment(tx, shipment)
        insert_packages(tx, 77, [PackageRow("340123450000000017", 1, None, ((1, Decimal(6)),))])

    gateway.store.write(deliver)
    return str(order["number"])


def asked(order: str, **changes: Any) -> dict[str, Any]:
    return {"order": order, "lines": [{"line": 1, "quantity": "2"}], "reason": "damaged", "words": "wet"} | changes


async def test_a_return_is_asked_for_and_read(call: Call, demo_key: str, delivered: str) -> None:
    """NUM-07, RMA-01."""
    made = [(await call("POST", "/api/v1/rmas", demo_key, json=asked(delivered))) for _ in range(2)]
    assert [status for status, _ in made] == [201, 201]
    first, second = (rma for _, rma in made)
    assert first["number"] != second["number"]
    assert (first["state"], first["words"], first["because"]) == (
        "authorised", "wet", "delivered 2 days ago, within 365 days",
    )  # fmt: skip
    assert (await call("GET", f"/api/v1/rmas/{first['number']}", demo_key)) == (200, first)
    _, page = await call("GET", f"/api/v1/rmas?order={delivered}&limit=1", demo_key)
    _, rest = await call("GET", f"/api/v1/rmas?limit=1&cursor={page['next']}", demo_key)
    assert (page["items"], rest["items"], rest["next"]) == ([second], [first], None)
    assert (await call("GET", "/api/v1/rmas?state=refused", demo_key))[1]["items"] == []


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"lines": []}, 422),
        ({"lines": [{"line": 1, "quantity": "0"}]}, 422),
        ({"lines": [{"line": 1, "quantity": "1"}, {"line": 1, "quantity": "1"}]}, 422),
        ({"lines": [{"line": 1, "quantity": "7"}]}, 409),
        ({"lines": [{"line": 2, "quantity": "1"}]}, 409),
        ({"reason": "bored"}, 422),
        ({"order": "2026-SR-999999"}, 404),
    ],
)
async def test_what_cannot_come_back_is_refused(
    call: Call, demo_key: str, delivered: str, change: dict[str, Any], status: int
) -> None:
    assert (await call("POST", "/api/v1/rmas", demo_key, json=asked(delivered) | change))[0] == status
    assert (await call("GET", "/api/v1/rmas", demo_key))[1]["items"] == []


async def test_a_partner_returns_its_own(call: Call, gateway: Gateway, demo_key: str, delivered: str) -> None:
    keys = ApiKeys(gateway.store, gateway.clock)
    own = keys.create("buyer", ["read", "submit"], partner="ALPINA").token
    status, made = await call("POST", "/api/v1/rmas", own, json=asked(delivered))
    assert (status, made["requested_by"]) == (201, "buyer")
    assert (await call("GET", "/api/v1/rmas/RMA-2026-999999", own))[0] == 404
    assert (await call("GET", "/api/v1/rmas?partner=OTHER", own))[0] == 403
