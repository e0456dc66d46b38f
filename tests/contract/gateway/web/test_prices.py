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
