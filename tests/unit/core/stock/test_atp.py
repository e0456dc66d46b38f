"""What can be promised for which day, and out of what (INV-01, INV-02, ORD-10)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.stock.atp import FUTURE_PRODUCTION, Draw, Place, Supply, available_on, draw, earliest_day, last_day

TODAY = date(2026, 3, 2)


def day(number: int) -> date:
    return TODAY + timedelta(days=number)


INBOUND = Supply(day(3), "inbound", 50)
PLANNED = Supply(day(5), "planned", 20)
#: the example of INV-01
MAIN = Place("MAIN", 100, 30, (INBOUND, PLANNED))

supplies = st.builds(
    Supply, st.integers(-3, 9).map(day), st.sampled_from(["inbound", "planned"]), st.integers(0, 90), st.integers(0, 99)
)
places = st.lists(
    st.builds(Place, st.just("W"), st.integers(0, 90), st.integers(0, 99), st.lists(supplies, max_size=4).map(tuple)),
    max_size=3,
).map(lambda found: [place._replace(warehouse=f"W{rank}") for rank, place in enumerate(found)])


@pytest.mark.parametrize(
    ("number", "available"), [(0, 70), (1, 70), (2, 70), (3, 120), (4, 120), (5, 140), (6, 140), (400, 140)]
)
def test_the_sum_by_date(number: int, available: int) -> None:
    """INV-01: 100 - 30 + 50 (day 3) + 20 (day 5)."""
    assert available_on([MAIN], day(number), TODAY) == available


@pytest.mark.parametrize(("wanted", "expected"), [(1, 0), (70, 0), (71, 3), (120, 3), (121, 5), (140, 5), (141, None)])
def test_the_earliest_day_of_a_quantity(wanted: int, expected: int | None) -> None:
    """INV-02: both sides of each step of the sum."""
    assert earliest_day([MAIN], wanted, TODAY) == (None if expected is None else day(expected))


def test_what_was_promised_of_a_supply_is_not_promised_again() -> None:
    place = MAIN._replace(supplies=(INBOUND._replace(promised6=45), PLANNED))
    assert [available_on([place], day(number), TODAY) for number in (2, 3, 5)] == [70, 75, 95]


def test_a_supply_that_is_late_promises_nothing() -> None:
    assert available_on([MAIN], day(9), day(3)) == 140
    assert available_on([MAIN], day(9), day(4)) == 90, "the goods of day 3 have not come"


def test_debts_of_one_warehouse_or_supply_do_not_reduce_another() -> None:
    owing = Place("A", 5, 9, (INBOUND._replace(promised6=60),))
    assert available_on([owing, Place("B", 3, 0)], day(9), TODAY) == 3


def test_on_hand_goes_first_then_supply_by_day() -> None:
    assert draw([MAIN], 70, today=TODAY) == [Draw("MAIN", 70, None)]
    assert draw([MAIN], 125, today=TODAY) == [
        Draw("MAIN", 70, None), Draw("MAIN", 50, INBOUND), Draw("MAIN", 5, PLANNED),
    ]  # fmt: skip
    assert last_day(draw([MAIN], 125, today=TODAY), TODAY) == day(5)
    assert last_day(draw([MAIN], 70, today=TODAY), TODAY) == TODAY


@pytest.mark.parametrize(("until", "served"), [(2, False), (3, True)])
def test_supply_after_the_last_day_does_not_serve(until: int, served: bool) -> None:
    assert bool(draw([MAIN], 71, today=TODAY, until=day(until))) is served


def test_a_pre_order_takes_planned_production_only() -> None:
    """ORD-10: no stock on hand is locked, nothing that is bought is used."""
    taken = draw([MAIN], 20, today=TODAY, kinds=FUTURE_PRODUCTION, from_hand=False)
    assert taken == [Draw("MAIN", 20, PLANNED)]
    assert draw([MAIN], 21, today=TODAY, kinds=FUTURE_PRODUCTION, from_hand=False) == []


@given(places, st.integers(1, 400), st.integers(0, 10))
def test_a_draw_is_whole_or_nothing_and_takes_what_is_free(found: list[Place], wanted: int, until: int) -> None:
    taken = draw(found, wanted, today=TODAY, until=day(until))
    possible = available_on(found, day(until), TODAY) >= wanted
    assert sum(part.quantity6 for part in taken) == (wanted if possible else 0)
    assert all(part.quantity6 > 0 for part in taken)
    for place in found:
        own = [part for part in taken if part.warehouse == place.warehouse]
        assert sum(part.quantity6 for part in own if part.supply is None) <= place.free6
        for part in own:
            assert part.supply is None or TODAY <= part.supply.day <= day(until)
    if taken:
        assert earliest_day(found, wanted, TODAY) == last_day(taken, TODAY)
