"""The desk of the queue: what is to be done next, and the way of each type of order."""

from __future__ import annotations

from typing import Any

from core.clock import Clock
from core.ordering.flows import flows
from core.reporting.queue import queue
from core.review.priority import OpenState
from core.store.engine import Store
from core.store.rulebooks import rules_in_force

Json = dict[str, Any]


class QueueDesk:
    """See ``gateway.web.queue_port.QueueDesk`` for what each method promises."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def queue(self, *, state: OpenState | None = None, cursor: str | None = None, limit: int = 50) -> Json:
        """Return a page of open orders by priority."""
        now = self._clock.now()
        return self._store.read(lambda tx: queue(tx, now=now, state=state, cursor=cursor, limit=limit))

    def flows(self) -> Json:
        """Return the flow of each order type under the rules in force."""
        rules = self._store.read(rules_in_force)
        return {"rule_version": str(rules.version), "flows": flows(rules.book)}
