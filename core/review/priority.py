"""The priority of an order: 0 to 100 points, as the sum of parts that each say why (EXE-01, EXE-02).

The type gives the base; a VIP, a near or missed date and the first order of a new customer add to it. What the
requirements leave open is decided in their section D, 1 to 3.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Final, Literal, NamedTuple, get_args

#: what decides, as it is told with each score
RULE: Final = "priority.score"
OpenState = Literal["picking", "released", "confirmed", "in_review"]
#: orders in these states are still to be done, and have a priority
OPEN: Final[tuple[OpenState, ...]] = get_args(OpenState)
#: a score is kept on this scale
_SCALE: Final = 100


@dataclass(frozen=True, slots=True)
class PriorityRules:
    """Points by what an order is, and how often they are counted anew.

    ``near_days`` before the promised date and nearer, each day adds ``per_day``, and so does each day behind it. No
    order gets more than ``most``. Scores are counted every ``every_minutes`` (EXE-03).
    """

    urgent: int = 80
    standard: int = 50
    pre_order: int = 30
    sample: int = 40
    exchange: int = 85
    vip: int = 10
    first_order: int = 15
    per_day: int = 5
    near_days: int = 5
    most: int = 100
    every_minutes: int = 60

    def __post_init__(self) -> None:
        """Refuse points off the scale."""
        *points, every_minutes = astuple(self)
        if not (all(0 <= one <= _SCALE for one in points) and 1 <= every_minutes <= 1440):
            raise ValueError("points and days are 0 to 100, and scores are counted every 1 to 1440 minutes")

    def base(self, order_type: str) -> int:
        """Return the points of a type before anything is added."""
        bases = {
            "urgent": self.urgent,
            "standard": self.standard,
            "pre_order": self.pre_order,
            "sample": self.sample,
            "exchange": self.exchange,
        }
        return bases[order_type]


class Part(NamedTuple):
    """Points of one cause: ``type``, ``vip``, ``date``, ``first_order``; ``most`` takes off what is above the scale."""

    name: str
    points: int
    why: str


class Priority(NamedTuple):
    """A score, which is the sum of its parts."""

    score: int
    parts: tuple[Part, ...]

    def parts_json(self) -> list[dict[str, Any]]:
        """Return the parts JSON-ready."""
        return [part._asdict() for part in self.parts]


# Thousands of orders share a handful of cases: each is counted once.
@lru_cache(maxsize=4096)
def priority(
    rules: PriorityRules, order_type: str, promised: date | None, today: date, *, vip: bool, first_order: bool
) -> Priority:
    """Return the score of an order as it stands *today*; without a promised date no day counts.

    Days count as max(0, ``near_days`` - whole days to *promised*), so that days behind it add to all of those before.
    """
    parts = [Part("type", rules.base(order_type), f"the order is of the type {order_type}")]
    if vip:
        parts.append(Part("vip", rules.vip, "the customer is a VIP"))
    if promised is not None:
        days = max(0, rules.near_days - (promised - today).days)
        parts.append(Part("date", days * rules.per_day, f"promised for {promised}, {_when(promised, today)}"))
    if first_order:
        parts.append(Part("first_order", rules.first_order, "the first order of a new customer"))
    total = sum(part.points for part in parts)
    if total > rules.most:
        parts.append(Part("most", rules.most - total, f"no order has more than {rules.most}"))
    return Priority(min(total, rules.most), tuple(parts))


def _when(day: date, today: date) -> str:
    days = (day - today).days
    if days == 0:
        return "today"
    many = f"{abs(days)} {'day' if abs(days) == 1 else 'days'}"
    return f"in {many}" if days > 0 else f"{many} late"
