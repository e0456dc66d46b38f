"""What the web reads of changes of orders, ``core.reporting.changes``."""

from __future__ import annotations

from typing import Any, Protocol

Json = dict[str, Any]


class ChangeViews(Protocol):
    """The changes that were asked of an order."""

    def changes(self, tx: Any, number: str, partner: str | None = None) -> Json:
        """Return every change of an order, oldest first."""
        ...

    def change(self, tx: Any, number: str, change_id: str, partner: str | None = None) -> Json:
        """Return one change with what was asked, how the order stood before, and its documents.

        Raises:
            NotFound: the order has no such change, or is not *partner*'s.
        """
        ...
