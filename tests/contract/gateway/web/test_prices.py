"""What the API asks about prices, and of whom."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from gateway.web.testing import MemoryGateway

Call = Callable[..., Awaitable[tuple[int, Any]]]


@pytest.fixture(autouse=True)
def lamp(memory: MemoryGateway) -> None:
    memory.lists["items"] = [{"sku": "LAMP-001", "gtin": None, "description": "Lamp"}]


async def test_a_price_is_asked_for_a_partner(call: Call) -> None:
    """PRI-06: the partner is named, or it is the key's."""
    status, found = await call("GET", "/api/v1/price?sku=LAMP-001&partner=NORDHAUS&quantity=24&date=2026-04-01")
    assert (status, found["partner"], found["quantity"], found["date"]) == (200, "NORDHAUS", "24", "2026-04-01")
    status, found = await call("GET", "/api/v1/price?sku=LAMP-001", "partner")
    assert (status, found["partner"], found["quantity"]) == (200, "NORDHAUS", "1")


async def test_nobody_sees_the_prices_of_others(call: Call) -> None:
    """PRI-19."""
    assert (await call("GET", "/api/v1/price?sku=LAMP-001&partner=NORDHAUS", "other"))[0] == 403
    assert (await call("GET", "/api/v1/price?sku=LAMP-001&partner=NORDHAUS", "submit"))[0] == 403


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("sku=LAMP-001", 422),
        ("partner=NORDHAUS", 422),
        ("sku=LAMP-001&partner=NORDHAUS&quantity=0", 422),
        ("sku=LAMP-001&partner=NORDHAUS&quantity=0.000001", 200),
        ("sku=LAMP-001&partner=NORDHAUS&quantity=1e3", 422),
        ("sku=LAMP-001&partner=NORDHAUS&date=2026-02-30", 422),
        ("sku=LAMP-001&partner=NORDHAUS&currency=eur", 422),
        ("sku=LAMP-001&partner=NORDHAUS&colour=red", 422),
        ("sku=NOTHING&partner=NORDHAUS", 404),
    ],
)
async def test_what_is_asked_is_checked(call: Call, query: str, status: int) -> None:
    assert (await call("GET", f"/api/v1/price?{query}"))[0] == status


async def test_what_an_order_earns_is_the_house_s_alone(call: Call) -> None:
    """PRI-19: no key of a partner asks for margins."""
    assert (await call("GET", "/api/v1/orders/2025-SR-000001/margin", "partner"))[0] == 403
    assert (await call("GET", "/api/v1/orders/2025-SR-000009/margin"))[0] == 404
    for line, status in (("1", 404), ("0", 422), ("x", 422)):
        path = f"/api/v1/orders/2025-SR-000009/lines/{line}/price-explanation"
        assert (await call("GET", path, "partner"))[0] == status


REQUEST = {
    "partner": "NORDHAUS", "sku": "LAMP-001", "amount": "11", "valid_from": "2026-03-01", "valid_to": "2026-03-31",
    "reason": "new store", "competition": "Rival asks 10.80", "expected_volume": "5000", "approver": "Bea",
}  # fmt: skip


async def test_a_request_states_its_four_facts(call: Call) -> None:
    """PRI-09: all that are missing are told at once."""
    facts = ("reason", "competition", "expected_volume", "approver")
    status, problem = await call(
        "POST", "/api/v1/price-requests", json={name: REQUEST[name] for name in REQUEST if name not in facts}
    )
    assert (status, {one["pointer"] for one in problem["violations"]}) == (422, {f"/{name}" for name in facts})
    for name, empty in (("reason", " "), ("competition", ""), ("expected_volume", "0"), ("approver", "")):
        assert (await call("POST", "/api/v1/price-requests", json={**REQUEST, name: empty}))[0] == 422
    late = {**REQUEST, "valid_to": "2026-02-28"}
    assert (await call("POST", "/api/v1/price-requests", json=late))[0] == 422
    assert (await call("POST", "/api/v1/price-requests", json=REQUEST))[0] == 409  # nobody has a price here


async def test_requests_and_contracts_that_are_not_there(call: Call) -> None:
    assert (await call("GET", "/api/v1/price-requests/PR-000001"))[0] == 404
    for act in ("grant", "decline"):
        path = f"/api/v1/price-requests/PR-000001/{act}"
        assert (await call("POST", path, json={"reason": "fair"}))[0] == 404
        assert (await call("POST", path, json={}))[0] == 422
    assert (await call("POST", "/api/v1/contracts/C-1/verify", json={"since": "2026-01-01"}))[0] == 404
    assert (await call("POST", "/api/v1/contracts/C-1/verify", json={}))[0] == 422


async def test_no_special_price_without_its_request(call: Call) -> None:
    """PRI-08."""
    path = "/api/v1/orders/2025-SR-000009/lines/1/price"
    for body in ({}, {"price": "9"}, {"request": "9"}):
        assert (await call("POST", path, json=body))[0] == 422
    assert (await call("POST", path, json={"request": "PR-000001"}))[0] == 404
