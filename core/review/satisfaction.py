"""When feedback of a customer becomes somebody's task (CUS-04)."""

from __future__ import annotations

from dataclasses import dataclass

WORST, BEST = 1, 5


@dataclass(frozen=True, slots=True)
class FeedbackRules:
    """A rating of ``low_rating`` or worse is a task of ``role``, due in ``answer_hours``; ratings are 1 to 5."""

    low_rating: int = 2
    answer_hours: int = 24
    role: str = "customer_service"

    def __post_init__(self) -> None:
        """Refuse a rating that there is none of; 0 makes a task of no feedback."""
        if not 0 <= self.low_rating <= BEST or self.answer_hours < 1:
            raise ValueError("low_rating is 0 to 5, answer_hours 1 or more")

    def is_low(self, rating: int) -> bool:
        """Tell whether somebody has to answer."""
        return rating <= self.low_rating
