"""The flow of each order type is the state machine's, with what the rules give the type (ORD-12)."""

from __future__ import annotations

from typing import get_args, get_type_hints

import pytest

from core.documents import Order
from core.ordering.flows import ORDER_TYPES, flows
from core.ordering.states import PUBLIC
from core.review.rulebook import Rulebook, read_rulebook

FLOWS = {one["type"]: one for one in flows(Rulebook())}


def test_there_is_a_flow_for_each_type_of_order() -> None:
    """ORD-07, ORD-12."""
    assert tuple(FLOWS) == ORDER_TYPES == get_args(get_type_hints(Order)["type"])


@pytest.mark.parametrize(
    ("order_type", "priority", "minutes", "days"),
    [("standard", 50, 240, 5), ("urgent", 80, 60, 1), ("pre_order", 30, 240, 5), ("sample", 40, 240, 2)],
)
def test_each_type_has_its_own_times_and_priority(order_type: str, priority: int, minutes: int, days: int) -> None:
    """ORD-08, ORD-09, ORD-11, REV-03."""
    flow = FLOWS[order_type]
    assert (flow["priority"], flow["review_minutes"], flow["handling_days"]) == (priority, minutes, days)


@pytest.mark.parametrize("order_type", ORDER_TYPES)
def test_the_steps_pass_the_five_phases_to_the_archive(order_type: str) -> None:
    """ORD-01, ORD-12."""
    steps = FLOWS[order_type]["steps"]
    phases = list(dict.fromkeys(step["phase"] for step in steps))
    assert phases == ["receive", "review", "execute", "deliver", "settle"]
    states = [step["state"] for step in steps]
    assert (states[0], states[-2:]) == ("received", ["settled", "archived"])
    assert set(states) <= set(PUBLIC)
    assert len(set(states)) == len(states)


def test_types_go_different_ways() -> None:
    """ORD-10, ORD-12: a pre-order waits for production, and counts on that alone."""
    told = {kind: [step["what"] for step in flow["steps"]] for kind, flow in FLOWS.items()}
    assert len({tuple(words) for words in told.values()}) == len(ORDER_TYPES)
    assert FLOWS["pre_order"]["supply"] == ["planned"]
    assert FLOWS["standard"]["supply"] == ["on_hand", "inbound", "planned"]


def test_the_rules_in_force_are_told() -> None:
    """REV-06."""
    book = read_rulebook({"priority": {"urgent": 90}, "flow": {"urgent_minutes": 30}, "promise": {"urgent_days": 0}})
    urgent = next(one for one in flows(book) if one["type"] == "urgent")
    assert (urgent["priority"], urgent["review_minutes"], urgent["handling_days"]) == (90, 30, 0)
