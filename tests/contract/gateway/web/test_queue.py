"""The queue and the flows over HTTP (EXE-01, ORD-07, ORD-12)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from gateway.web.testing import MemoryGateway

Call = Callable[..., Awaitable[tuple[int, Any]]]

LINES = [{"sku": "LAMP-001", "quantity": "1"}]


def waiting(number: str, state: str, score: int) -> dict[str, Any]:
    return {
        "position": 1,
        "class": {"type": "standard", "grade": "A", "region": "DE-BE"},
        "number": number,
        "partner": "NORDHAUS",
        "type": "standard",
        "state": state,
        "promised_date": None,
        "score": score,
        "parts": [{"name": "type", "points": score, "why": "the order is of the type standard"}],
        "rule": "priority.score",
        "rule_version": "1",
        "ranked_at": None,
    }


@pytest.fixture(autouse=True)
def queued(memory: MemoryGateway) -> None:
    memory.queue_desk.waiting = [waiting("2026-ED-000002", "released", 80), waiting("2026-ED-000001", "confirmed", 50)]


async def test_the_queue_shows_each_score_with_its_parts(call: Call) -> None:
    """EXE-01: GET /queue sorted by score with breakdown."""
    status, found = await call("GET", "/api/v1/queue?limit=1")
    assert (status, found["items"][0]["score"], found["items"][0]["parts"][0]["points"]) == (200, 80, 80)
    _, rest = await call("GET", f"/api/v1/queue?limit=1&cursor={found['next']}")
    assert ([one["number"] for one in rest["items"]], rest["next"]) == (["2026-ED-000001"], None)
    _, found = await call("GET", "/api/v1/queue?state=confirmed")
    assert [one["number"] for one in found["items"]] == ["2026-ED-000001"]


@pytest.mark.parametrize("query", ["state=shipped", "limit=0", "limit=501", "cursor=%20"])
async def test_what_the_queue_does_not_know_is_refused(call: Call, query: str) -> None:
    assert (await call("GET", f"/api/v1/queue?{query}"))[0] == 422


async def test_the_queue_is_the_houses(call: Call) -> None:
    assert (await call("GET", "/api/v1/queue", "partner"))[0] == 403
    assert (await call("GET", "/api/v1/queue", None))[0] == 401


async def test_the_flow_of_each_type_is_told_to_all_who_may_read(call: Call) -> None:
    """ORD-12: GET /flows shows steps per type."""
    for key in ("admin", "partner"):
        status, found = await call("GET", "/api/v1/flows", key)
        assert status == 200
        assert [flow["type"] for flow in found["flows"]] == ["standard", "urgent", "pre_order", "sample"]
        assert all(flow["steps"][0]["step"] == "receive" for flow in found["flows"])


@pytest.mark.parametrize("order_type", ["standard", "urgent", "pre_order", "sample"])
async def test_every_type_of_order_is_taken(call: Call, order_type: str) -> None:
    """ORD-07."""
    body = {"partner": "NORDHAUS", "buyer_reference": "PO-7", "type": order_type, "lines": LINES}
    status, _ = await call("POST", "/api/v1/orders", json=body)
    assert status == 201


@pytest.mark.parametrize("order_type", ["", "rush", "exchange", "Standard", None, 1])
async def test_other_types_are_refused_with_their_place(call: Call, order_type: Any) -> None:
    """ORD-07: other values 422."""
    body = {"partner": "NORDHAUS", "buyer_reference": "PO-7", "type": order_type, "lines": LINES}
    status, problem = await call("POST", "/api/v1/orders", json=body)
    assert (status, [fault["pointer"] for fault in problem["violations"]]) == (422, ["/type"])
