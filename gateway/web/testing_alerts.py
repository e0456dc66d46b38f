"""A desk of alerts in memory for tests of pages and clients; nobody is told."""

from __future__ import annotations

from typing import Any

from core.errors import Conflict, NotFound

Json = dict[str, Any]


class MemoryAlertDesk:
    """Keeps the alerts and sinks that a test puts in."""

    def __init__(self) -> None:
        self.kept: list[Json] = []
        self.kept_sinks: list[Json] = []

    def alerts(
        self, *, state: str | None, kind: str | None, partner: str | None, cursor: str | None, limit: int
    ) -> Json:
        """Return those that fit: always the whole, for *cursor* is never given out."""
        assert cursor is None
        fitting = [
            one
            for one in self.kept
            if state in (None, one["state"])
            and (kind is None or one["kind"].startswith(kind))
            and partner in (None, one["partner"])
        ]
        return {"items": fitting[:limit], "next": None}

    def close(self, alert_id: int, *, reason: str, actor: str) -> Json:
        """Close it."""
        found = next((one for one in self.kept if one["id"] == str(alert_id)), None)
        if found is None:
            raise NotFound(f"there is no alert {alert_id}")
        if found["state"] == "closed":
            raise Conflict(f"alert {alert_id} is closed already")
        found.update(state="closed", closed_at=found["last_seen_at"], closed_by=actor, close_reason=reason)
        return found

    def sinks(self) -> Json:
        """Return what was put in."""
        return {"items": self.kept_sinks, "next": None}

    def test_sink(self, name: str) -> Json:
        """Tell that it was told."""
        if name not in {one["name"] for one in self.kept_sinks}:
            raise NotFound(f"there is no alert sink {name}")
        return {"sink": name, "message": "1"}
