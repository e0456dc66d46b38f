"""A desk of the queue in memory for tests of pages and clients."""

from __future__ import annotations

from typing import Any

from core.ordering.flows import flows
from core.review.priority import OpenState
from core.review.rulebook import FIRST_VERSION, Rulebook
from gateway.web.testing_pages import page

Json = dict[str, Any]


class MemoryQueueDesk:
    """Answers with ``waiting`` in the sequence in which it is given, and with the default flows."""

    def __init__(self) -> None:
        self.waiting: list[Json] = []

    def queue(self, *, state: OpenState | None = None, cursor: str | None = None, limit: int = 50) -> Json:
        """Return ``waiting``."""
        return page([one for one in self.waiting if state in (None, one["state"])], cursor, limit)

    def flows(self) -> Json:
        """Return the flows under the default rules."""
        return {"rule_version": str(FIRST_VERSION), "flows": flows(Rulebook())}
