"""The desk of alerts, for API and command line; and what tells sinks of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from core.alerts import tell
from core.clock import Clock
from core.errors import NotFound
from core.reporting import cursor as cursors
from core.store import alerts
from core.store.engine import Store
from gateway.alert_settings import AlertSinkSettings

Json = dict[str, Any]


class AlertDesk:
    """See ``gateway.web.alerts_port.AlertDesk`` for what each method promises."""

    def __init__(
        self, store: Store, clock: Clock, sinks: Sequence[AlertSinkSettings], on_commit: Callable[[], None]
    ) -> None:
        self._store = store
        self._clock = clock
        self._settings = {one.name: one for one in sinks}
        self._sinks = [one.sink for one in sinks]
        self._on_commit = on_commit

    def run_due(self) -> int:
        """Tell sinks what is due; return how many messages were queued. Without sinks there is nothing to tell."""
        now = self._clock.now()
        if not self._sinks or not self._store.read(lambda tx: tell.is_due(tx, now)):
            return 0  # most looks end here and cost no write
        return self._store.write(lambda tx: tell.tell_news(tx, self._sinks, now))

    def alerts(
        self, *, state: str | None, kind: str | None, partner: str | None, cursor: str | None, limit: int
    ) -> Json:
        """Return a page of alerts."""
        key = cursors.decode(cursor, int)
        read = self._store.read(
            lambda tx: alerts.found(
                tx,
                is_open=None if state is None else state == "open",
                kinds=kind,
                partner=partner,
                before=key[0] if key else None,
                limit=limit + 1,
            )
        )
        found, more = cursors.page(read, limit)
        items = [tell.alert_as_told(row) for row in found]
        return {"items": items, "next": cursors.encode(found[-1]["id"]) if more else None}

    def close(self, alert_id: int, *, reason: str, actor: str) -> Json:
        """Close one."""
        now = self._clock.now()
        row = self._store.write(lambda tx: alerts.close_by_hand(tx, alert_id, by=actor, reason=reason, at=now))
        self._on_commit()
        return tell.alert_as_told(row)

    def sinks(self) -> Json:
        """Return the sinks of the settings."""
        return {"items": [_shown(one) for one in self._settings.values()], "next": None}

    def test_sink(self, name: str) -> Json:
        """Queue a message that tells of nothing."""
        if name not in self._settings:
            raise NotFound(f"there is no alert sink {name}", hint="[[alert_sinks]] of the settings says who there is.")
        sink, now = self._settings[name].sink, self._clock.now()
        message = self._store.write(lambda tx: tell.tell_test(tx, sink, now))
        self._on_commit()
        return {"sink": name, "message": str(message)}


def _shown(one: AlertSinkSettings) -> Json:
    """Return a sink without its secret."""
    return {
        "name": one.name,
        "kind": one.kind,
        "to": list(one.to),
        "url": one.url or None,
        "causes": list(one.causes),
        "partners": list(one.partners),
        "quiet_from": one.quiet_from,
        "quiet_until": one.quiet_until,
        "timezone": one.timezone,
        "urgent": list(one.urgent),
        "again_hours": one.again_hours,
    }
