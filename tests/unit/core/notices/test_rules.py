"""The section ``notices`` of a rulebook: the register's numbers, and whom an exception reaches."""

from __future__ import annotations

import pytest

from core.notices.rules import NoticeRules
from core.review.rulebook import RulebookRefused, read_rulebook


def test_the_defaults_are_those_of_the_register() -> None:
    """CNF-09, CNF-10."""
    rules = NoticeRules()
    assert (rules.sent_hours, rules.unseen_hours) == (24, 24)


def test_the_most_specific_route_decides_who_hears_of_an_exception() -> None:
    """CNF-17."""
    staff = {"credit.limit": "cfo", "credit.*": "finance", "*": "operations", "price.*": ""}
    rules = NoticeRules(staff=staff)
    codes = ("credit.limit", "credit.overdue", "credit", "stock.short", "price.differs")
    assert [rules.role_for(code) for code in codes] == ["cfo", "finance", "operations", "operations", ""]
    assert NoticeRules().role_for("credit.limit") == ""


@pytest.mark.parametrize(
    "section",
    [
        {"sent_hours": 0},
        {"unseen_hours": 0},
        {"link_days": 0},
        {"staff_minutes": 0},
        {"hour": 24},
        {"hour": -1},
        {"reminder_days": [7, 1]},
        {"reminder_days": [1, 1]},
        {"reminder_days": [-1]},
    ],
)
def test_times_that_no_reminder_could_keep_are_refused(section: dict[str, object]) -> None:
    with pytest.raises(RulebookRefused, match="notices"):
        read_rulebook({"notices": section})


@pytest.mark.parametrize("section", [{"hour": 0}, {"hour": 23}, {"reminder_days": []}, {"reminder_days": [0]}])
def test_the_last_time_that_can_be_kept_is_taken(section: dict[str, object]) -> None:
    assert read_rulebook({"notices": section}).notices
