"""The event of stock that an order reserves when it is confirmed: production and logistics hear of it (ORD-14)."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from core.clock import iso

RESERVED: Final = "reservation.created"


def reservation_told(until: datetime) -> tuple[str, dict[str, str]]:
    """Return the words and inputs of stock that is reserved *until* an instant."""
    return f"stock is reserved until {until:%Y-%m-%d %H:%M} UTC", {"until": iso(until)}
