"""The state table over fulfilment and the header rolled up from three axes (decision 15)."""

from __future__ import annotations

import itertools

import pytest

from core.errors import Conflict
from core.ordering.states import FINAL, PUBLIC, TRANSITIONS, advance, roll_up

STATES = {state for state, _ in TRANSITIONS} | set(TRANSITIONS.values())
TRIGGERS = {trigger for _, trigger in TRANSITIONS}


def test_the_whole_table() -> None:
    for state, trigger in itertools.product(sorted(STATES), sorted(TRIGGERS)):
        if (state, trigger) in TRANSITIONS:
            assert advance(state, trigger) == TRANSITIONS[state, trigger]
        else:
            with pytest.raises(Conflict) as refused:
                advance(state, trigger)
            assert refused.value.inputs == {"state": state, "trigger": trigger}


def test_the_way_of_an_order_that_goes_well() -> None:
    state = "received"
    for trigger in ("submit", "confirm", "release", "pick", "pack", "ship", "move", "move", "deliver"):
        state = advance(state, trigger)
    assert state == "delivered"


@pytest.mark.parametrize("state", sorted(FINAL))
def test_nothing_leads_out_of_a_final_state(state: str) -> None:
    assert not [trigger for origin, trigger in TRANSITIONS if origin == state]


@pytest.mark.parametrize("state", ["picking", "packed", "shipped", "in_transit", "delivered"])
def test_what_is_packed_is_not_cancelled_any_more(state: str) -> None:
    with pytest.raises(Conflict, match=f"an order that is {state} cannot cancel"):
        advance(state, "cancel")


def test_a_refusal_names_what_is_possible() -> None:
    with pytest.raises(Conflict) as refused:
        advance("confirmed", "deliver")
    assert refused.value.hint == "It can: cancel, change, release."
    with pytest.raises(Conflict) as ended:
        advance("cancelled", "confirm")
    assert ended.value.hint == "It can: nothing more."


def test_every_state_can_be_reached_and_is_shown_to_customers() -> None:
    reached, frontier = set(), {"received"}
    while frontier:
        reached |= frontier
        frontier = {target for (state, _), target in TRANSITIONS.items() if state in frontier} - reached
    assert reached == STATES
    assert STATES | {"invoiced", "settled"} == set(PUBLIC)


def test_only_what_was_delivered_is_archived_and_only_a_payment_taken_back_opens_it_again() -> None:
    """ORD-18: the archive is behind the last state of the goods, and nothing else leads out of it."""
    assert {key for key, target in TRANSITIONS.items() if target == "archived"} == {("delivered", "archive")}
    assert {trigger for state, trigger in TRANSITIONS if state == "archived"} == {"reopen"}


@pytest.mark.parametrize(
    ("fulfilment", "billing", "payment", "header"),
    [
        ("confirmed", "full", "paid", "confirmed"),
        ("delivered", "none", "open", "delivered"),
        ("delivered", "part", "open", "delivered"),
        ("delivered", "full", "open", "invoiced"),
        ("delivered", "full", "part", "invoiced"),
        ("delivered", "full", "paid", "settled"),
        ("archived", "full", "paid", "archived"),
        ("cancelled", "none", "open", "cancelled"),
    ],
)
def test_the_header_shows_money_only_when_the_goods_have_arrived(
    fulfilment: str, billing: str, payment: str, header: str
) -> None:
    assert roll_up(fulfilment, billing, payment) == header
