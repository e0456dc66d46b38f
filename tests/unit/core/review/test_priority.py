"""The priority score on both sides of each of its boundaries (EXE-01, EXE-02; requirements D, 1 to 3)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.review.priority import Priority, PriorityRules, priority
from core.review.rulebook import RulebookRefused, read_rulebook

TODAY = date(2026, 3, 2)
DEFAULTS = PriorityRules()
TYPES = ("urgent", "standard", "pre_order", "sample", "exchange")


def scored(
    order_type: str = "standard", days: int | None = None, rules: PriorityRules = DEFAULTS, **marks: bool
) -> Priority:
    """Score an order that is promised in *days*."""
    promised = None if days is None else TODAY + timedelta(days=days)
    return priority(rules, order_type, promised, TODAY, **{"vip": False, "first_order": False, **marks})


@pytest.mark.parametrize(
    ("order_type", "base"), [("urgent", 80), ("standard", 50), ("pre_order", 30), ("sample", 40), ("exchange", 85)]
)
def test_the_type_gives_the_base(order_type: str, base: int) -> None:
    """EXE-02, ORD-10: a pre-order comes after the others. RMA-09: an exchange comes before a standard order."""
    assert scored(order_type).score == base
    assert [(part.name, part.points) for part in scored(order_type).parts] == [("type", base)]


@pytest.mark.parametrize(
    ("marks", "score"),
    [({}, 80), ({"vip": True}, 90), ({"first_order": True}, 95), ({"vip": True, "first_order": True}, 100)],
)
def test_an_urgent_order_of_a_vip_has_90_and_its_first_one_100(marks: dict[str, bool], score: int) -> None:
    """EXE-02: 80 + 10 = 90; 80 + 10 + 15 would be 105, and 100 is the most."""
    assert scored("urgent", 5, **marks).score == score


def test_what_is_above_the_scale_is_a_part_of_its_own() -> None:
    """EXE-02."""
    parts = scored("urgent", vip=True, first_order=True).parts
    assert [(part.name, part.points) for part in parts] == [
        ("type", 80),
        ("vip", 10),
        ("first_order", 15),
        ("most", -5),
    ]
    assert [part.name for part in scored("exchange", first_order=True).parts] == ["type", "first_order"]  # 100 exactly


@pytest.mark.parametrize(
    ("days", "points", "told"),
    [
        (6, 0, "in 6 days"),
        (5, 0, "in 5 days"),
        (4, 5, "in 4 days"),
        (3, 10, "in 3 days"),
        (1, 20, "in 1 day"),
        (0, 25, "today"),
        (-1, 30, "1 day late"),
        (-2, 35, "2 days late"),
        (-5, 50, "5 days late"),
        (-6, 50, "6 days late"),
    ],
)
def test_each_day_nearer_than_five_adds_five_and_so_does_each_day_late(days: int, points: int, told: str) -> None:
    """EXE-02: 5 a day, counted as max(0, 5 - whole days to the promised date)."""
    found = scored("standard", days)
    assert found.score == 50 + points
    assert (
        next(part.why for part in found.parts if part.name == "date")
        == f"promised for {TODAY + timedelta(days)}, {told}"
    )


@pytest.mark.parametrize(("days", "points"), [(1, 0), (0, 0), (-1, 5), (-2, 10)])
def test_where_nearness_does_not_count_two_days_late_are_ten_points(days: int, points: int) -> None:
    """EXE-02, by its own words: base b, 2 days late = b + 10; how near a date counts is a rule."""
    assert scored("standard", days, PriorityRules(near_days=0)).score == 50 + points


def test_an_order_without_a_promised_date_gets_nothing_for_one() -> None:
    assert scored("standard", None) == scored("standard", None)
    assert [part.name for part in scored("standard").parts] == ["type"]


def test_an_urgent_order_for_tomorrow_is_before_every_other_that_is_on_time() -> None:
    """ORD-09: highest priority."""
    others = [scored(kind, 1, vip=True).score for kind in TYPES if kind not in ("urgent", "exchange")]
    assert scored("urgent", 1).score == 100 > max(others)


@given(
    order_type=st.sampled_from(TYPES),
    days=st.none() | st.integers(-400, 400),
    vip=st.booleans(),
    first_order=st.booleans(),
)
def test_a_score_is_the_sum_of_its_parts_and_never_falls_as_the_date_comes(
    order_type: str, days: int | None, vip: bool, first_order: bool
) -> None:
    found = scored(order_type, days, vip=vip, first_order=first_order)
    assert 0 <= found.score == sum(part.points for part in found.parts) <= 100
    if days is not None:
        assert scored(order_type, days - 1, vip=vip, first_order=first_order).score >= found.score


def test_the_points_are_rules() -> None:
    """REV-06, EXE-02: a change takes effect without code."""
    rules = read_rulebook({"priority": {"vip": 20, "most": 95}}).priority
    assert (scored("urgent", vip=True, rules=rules).score, scored("urgent", rules=rules).score) == (95, 80)


@pytest.mark.parametrize(
    "wrong", [{"vip": -1}, {"urgent": 101}, {"near_days": -1}, {"every_minutes": 0}, {"every_minutes": 1441}]
)
def test_points_off_the_scale_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(RulebookRefused, match="priority: points and days are 0 to 100"):
        read_rulebook({"priority": wrong})
