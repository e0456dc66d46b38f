"""What the web needs of the desk of alerts, :class:`gateway.alerts.AlertDesk`; it blocks."""

from __future__ import annotations

from typing import Any, Protocol

Json = dict[str, Any]


class AlertDesk(Protocol):
    """Alerts, and who is told of them. All of it is the house's."""

    def alerts(
        self, *, state: str | None, kind: str | None, partner: str | None, cursor: str | None, limit: int
    ) -> Json:
        """Return a page of alerts, the latest opened first; *kind* is the beginning of their kind."""
        ...

    def close(self, alert_id: int, *, reason: str, actor: str) -> Json:
        """Close an alert that a person has seen to, and return it.

        Raises:
            NotFound: there is none.
            Conflict: it is closed already.
        """
        ...

    def sinks(self) -> Json:
        """Return who is told of alerts, without secrets."""
        ...

    def test_sink(self, name: str) -> Json:
        """Queue a message to a sink, also in its quiet hours.

        Raises:
            NotFound: there is no such sink.
        """
        ...
