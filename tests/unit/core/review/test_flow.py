"""Deadlines of review on both sides (REV-03: 4 h and 1 h; REV-08: reminders)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from core.review.flow import FlowRules, review_deadline

SINCE = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(("order_type", "hours"), [("standard", 4), ("urgent", 1), ("sample", 4), ("pre_order", 4)])
def test_a_decision_is_due_after_four_hours_of_an_urgent_order_after_one(order_type: str, hours: int) -> None:
    """REV-03."""
    deadline = review_deadline(FlowRules(), order_type, SINCE)
    assert deadline.due_at == SINCE + timedelta(hours=hours)
    assert deadline.remind_at == SINCE + timedelta(hours=hours, minutes=-30)


@pytest.mark.parametrize(("remind", "told"), [(0, None), (59, 1), (60, None), (61, None)])
def test_a_reminder_comes_before_its_deadline_or_not_at_all(remind: int, told: int | None) -> None:
    """REV-08."""
    deadline = review_deadline(FlowRules(remind_minutes=remind), "urgent", SINCE)
    assert deadline.remind_at == (None if told is None else SINCE + timedelta(minutes=told))


@pytest.mark.parametrize("wrong", [{"standard_minutes": 0}, {"urgent_minutes": 0}, {"remind_minutes": -1}])
def test_what_no_desk_can_keep_is_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="a minute or more"):
        FlowRules(**wrong)
