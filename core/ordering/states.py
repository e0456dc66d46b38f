"""The state machine of an order over fulfilment, and the header state rolled up from three axes (decision 15)."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from core.errors import Conflict

#: (state, trigger) -> state; the numbers are the rows of the glossary's table
TRANSITIONS: Final = MappingProxyType(
    {
        ("received", "submit"): "in_review",  # 4
        ("in_review", "confirm"): "confirmed",  # 5
        ("in_review", "decline"): "declined",  # 8
        ("in_review", "change"): "in_review",  # 10, of what was not confirmed yet
        ("confirmed", "change"): "in_review",  # 10
        ("released", "change"): "in_review",  # 10: nothing is picked yet
        ("confirmed", "release"): "released",  # 11
        ("released", "pick"): "picking",  # 12
        ("picking", "pack"): "packed",  # 13
        ("packed", "ship"): "shipped",  # 14
        ("packed", "ship_part"): "part_shipped",  # 14, the rest is to come
        ("part_shipped", "pick"): "picking",  # 12, of the rest
        ("part_shipped", "close"): "shipped",  # 25: nothing of the rest comes any more
        ("shipped", "move"): "in_transit",  # 16
        ("in_transit", "move"): "in_transit",  # 16, further events
        ("shipped", "deliver"): "delivered",  # 17
        ("in_transit", "deliver"): "delivered",  # 17
        ("delivered", "archive"): "archived",  # 22, of what is settled (core.ordering.closing)
        ("archived", "reopen"): "delivered",  # a payment was taken back
        ("received", "cancel"): "cancelled",  # 23
        ("in_review", "cancel"): "cancelled",  # 23
        ("confirmed", "cancel"): "cancelled",  # 24
        ("released", "cancel"): "cancelled",  # 24
    }
)

#: states in which nothing can happen any more on this axis
FINAL: Final = frozenset({"declined", "cancelled"})

#: what customers are shown (ORD-15)
PUBLIC: Final = MappingProxyType(
    {
        "received": "accepted",
        "in_review": "accepted",
        "confirmed": "accepted",
        "released": "accepted",
        "picking": "accepted",
        "packed": "accepted",
        "part_shipped": "accepted",
        "shipped": "shipped",
        "in_transit": "in transit",
        "delivered": "signed for",
        "invoiced": "signed for",
        "settled": "completed",
        "archived": "completed",
        "declined": "declined",
        "cancelled": "cancelled",
    }
)


def advance(state: str, trigger: str) -> str:
    """Return the state after *trigger*.

    Raises:
        Conflict: the state does not know this trigger.
    """
    try:
        return TRANSITIONS[state, trigger]
    except KeyError:
        raise Conflict(
            f"an order that is {state} cannot {trigger}",
            hint=f"It can: {', '.join(sorted(t for s, t in TRANSITIONS if s == state)) or 'nothing more'}.",
            inputs={"state": state, "trigger": trigger},
        ) from None


def roll_up(fulfilment: str, billing: str, payment: str) -> str:
    """Return the header state: ``invoiced`` and ``settled`` appear only when fulfilment has ended.

    An order of which a part has left is ``released``, for its rest is still the warehouse's; ``shipped`` says that
    nothing is left to come.
    """
    if fulfilment == "part_shipped":
        return "released"
    if fulfilment != "delivered" or billing != "full":
        return fulfilment
    return "settled" if payment == "paid" else "invoiced"
