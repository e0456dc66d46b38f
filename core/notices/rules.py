"""When partners and people are told: hours, days and whom of us an exception reaches, as data of the rulebook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

#: a route for whatever no other names
_EVERY: Final = "*"
_HOURS_A_DAY: Final = 24


@dataclass(frozen=True, slots=True)
class NoticeRules:
    """The section ``notices`` of a rulebook.

    Hours and days count from the fact. ``staff`` gives the role that hears of an exception by the code of its hold or
    the kind of its alert: ``credit.limit``, ``credit.*`` or ``*``; "" tells nobody.
    """

    #: a notice that has not left by then raises an alert (CNF-09)
    sent_hours: int = 24
    #: a confirmation that was not seen so long after it left becomes a task (CNF-10)
    unseen_hours: int = 24
    #: who reaches that customer by another way
    follow_up_role: str = "customer_service"
    #: the hour of our company's day at which the day's reminders go out (CNF-12, CNF-15)
    hour: int = 8
    #: days after the due date of an invoice that is still open (CNF-15)
    reminder_days: tuple[int, ...] = (1, 7, 14)
    #: days that the links of our notices are good for
    link_days: int = 90
    #: minutes between two looks for exceptions that staff has not heard of (CNF-17)
    staff_minutes: int = 5
    staff: Mapping[str, str] = field(default_factory=dict)
    staff_language: str = "en"

    def __post_init__(self) -> None:
        """Refuse times that no reminder could keep."""
        if min(self.sent_hours, self.unseen_hours, self.link_days, self.staff_minutes) < 1:
            raise ValueError("sent_hours, unseen_hours, link_days and staff_minutes are 1 or more")
        if not 0 <= self.hour < _HOURS_A_DAY:
            raise ValueError("hour is one of 0 to 23")
        if min(self.reminder_days, default=0) < 0 or list(self.reminder_days) != sorted(set(self.reminder_days)):
            raise ValueError("reminder_days grow, from 0 on")

    def role_for(self, code: str) -> str:
        """Return the role that hears of the exception *code*; the most specific route decides, "" is nobody."""
        parts = code.split(".")
        wider = [".".join([*parts[:length], _EVERY]) for length in range(len(parts) - 1, -1, -1)]
        return next((self.staff[key] for key in (code, *wider) if key in self.staff), "")
