"""What the web needs of the desk of an order's life, :class:`gateway.lifecycle.LifeCycleDesk`; every method blocks."""

from __future__ import annotations

from typing import Any, Protocol

Json = dict[str, Any]


class LifeCycleDesk(Protocol):
    """Tells how far an order has come by its calendar, and closes it."""

    def phases(self, number: str, *, partner: str | None = None) -> Json:
        """Return the phases of an order, each with when it is due and when it ended.

        Raises:
            NotFound: no such order, or not *partner*'s.
        """
        ...

    def archive(self, number: str, *, actor: str, reason: str) -> Json:
        """Close an order for good and return it.

        Raises:
            NotFound: no such order.
            Conflict: it is not delivered, billed and paid, or something of it is open.
        """
        ...
