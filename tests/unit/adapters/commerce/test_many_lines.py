"""Orders of many lines: webhooks have up to 4 MB, and while one is read others wait (issue 5, part 3)."""

from __future__ import annotations

import json
import time
from typing import Any

from adapters.commerce.shopify.adapter import ADAPTER
from core.storefront import HookDelivery, StoreAccess

LINE: dict[str, Any] = {
    "sku": "NL-1001", "name": "Cup", "price": "9.99", "quantity": 2,
    "discount_allocations": [{"amount": "1.00", "discount_application_index": 0}],
}  # fmt: skip


def seconds(lines: int) -> float:
    body = {
        "id": 1, "name": "#1", "currency": "EUR", "created_at": "2026-03-02T08:00:00Z",
        "discount_applications": [{"code": "TEN", "type": "discount_code"}],
        "line_items": [LINE | {"id": number} for number in range(1, lines + 1)],
    }  # fmt: skip
    content = json.dumps(body).encode()
    began = time.process_time()
    read = ADAPTER.read(HookDelivery("1", "orders/create", None), content, StoreAccess("main", (), {}))
    taken = time.process_time() - began
    assert read.event is not None
    assert read.event.order is not None
    assert len(read.event.order.order.lines) == lines
    return taken


def test_they_take_time_by_their_number_alone() -> None:
    assert seconds(3_200) < 20 * min(seconds(400) for _ in range(2))
