"""When a consignment is asked for next: at fixed times after the hand-over, then ever more seldom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

#: doublings after which the waiting time certainly has reached ``longest``
_DOUBLINGS: Final = 20


@dataclass(frozen=True, slots=True)
class PollPlan:
    """The polls of one carrier's consignments.

    Attributes:
        after: times after the hand-over, ascending; the defaults are those of the sandbox's scans (decision 9).
        longest: from the last of them on, each waiting time doubles up to this one.
        give_up: a consignment that is not delivered by then is asked for no more; a person has to look.
    """

    after: tuple[timedelta, ...] = (timedelta(seconds=2), timedelta(seconds=4), timedelta(seconds=6))
    longest: timedelta = timedelta(minutes=15)
    give_up: timedelta = timedelta(days=60)

    def next_at(self, start: datetime, now: datetime, done: int) -> datetime:
        """Return when to ask next, after *done* polls; times that have passed are not made up for."""
        for offset in self.after:
            if start + offset > now:
                return start + offset
        doublings = min(max(done - len(self.after), 0), _DOUBLINGS)
        return now + min(self.after[-1] * (1 << doublings), self.longest)
