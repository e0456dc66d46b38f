"""``POST /orders/{number}/changes``: what it takes, what it refuses before anybody looks at the order."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any

import pytest

from core.documents import ChangedLine, ChangeFunction, LineAction, OrderChange, Party
from gateway.web.testing import MemoryGateway

Call = Callable[..., Awaitable[tuple[int, Any]]]
PATH = "/api/v1/orders/2025-SR-000001/changes"
ORDER: dict[str, Any] = {"partner": "NORDHAUS", "buyer_reference": "PO-1", "lines": [{"sku": "A", "quantity": "24"}]}


@pytest.fixture(autouse=True)
async def _placed(call: Call) -> None:
    await call("POST", "/api/v1/orders", "submit", json=ORDER)


async def test_the_body_is_the_change_that_an_ordchg_says(call: Call, memory: MemoryGateway) -> None:
    """CHG-01: a file and the API give the same change."""
    body = {
        "reference": "CHG-7", "reason": "less sold", "requested_date": "2025-12-01",
        "ship_to": {"gln": "5790000000012"},
        "lines": [
            {"line": 1, "quantity": "12"},
            {"line": 2, "action": "delete"},
            {"line": 3, "action": "add", "gtin": "40123455", "quantity": "1.5", "unit": "KGM", "price": "2.00"},
        ],
    }  # fmt: skip
    status, order = await call("POST", PATH, "submit", json=body, headers={"Idempotency-Key": "k-7"})
    assert (status, order["number"]) == (200, "2025-SR-000001")
    act, asked = memory.acts[-1]
    assert (act, asked["number"], asked["idempotency_key"], asked["reason"]) == (
        "change_order", "2025-SR-000001", "k-7", "less sold",
    )  # fmt: skip
    change = asked["document"]
    assert isinstance(change, OrderChange)
    assert (change.number, change.function, str(change.requested_date)) == (
        "CHG-7",
        ChangeFunction.CHANGE,
        "2025-12-01",
    )
    assert change.ship_to == Party("DP", gln="5790000000012")
    assert change.lines == (
        ChangedLine(1, LineAction.CHANGE, Decimal(12)),
        ChangedLine(2, LineAction.DELETE),
        ChangedLine(3, LineAction.ADD, Decimal("1.5"), gtin="40123455", unit="KGM", price=Decimal(2)),
    )


async def test_a_cancellation_needs_no_lines(call: Call, memory: MemoryGateway) -> None:
    status, _ = await call("POST", PATH, "submit", json={"function": "cancel"})
    assert (status, memory.acts[-1][1]["document"].function) == (200, ChangeFunction.CANCEL)


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, ""),
        ({"function": "replace"}, ""),
        ({"function": "replace", "lines": [{"line": 1, "quantity": "2"}]}, ""),
        ({"function": "undo"}, "/function"),
        ({"lines": [{"line": 1, "quantity": "2"}, {"line": 1, "action": "delete"}]}, ""),
        ({"lines": [{"line": 0, "quantity": "2"}]}, "/lines/0/line"),
        ({"lines": [{"line": 1, "quantity": "-1"}]}, "/lines/0/quantity"),
        ({"lines": [{"line": 1, "quantity": "1000000001"}]}, "/lines/0/quantity"),
        ({"lines": [{"line": 1, "price": "-0.01"}]}, "/lines/0/price"),
        ({"lines": [{"line": 1, "action": "add", "quantity": "1"}]}, "/lines/0"),
        ({"lines": [{"line": 1, "action": "add", "sku": "A"}]}, "/lines/0"),
        ({"lines": [{"line": 1, "sku": "A", "gtin": "40123455"}]}, "/lines/0"),
    ],
)
async def test_what_no_order_could_be_changed_by_is_refused(call: Call, body: dict[str, Any], pointer: str) -> None:
    status, problem = await call("POST", PATH, "submit", json=body)
    assert (status, problem["code"]) == (422, "validation.failed")
    assert [violation["pointer"] for violation in problem["violations"]] == [pointer]


async def test_boundaries_of_a_quantity(call: Call) -> None:
    """0 deletes a line and 10^9 is the most, both are taken."""
    for quantity in ("0", "1000000000"):
        status, _ = await call("POST", PATH, "submit", json={"lines": [{"line": 1, "quantity": quantity}]})
        assert status == 200


async def test_changes_are_listed_and_told_one_by_one(call: Call, memory: MemoryGateway) -> None:
    """CHG-02: the list without evidence, one change with it; 404 for what is not there."""
    brief = {
        "id": "7", "number": "2025-SR-000001", "reference": "CHG-7", "function": "change", "state": "confirmed",
        "revision": 2, "dated": None, "at": "2025-11-03T09:00:00Z", "actor": "partner:NORDHAUS", "reason": "",
        "document_id": "6",
        "impact": {
            "total": {"before": "24.00", "after": "12.00"},
            "promised_date": {"before": "2025-11-10", "after": "2025-11-10"},
            "lines": [1],
            "differences": [{"field": "lines.1.quantity", "before": "24", "after": "12"}],
        },
    }  # fmt: skip
    memory.changes_by_number["2025-SR-000001"] = [{**brief, "asked": {}, "stood": {}, "documents": []}]
    assert await call("GET", PATH, "read") == (200, {"items": [brief], "next": None})
    status, detail = await call("GET", f"{PATH}/7", "read")
    assert (status, detail["documents"], brief.items() <= detail.items()) == (200, [], True)
    for path in (f"{PATH}/8", "/api/v1/orders/2025-SR-000009/changes"):
        status, problem = await call("GET", path, "read")
        assert (status, problem["code"]) == (404, "not_found")
