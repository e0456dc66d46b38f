from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from core.documents import OrderLine
from core.notices import watch
from core.store import notices, timers
from core.store.engine import Store, Tx
from core.store.lookup import MasterCache, partner_by_id
from core.store.master import partner_codes
from core.testing.trade import MONDAY, Trade, an_order, place


def preference(event: str, channel: str, *to: str, **more: Any) -> dict[str, Any]:
    return {
        "partner": "ACME", "ordinal": 0, "event": event, "channel": channel, "to": list(to), "cc": [], "language": "",
        "template": "",
    } | more  # fmt: skip


class NoticeDesk:
    """A trade with a partner that has no EDI agreement, its notices, and a clock that a test moves."""

    def __init__(self, store: Store, trade: Trade | None = None) -> None:
        self.store = store
        self.now = MONDAY
        self.cache = MasterCache()
        store.write((trade or Trade(edi=[])).load)

    def place(self, *references: str, lines: Sequence[OrderLine] = ()) -> list[int]:
        """Place clean orders for the Monday after and return their ids."""

        def work(tx: Tx) -> list[int]:
            orders = [an_order(reference, *lines) for reference in references]
            placed = place(tx, orders, now=self.now, channel="SR", respond="none")
            return [one.order_id for one in placed]

        return self.store.write(work)

    def told(self, order_id: int) -> list[str]:
        """Return the notices of an order, oldest first."""
        return [row["notice"] for row in self.rows(order_id)]

    def rows(self, order_id: int) -> list[dict[str, Any]]:
        return self.store.read(lambda tx: notices.of_order(tx, order_id))

    def due(self) -> list[datetime]:
        """Return when the timers of notices are due."""

        def work(tx: Tx) -> list[datetime]:
            return [timer.due_at for timer in timers.due(tx, self.now + timedelta(days=400), watch.KINDS, 100)]

        return self.store.read(work)

    def pass_until(self, moment: datetime) -> int:
        """Let time pass, fire what falls due and return how often something was told."""
        self.now = moment
        fired = 0
        while due := self.store.read(lambda tx: timers.due(tx, self.now, watch.KINDS, 10)):
            fired += sum(self.fire(timer) for timer in due)
        return fired

    def fire(self, timer: timers.Timer) -> bool:
        return self.store.write(lambda tx: watch.fire(tx, self.cache, timer, self.now))

    def act(self, work: Callable[[Tx], Any]) -> Any:
        return self.store.write(work)

    def partner(self, code: str = "ACME") -> Any:
        return self.store.read(lambda tx: partner_by_id(tx, MasterCache(), partner_codes(tx)[code]))


@pytest.fixture
def desk(store: Store) -> NoticeDesk:
    return NoticeDesk(store)


@pytest.fixture
def each_desk(each_store: Store) -> NoticeDesk:
    return NoticeDesk(each_store)
