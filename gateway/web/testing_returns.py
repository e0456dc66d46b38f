"""A desk of returns in memory for tests of pages and clients; it authorises whatever is asked of an order it knows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from core.clock import iso
from core.errors import NotFound
from core.returns.request import ReturnRequest
from core.values import text
from gateway.web.testing_pages import page

Json = dict[str, Any]


class MemoryReturnDesk:
    """Keeps what is asked of ``orders``."""

    def __init__(self, now: datetime, orders: dict[str, Json]) -> None:
        self.now = now
        self.orders = orders
        self.kept: list[Json] = []

    def request_return(self, asked: ReturnRequest, *, partner: str | None, actor: str) -> Json:
        """Keep a request."""
        order = self.orders.get(asked.order)
        if order is None or partner not in (None, order["partner"]):
            raise NotFound(f"there is no order {asked.order}")
        made = {
            "number": f"RMA-{self.now.year}-{len(self.kept) + 1:06d}",
            "order": asked.order,
            "partner": order["partner"],
            "state": "authorised",
            "reason": asked.reason,
            "words": asked.words,
            "lines": [{"line": line, "quantity": text(part)} for line, part in asked.lines.items()],
            "requested_by": actor,
            "requested_at": iso(self.now),
            "decided_by": "rule:returns.days",
            "because": "delivered 0 days ago, within 30 days",
            "rule_version": "1",
        }
        self.kept.insert(0, made)
        return made

    def rma(self, number: str, *, partner: str | None = None) -> Json:
        """Return one of them."""
        found = next((one for one in self.kept if one["number"] == number), None)
        if found is None or partner not in (None, found["partner"]):
            raise NotFound(f"there is no return {number}")
        return found

    def rmas(
        self,
        *,
        order: str | None = None,
        partner: str | None = None,
        state: str | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Json:
        """Return those that fit."""
        wanted = {"order": order, "partner": partner, "state": state}
        fitting = [one for one in self.kept if all(value in (None, one[name]) for name, value in wanted.items())]
        return page(fitting, cursor, limit)
