"""A desk of an order's life in memory for tests of pages and clients."""

from __future__ import annotations

from typing import Any

from core.errors import Conflict, NotFound

Json = dict[str, Any]


class MemoryLifeCycleDesk:
    """Knows the ``orders`` of its gateway; those that are settled can be archived."""

    def __init__(self, orders: dict[str, Json]) -> None:
        self.orders = orders

    def phases(self, number: str, *, partner: str | None = None) -> Json:
        """Return an order that was created and is in review."""
        order = self._order(number, partner)
        at = "2025-11-22T08:15:02.000000Z"
        return {
            "number": number,
            "type": order["type"],
            "phase": "review",
            "rule_version": "1",
            "phases": [{"phase": "create", "due_at": at, "ended_at": at, "late": False}],
        }

    def archive(self, number: str, *, actor: str, reason: str) -> Json:
        """Close a settled order."""
        del actor, reason
        order = self._order(number, None)
        if order["state"] != "settled":
            raise Conflict(f"{number} is {order['state']}", inputs={"state": order["state"]})
        order["state"] = "archived"
        return order

    def _order(self, number: str, partner: str | None) -> Json:
        order = self.orders.get(number)
        if order is None or partner not in (None, order["partner"]):
            raise NotFound(f"there is no order {number}")
        return order
