"""Changes of orders in memory: noted, not made."""

from __future__ import annotations

from typing import Any

from core.documents import OrderChange
from gateway.web.ports import Json


def note_change(memory: Any, content: bytes, document: OrderChange, *, number: str, **how: Any) -> Json:
    """Note in ``acts`` of a ``MemoryGateway`` what was to be changed; return the order as it is."""
    memory.acts.append(("change_order", {"content": content, "document": document, "number": number, **how}))
    order: Json = memory.order(None, number, how["partner"])
    return order
