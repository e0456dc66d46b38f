"""A desk of shop news in memory, for tests of clients."""

from __future__ import annotations

from typing import Any

from core.errors import Conflict, NotFound

Json = dict[str, Any]


class MemoryShopNewsDesk:
    """Has one piece of news, which was given up."""

    def __init__(self) -> None:
        self.kept: Json = {
            "id": "1",
            "platform": "shopify",
            "store": "main",
            "shop_id": "41",
            "order": "2026-EC-000001",
            "kind": "shipped",
            "reference": "2026-EC-000001/6",
            "lines": [{"line_id": "501", "quantity": "10"}],
            "carrier": "DHL",
            "tracking_number": "TRK-1",
            "shipments": [],
            "reason": None,
            "state": "dead",
            "attempts": 4,
            "due_at": None,
            "created_at": "2026-03-02T08:00:00.000000Z",
            "told_at": None,
            "last_error": "answered 404",
        }

    def news(self, *, state: str | None, order: str | None, cursor: str | None, limit: int) -> Json:
        """Return it, where it is asked for."""
        assert cursor is None
        asked = state in (None, self.kept["state"]) and order in (None, self.kept["order"])
        return {"items": [self.kept][:limit] if asked else [], "next": None}

    def retry(self, news_id: str, *, actor: str, reason: str) -> Json:
        """Queue it, once."""
        if news_id != self.kept["id"]:
            raise NotFound(f"there is no shop news {news_id}")
        if self.kept["state"] != "dead":
            raise Conflict(f"{actor} asked before: {reason}")
        self.kept = {**self.kept, "state": "queued", "attempts": 0, "due_at": self.kept["created_at"]}
        return self.kept
