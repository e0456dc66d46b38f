"""What stores delivered and what became of it: listed, looked at, and tried again by a person."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import structlog

from core.clock import Clock
from core.errors import Conflict
from core.reporting import shops as views
from core.store import shops as rows
from core.store.engine import Store, Tx

Json = dict[str, Any]
_log = structlog.get_logger(__name__)


class DeliveryDesk:
    """See ``gateway.web.shop_port.DeliveryDesk`` for what each method promises."""

    def __init__(self, store: Store, clock: Clock, on_commit: Callable[[], None]) -> None:
        self._store = store
        self._clock = clock
        self._on_commit = on_commit

    def deliveries(self, *, state: str | None, store: str | None, cursor: str | None, limit: int) -> Json:
        """Return a page of deliveries, the latest first."""
        return self._store.read(
            lambda tx: views.shop_deliveries(tx, state=state, store=store, cursor=cursor, limit=limit)
        )

    def delivery(self, delivery_id: str) -> Json:
        """Return one."""
        return self._store.read(lambda tx: views.shop_delivery(tx, int(delivery_id)))

    def retry(self, delivery_id: str, *, actor: str, reason: str) -> Json:
        """Work on one again that failed, or was passed over."""

        def work(tx: Tx) -> Json:
            wanted = rows.delivery(tx, int(delivery_id))
            if not rows.queue_again(tx, wanted.id, self._clock.now()):
                raise Conflict(
                    f"delivery {wanted.id} is {wanted.state}",
                    hint="Only one that failed or was passed over is worked on again.",
                    inputs={"state": wanted.state},
                )
            return views.shop_delivery(tx, wanted.id)

        queued = self._store.write(work)
        _log.info("a shop's delivery is worked on again", delivery=delivery_id, actor=actor, reason=reason)
        self._on_commit()
        return queued
