"""Changes of orders in memory: noted, not made; those that are told are put there by a test."""

from __future__ import annotations

from typing import Any

from core.documents import OrderChange
from core.errors import NotFound
from gateway.web.ports import Json


def note_change(memory: Any, content: bytes, document: OrderChange, *, number: str, **how: Any) -> Json:
    """Note in ``acts`` of a ``MemoryGateway`` what was to be changed; return the order as it is."""
    memory.acts.append(("change_order", {"content": content, "document": document, "number": number, **how}))
    order: Json = memory.order(None, number, how["partner"])
    return order


class MemoryChanges:
    """Tells ``changes_by_number``: detailed changes, by the number of their order."""

    def __init__(self) -> None:
        self.changes_by_number: dict[str, list[Json]] = {}

    def changes(self, tx: Any, number: str, partner: str | None = None) -> Json:
        """Return the changes of an order without their evidence."""
        tx.order(None, number, partner)
        evidence = ("asked", "stood", "documents")
        told = self.changes_by_number.get(number, [])
        return {"items": [{k: v for k, v in one.items() if k not in evidence} for one in told], "next": None}

    def change(self, tx: Any, number: str, change_id: str, partner: str | None = None) -> Json:
        """Return one change."""
        tx.order(None, number, partner)
        for one in self.changes_by_number.get(number, ()):
            if one["id"] == change_id:
                return one
        raise NotFound(f"{number} has no change {change_id}")
