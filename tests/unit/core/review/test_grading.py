"""Grades by trade, on both sides of every condition."""

from __future__ import annotations

from decimal import Decimal

import pytest

from core.review.grading import GradingRules, Trade, grade_of
from core.review.rulebook import RulebookRefused, read_rulebook
from core.review.satisfaction import FeedbackRules

D = Decimal
RULES = GradingRules()


@pytest.mark.parametrize(
    ("orders", "amount", "days_late", "grade", "because"),
    [
        (24, "100000", "0", "A", "meets every condition of the best grade"),
        (23, "100000", "0", "B", "23 orders, A asks for 24"),
        (24, "99999.99", "0", "B", "99999.99 invoiced, A asks for 100000.00"),
        (24, "100000", "0.1", "B", "0.1 days late on average, A allows 0.0"),
        (12, "20000", "7", "B", "12 orders, A asks for 24"),
        (11, "20000", "7", "C", "11 orders, B asks for 12"),
        (12, "19999.99", "7", "C", "19999.99 invoiced, B asks for 20000.00"),
        (12, "20000", "7.1", "C", "7.1 days late on average, B allows 7.0"),
        (1, "0", "30", "C", "1 orders, B asks for 12"),
        (1, "0", "30.1", "D", "30.1 days late on average, C allows 30.0"),
        (0, "0", "0", None, "no trade in 12 months"),
        (0, "0.01", "0", "D", "0 orders, C asks for 1"),
    ],
)
def test_a_grade_is_the_best_whose_every_condition_is_met(
    orders: int, amount: str, days_late: str, grade: str | None, because: str
) -> None:
    """CUS-02."""
    found = grade_of(RULES, Trade(orders, D(amount), D(days_late)))
    assert (found.grade, found.because[0]) == (grade, because)


def test_the_conditions_are_rules() -> None:
    """REV-06."""
    rules = read_rulebook(
        {"grading": {"steps": [{"grade": "A", "orders": 1, "amount": "0", "days_late": "99"}]}}
    ).grading
    assert grade_of(rules, Trade(1, D(0), D(99))).grade == "A"
    assert grade_of(rules, Trade(0, D(5), D(0))).grade == "D"
    for broken in (
        {"months": 0},
        {"otherwise": "E"},
        {"steps": [{"grade": "E", "orders": 1, "amount": "0", "days_late": "9"}]},
    ):
        with pytest.raises(RulebookRefused):
            read_rulebook({"grading": broken})


@pytest.mark.parametrize(("rating", "low"), [(1, True), (2, True), (3, False), (5, False)])
def test_two_of_five_is_a_task_and_three_is_not(rating: int, low: bool) -> None:
    """CUS-04."""
    assert FeedbackRules().is_low(rating) is low
