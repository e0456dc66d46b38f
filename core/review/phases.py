"""The phase calendar of an order: by when it is confirmed, shipped and completed (ORD-01 to ORD-05).

Day 0 is the receipt, which numbers and checks an order in one transaction, so that it cannot be late. What the buyer
was promised for a later day is shipped by the end of that day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

#: the phases that have a deadline, in their sequence
PHASES: Final = ("review", "execute", "complete")
#: which phase an order is in, by its state; an order at its end is in none
PHASE_OF: Final = MappingProxyType(
    {
        "received": "review",
        "in_review": "review",
        "confirmed": "execute",
        "released": "execute",
        "picking": "execute",
        "packed": "execute",
        "part_shipped": "execute",
        "shipped": "complete",
        "in_transit": "complete",
        "delivered": "complete",
    }
)
_OTHER: Final = "standard"


def _hours(standard: int) -> Mapping[str, int]:
    return {_OTHER: standard, "urgent": 24}


@dataclass(frozen=True, slots=True)
class PhaseRules:
    """Hours from the receipt to the end of each phase, by order type; ``standard`` is for every type not named.

    A settled order is archived ``archive_days`` later; 0 leaves that to a person (ORD-18).
    """

    review_hours: Mapping[str, int] = field(default_factory=lambda: _hours(24))
    execute_hours: Mapping[str, int] = field(default_factory=lambda: _hours(48))
    complete_hours: Mapping[str, int] = field(default_factory=lambda: {_OTHER: 72, "urgent": 48})
    archive_days: int = 30

    def __post_init__(self) -> None:
        """Refuse a phase without a deadline, and one that the hourly watch could see too late."""
        for phase in PHASES:
            hours = self._of(phase)
            if _OTHER not in hours or min(hours.values()) < 1:
                raise ValueError(f"{phase}_hours names {_OTHER!r}, and every deadline is an hour or more")
        if self.archive_days < 0:
            raise ValueError("archive_days is 0 or more")

    def hours(self, phase: str, order_type: str) -> int:
        """Return the hours from receipt to the end of *phase*."""
        hours = self._of(phase)
        return hours.get(order_type, hours[_OTHER])

    def types(self, phase: str) -> dict[str, int]:
        """Return the hours of each order type that *phase* names, ``standard`` among them."""
        return dict(self._of(phase))

    def _of(self, phase: str) -> Mapping[str, int]:
        return {"review": self.review_hours, "execute": self.execute_hours, "complete": self.complete_hours}[phase]


def current_phase(state: str, billing: str) -> str | None:
    """Return the phase that an order is in; None when it is at its end, or delivered and billed in full."""
    return None if state == "delivered" and billing == "full" else PHASE_OF.get(state)


def phase_due(
    rules: PhaseRules, phase: str, *, order_type: str, received_at: datetime, promised: date | None, timezone: str
) -> datetime:
    """Return by when *phase* is to end.

    *promised* is the day that the buyer was told, in the company's *timezone*. What was promised for later is shipped
    by the end of that day, and completed as much later as the two deadlines are apart.
    """
    hours = rules.hours(phase, order_type)
    due_at = received_at + timedelta(hours=hours)
    if promised is None or phase == "review":
        return due_at
    return max(due_at, day_end(promised, timezone) + timedelta(hours=hours - rules.hours("execute", order_type)))


def day_end(day: date, timezone: str) -> datetime:
    """Return the instant at which *day* is over in *timezone*."""
    following = datetime.combine(day + timedelta(days=1), time(), ZoneInfo(timezone))
    return following.astimezone(ZoneInfo("UTC"))
