"""A door of webhooks and a desk of what they delivered, in memory, for tests of the web."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.errors import Conflict, NotFound, SignatureRefused
from gateway.web.shop_port import Taken

Json = dict[str, Any]


class MemoryHookDoor:
    """Keeps what a header ``x-signed`` vouches for, once by its body."""

    def __init__(self) -> None:
        self.kept: list[tuple[str, str, bytes]] = []

    async def take(self, platform: str, store: str, headers: Mapping[str, str], body: bytes) -> Taken:
        """Keep it."""
        if "x-signed" not in headers:
            raise SignatureRefused
        if (platform, store, body) in self.kept:
            return "repeated"
        self.kept.append((platform, store, body))
        return "kept"


class MemoryDeliveryDesk:
    """Has one delivery, which failed."""

    def __init__(self) -> None:
        self.kept: Json = {
            "id": "1",
            "platform": "shopify",
            "store": "main",
            "delivery_id": "d-1",
            "topic": "orders/create",
            "state": "failed",
            "shop_id": "41",
            "received_at": "2026-03-02T08:00:00.000000Z",
            "attempts": 0,
            "due_at": None,
            "bytes": 2,
            "sha256": "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
            "document_id": None,
            "effect": None,
            "problem": {"code": "shop.value_missing", "message": "/id is missing"},
        }

    def deliveries(self, *, state: str | None, store: str | None, cursor: str | None, limit: int) -> Json:
        """Return it, where it is asked for."""
        assert cursor is None
        found = [self.kept] if state in (None, self.kept["state"]) and store in (None, self.kept["store"]) else []
        return {"items": found[:limit], "next": None}

    def delivery(self, delivery_id: str) -> Json:
        """Return it."""
        if delivery_id != self.kept["id"]:
            raise NotFound(f"there is no delivery {delivery_id}")
        return self.kept

    def retry(self, delivery_id: str, *, actor: str, reason: str) -> Json:
        """Queue it, once."""
        if self.delivery(delivery_id)["state"] != "failed":
            raise Conflict(f"{actor} asked before: {reason}")
        self.kept = {**self.kept, "state": "queued", "problem": None}
        return self.kept
