"""The flow of review: by when a person decides on a held order, and when that person is reminded (REV-03, REV-08)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class FlowRules:
    """Deadlines of review, in minutes: 4 hours for a standard order, 1 hour for an urgent one.

    ``remind_minutes`` before its deadline a person is reminded; 0 reminds nobody.
    """

    standard_minutes: int = 240
    urgent_minutes: int = 60
    remind_minutes: int = 30

    def __post_init__(self) -> None:
        """Refuse deadlines that have passed when they begin."""
        if min(self.standard_minutes, self.urgent_minutes) < 1 or self.remind_minutes < 0:
            raise ValueError("deadlines are a minute or more, and a reminder does not come after its deadline")

    def minutes(self, order_type: str) -> int:
        """Return the minutes in which a held order of this type is decided on."""
        return self.urgent_minutes if order_type == "urgent" else self.standard_minutes


class Deadline(NamedTuple):
    """When a decision is due, and when to remind of it: None where there is no time for that."""

    due_at: datetime
    remind_at: datetime | None


def review_deadline(rules: FlowRules, order_type: str, since: datetime) -> Deadline:
    """Return by when an order of *order_type* that is held *since* is to be decided."""
    minutes = rules.minutes(order_type)
    due_at = since + timedelta(minutes=minutes)
    early = 0 < rules.remind_minutes < minutes
    return Deadline(due_at, due_at - timedelta(minutes=rules.remind_minutes) if early else None)
