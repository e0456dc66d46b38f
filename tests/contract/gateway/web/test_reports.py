"""Reports over HTTP: JSON and CSV, days that are checked, and an order's calendar and end."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from aiohttp.test_utils import TestClient

from gateway.web.testing import MemoryGateway

Call = Callable[..., Awaitable[tuple[int, Any]]]

SHARES = [
    {"channel": "EC", "orders": 3, "percent": "75.00", "target_percent": "45", "off_by": "30.00"},
    {"channel": "XX", "orders": 1, "percent": "25.00", "target_percent": None, "off_by": None},
]


@pytest.fixture(autouse=True)
def counted(memory: MemoryGateway) -> None:
    memory.report_desk.rows["channel-mix"] = SHARES


async def test_a_report_tells_its_days_and_rows(call: Call) -> None:
    """INT-02."""
    status, found = await call("GET", "/api/v1/reports/channel-mix?from=2025-11-01&to=2025-11-22")
    assert (status, found["from"], found["to"], found["rows"]) == (200, "2025-11-01", "2025-11-22", SHARES)
    for name in ("cycle-time", "channel-performance", "inventory"):
        status, found = await call("GET", f"/api/v1/reports/{name}")
        assert (status, found["report"], found["rows"]) == (200, name, [])


async def test_who_asks_for_csv_gets_a_file(client: TestClient[Any, Any]) -> None:
    headers = {"Authorization": "Bearer admin", "Accept": "text/csv"}
    answer = await client.get("/api/v1/reports/channel-mix?to=2025-11-22", headers=headers)
    assert (answer.status, answer.content_type) == (200, "text/csv")
    assert 'filename="channel-mix-2025-11-22-2025-11-22.csv"' in answer.headers["Content-Disposition"]
    assert (await answer.text()).splitlines() == [
        "channel,orders,percent,target_percent,off_by", "EC,3,75.00,45,30.00", "XX,1,25.00,,",
    ]  # fmt: skip
    headers["Accept"] = "image/png"
    assert (await client.get("/api/v1/reports/channel-mix", headers=headers)).status == 406


@pytest.mark.parametrize(
    "query", ["from=2025-11-23&to=2025-11-22", "from=yesterday", "to=20251122", "since=2025-11-22"]
)
async def test_days_that_are_none_are_refused(call: Call, query: str) -> None:
    assert (await call("GET", f"/api/v1/reports/channel-mix?{query}"))[0] == 422


@pytest.mark.parametrize("name", ["cycle-time", "channel-performance", "channel-mix", "inventory", "hold-reasons"])
async def test_reports_are_the_houses(call: Call, name: str) -> None:
    assert (await call("GET", f"/api/v1/reports/{name}", "partner"))[0] == 403


async def test_how_papers_were_read_is_told_by_class_and_step(call: Call, client: TestClient[Any, Any]) -> None:
    """INT-05, INT-07; what the figures are, the tests of the report itself say."""
    path = "/api/v1/reports/intake-quality"
    _, found = await call("GET", f"{path}?from=2025-11-01&to=2025-11-22&by=week&partner=ACME&class=fax")
    assert (found["from"], found["rows"], found["doubts"]) == ("2025-11-01", [], [])
    for query in ("by=day", "class=post", "partner=a%00", "from=2025-11-23&to=2025-11-22"):
        assert (await call("GET", f"{path}?{query}"))[0] == 422, query
    assert (await call("GET", path, "partner"))[0] == 403
    headers = {"Authorization": "Bearer admin", "Accept": "text/csv"}
    async with client.get(path, headers=headers) as answer:
        assert (answer.status, answer.content_type) == (200, "text/csv")


async def test_the_calendar_and_the_end_of_an_order(call: Call, memory: MemoryGateway) -> None:
    """ORD-18: what is not settled is not closed."""
    body = {"partner": "NORDHAUS", "buyer_reference": "PO-9", "lines": [{"sku": "LAMP-001", "quantity": "1"}]}
    _, order = await call("POST", "/api/v1/orders", json=body)
    number = order["number"]
    status, told = await call("GET", f"/api/v1/orders/{number}/phases", "partner")
    assert (status, told["phases"][0]["phase"]) == (200, "create")
    assert (await call("GET", f"/api/v1/orders/{number}/phases", "other"))[0] == 404
    status, problem = await call("POST", f"/api/v1/orders/{number}/archive", json={})
    assert (status, problem["code"]) == (409, "state.conflict")
    memory.orders_by_number[number]["state"] = "settled"
    status, order = await call("POST", f"/api/v1/orders/{number}/archive", json={"reason": "done"})
    assert (status, order["state"]) == (200, "archived")
    assert (await call("POST", f"/api/v1/orders/{number}/archive", "partner", json={}))[0] == 403


async def test_a_payment_is_taken_back_by_its_reference(call: Call, memory: MemoryGateway) -> None:
    body = {"partner": "NORDHAUS", "reference": "B-1", "reason": "no funds"}
    assert (await call("POST", "/api/v1/payments/reverse", json=body))[0] == 404
    assert (await call("POST", "/api/v1/payments/reverse", "partner", json=body))[0] == 403
    assert (await call("POST", "/api/v1/payments/reverse", json={"partner": "NORDHAUS"}))[0] == 422
