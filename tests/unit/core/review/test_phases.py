"""The phase calendar: T+1, T+2, T+3 from the receipt, a day for what is urgent, later for what is promised later."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from core.review.phases import PhaseRules, current_phase, day_end, phase_due
from core.review.rulebook import RulebookRefused, read_rulebook

RECEIVED = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)  # a Monday, nine o'clock in Berlin


def due(phase: str, order_type: str = "standard", promised: date | None = None) -> timedelta:
    """Return how long after its receipt a phase is to end."""
    when = phase_due(
        PhaseRules(), phase, order_type=order_type, received_at=RECEIVED, promised=promised, timezone="Europe/Berlin"
    )
    return when - RECEIVED


@pytest.mark.parametrize(
    ("phase", "order_type", "hours"),
    [
        ("review", "standard", 24),
        ("execute", "standard", 48),
        ("complete", "standard", 72),
        ("review", "urgent", 24),
        ("execute", "urgent", 24),
        ("complete", "urgent", 48),
        ("execute", "sample", 48),
        ("execute", "pre_order", 48),
    ],
)
def test_phases_end_one_two_and_three_days_after_the_receipt(phase: str, order_type: str, hours: int) -> None:
    """ORD-03, ORD-04, ORD-05, ORD-09: what is urgent is shipped within 24 hours."""
    assert due(phase, order_type) == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("promised", "execute", "complete"),
    [
        (date(2026, 3, 3), 48, 72),  # over before the two days are
        (date(2026, 3, 4), 63, 87),  # its end is 63 hours after nine o'clock on Monday
        (date(2026, 3, 31), 63 + 27 * 24 - 1, 87 + 27 * 24 - 1),  # clocks went forward on the 29th
    ],
)
def test_what_was_promised_for_later_is_due_by_the_end_of_that_day(promised: date, execute: int, complete: int) -> None:
    """ORD-04, ORD-05."""
    assert due("execute", promised=promised) == timedelta(hours=execute)
    assert due("complete", promised=promised) == timedelta(hours=complete)
    assert due("review", promised=promised) == timedelta(hours=24)


def test_a_day_ends_where_the_company_is() -> None:
    assert day_end(date(2026, 3, 2), "Europe/Berlin") == datetime(2026, 3, 2, 23, tzinfo=UTC)
    assert day_end(date(2026, 3, 2), "Asia/Shanghai") == datetime(2026, 3, 2, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    ("state", "billing", "phase"),
    [
        ("in_review", "none", "review"),
        ("confirmed", "none", "execute"),
        ("packed", "none", "execute"),
        ("shipped", "full", "complete"),
        ("delivered", "part", "complete"),
        ("delivered", "full", None),
        ("archived", "full", None),
        ("declined", "none", None),
        ("cancelled", "none", None),
    ],
)
def test_the_state_says_which_phase_an_order_is_in(state: str, billing: str, phase: str | None) -> None:
    """ORD-01."""
    assert current_phase(state, billing) == phase


def test_deadlines_are_rules() -> None:
    """REV-06."""
    rules = read_rulebook({"phases": {"execute_hours": {"standard": 36, "sample": 12}}}).phases
    assert [rules.hours("execute", kind) for kind in ("standard", "urgent", "sample")] == [36, 36, 12]
    with pytest.raises(RulebookRefused, match="execute_hours names 'standard'"):
        read_rulebook({"phases": {"execute_hours": {"urgent": 12}}})
    with pytest.raises(RulebookRefused, match="an hour or more"):
        read_rulebook({"phases": {"review_hours": {"standard": 0}}})
    with pytest.raises(RulebookRefused, match="archive_days"):
        read_rulebook({"phases": {"archive_days": -1}})
