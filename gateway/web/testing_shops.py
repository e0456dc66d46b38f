"""A door of webhooks in memory, for tests of the web."""

from __future__ import annotations

from collections.abc import Mapping

from core.errors import SignatureRefused
from gateway.web.shop_port import Taken


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
