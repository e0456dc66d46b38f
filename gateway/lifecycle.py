"""The desk of an order's life: its phases by the calendar, and its end in the archive."""

from __future__ import annotations

from typing import Any

from core.clock import Clock
from core.ordering.closing import archive_order
from core.reporting import views
from core.reporting.phases import phases
from core.store.engine import Store
from gateway.credit import Act

Json = dict[str, Any]


class LifeCycleDesk:
    """See ``gateway.web.lifecycle_port.LifeCycleDesk`` for what each method promises."""

    def __init__(self, store: Store, clock: Clock, act: Act) -> None:
        self._store = store
        self._clock = clock
        self._act = act

    def phases(self, number: str, *, partner: str | None = None) -> Json:
        """Return the phases of an order."""
        now = self._clock.now()
        return self._store.read(lambda tx: phases(tx, number, now, partner))

    def archive(self, number: str, *, actor: str, reason: str) -> Json:
        """Close an order."""
        now = self._clock.now()
        self._act(lambda tx: archive_order(tx, number, actor=actor[:100], reason=reason, now=now))
        return self._store.read(lambda tx: views.order(tx, number))
