"""Whether goods may come back, on both sides of the policy's last day."""

from datetime import date, timedelta

import pytest

from core.review.returning import Reason, ReturnRules, judge_return

DELIVERED = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("reason", "days", "authorised"),
    [
        ("not_wanted", 0, True),
        ("not_wanted", 30, True),
        ("not_wanted", 31, False),
        ("other", 31, False),
        ("damaged", 31, True),
        ("defective", 365, True),
        ("wrong_item", 366, False),
        ("late", 365, True),
    ],
)
def test_the_policy_counts_days_since_delivery(reason: Reason, days: int, *, authorised: bool) -> None:
    """RMA-02: delivered 40 days ago, policy 30: refused with the reason."""
    verdict = judge_return(ReturnRules(), reason, delivered=DELIVERED, asked=DELIVERED + timedelta(days=days))
    assert verdict.authorised is authorised
    assert verdict.because.startswith(f"delivered {days} days ago")
    assert (verdict.inputs["days"], verdict.inputs["reason"]) == (days, reason)


def test_other_days_are_other_rules() -> None:
    asked = DELIVERED + timedelta(days=40)
    assert not judge_return(ReturnRules(), "other", delivered=DELIVERED, asked=asked).authorised
    assert judge_return(ReturnRules(days=40), "other", delivered=DELIVERED, asked=asked).authorised
    assert not judge_return(ReturnRules(fault_days=39), "damaged", delivered=DELIVERED, asked=asked).authorised


@pytest.mark.parametrize("rules", [{"days": -1}, {"fault_days": -1}])
def test_days_are_not_negative(rules: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="0 or more"):
        ReturnRules(**rules)
