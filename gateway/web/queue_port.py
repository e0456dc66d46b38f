"""What the web needs of the desk of the queue, :class:`gateway.queue.QueueDesk`; every method blocks."""

from __future__ import annotations

from typing import Any, Protocol

from core.review.priority import OpenState

Json = dict[str, Any]


class QueueDesk(Protocol):
    """Tells what is to be done next, and the way of each type of order."""

    def queue(self, *, state: OpenState | None = None, cursor: str | None = None, limit: int = 50) -> Json:
        """Return a page of open orders by score, promised date and number, with the parts of each score.

        Raises:
            ValueRefused: the cursor is not of this list.
        """
        ...

    def flows(self) -> Json:
        """Return the flow of each order type under the rules in force, and their version."""
        ...
