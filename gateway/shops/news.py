"""What shops are told: listed, and told again after it was given up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import structlog

from core.clock import Clock
from core.errors import Conflict
from core.reporting import shop_news as views
from core.store import orders as order_rows
from core.store import shop_news as rows
from core.store.engine import Store, Tx

Json = dict[str, Any]
_log = structlog.get_logger(__name__)


class ShopNewsDesk:
    """See ``gateway.web.shop_news_port.ShopNewsDesk`` for what each method promises."""

    def __init__(self, store: Store, clock: Clock, on_commit: Callable[[], None]) -> None:
        self._store = store
        self._clock = clock
        self._on_commit = on_commit

    def news(self, *, state: str | None, order: str | None, cursor: str | None, limit: int) -> Json:
        """Return a page of news, the latest first."""
        return self._store.read(lambda tx: views.shop_news(tx, state=state, order=order, cursor=cursor, limit=limit))

    def retry(self, news_id: str, *, actor: str, reason: str) -> Json:
        """Queue once more what was given up, or had no place."""

        def work(tx: Tx) -> Json:
            row = rows.news_row(tx, int(news_id))
            if not rows.queue_again(tx, row.id, self._clock.now()):
                raise Conflict(
                    f"the news {row.id} are {row.state}",
                    hint="Only what was given up, or had no place, is told again.",
                    inputs={"state": row.state},
                )
            number = str(order_rows.by_id(tx, row.order_id)["number"])
            return views.news_json(rows.news_row(tx, row.id), number)

        queued = self._store.write(work)
        _log.info("a shop is told again", news=news_id, actor=actor, reason=reason)
        self._on_commit()
        return queued
