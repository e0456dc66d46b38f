"""Keys and refused calls in memory, for tests of pages and clients."""

from __future__ import annotations

from collections.abc import Sequence

from core.errors import NotFound
from gateway.web.access_port import Refused
from gateway.web.ports import Json
from gateway.web.testing_pages import page


class MemoryAccessDesk:
    """Keeps what it is told; a test puts ``all_keys`` in."""

    def __init__(self) -> None:
        self.all_keys: list[Json] = []
        self.counted: list[Refused] = []

    def keys(self, *, cursor: str | None, limit: int) -> Json:
        """Return a page of the keys."""
        return page(self.all_keys, cursor, limit)

    def revoke(self, prefix: str, *, actor: str) -> Json:
        """Close a key."""
        del actor
        for key in self.all_keys:
            if key["prefix"] == prefix:
                key["state"] = "revoked"
                return key
        raise NotFound(f"there is no key {prefix!r}")

    def refused(self, *, cursor: str | None, limit: int) -> Json:
        """Return what was counted and is kept, each as if in one hour."""
        at = "2025-11-22T08:00:00.000000Z"
        times = {"hour": at, "first_at": at, "last_at": at}
        kept = [each._asdict() for each in self.counted if each.kept]
        return page([{**times, **{name: row[name] for name in row if name != "kept"}} for row in kept], cursor, limit)

    def count(self, refused: Sequence[Refused]) -> None:
        """Keep what was refused."""
        self.counted += refused
