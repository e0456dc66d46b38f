"""The state of an order as the sum of its events (invariant 5): what the rows say must be what was told (ORD-17)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from core.ordering.states import roll_up

#: events that move the goods' axis, and where to
_LEADS_TO: Final = MappingProxyType(
    {
        "order.received": "received",
        "order.checked": "in_review",
        "order.held": "in_review",
        "order.confirmed": "confirmed",
        "order.declined": "declined",
        "order.released": "released",
        "order.picking": "picking",
        "order.packed": "packed",
        "order.part_shipped": "part_shipped",
        "order.shipped": "shipped",
        "order.in_transit": "in_transit",
        "order.delivered": "delivered",
        "order.archived": "archived",
        "order.cancelled": "cancelled",
    }
)


class Axes(NamedTuple):
    """The three axes of an order (ARCHITECTURE decision 15)."""

    state: str = ""
    billing: str = "none"
    payment: str = "open"

    @property
    def header(self) -> str:
        """The header state that is rolled up from them."""
        return roll_up(*self)


def fold(events: Iterable[tuple[str, Mapping[str, Any]]]) -> Axes:
    """Return what *events* (name and inputs, in their sequence) add up to."""
    axes = Axes()
    for event, inputs in events:
        if event == "invoice.issued":
            axes = axes._replace(billing=inputs["billing"])
        elif event.startswith("payment."):
            axes = axes._replace(payment=inputs["axis"])
        elif event == "order.rest_cancelled":
            axes = axes._replace(state="shipped", billing=inputs["billing"])
        elif event == "order.reopened":
            axes = axes._replace(state=inputs["state"])
        elif event in _LEADS_TO:
            axes = axes._replace(state=_LEADS_TO[event])
    return axes
