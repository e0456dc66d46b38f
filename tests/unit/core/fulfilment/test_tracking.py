from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from core.fulfilment.tracking import Progress, fold
from core.store.shipping import TrackingFact

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
STATUSES = ("picked_up", "in_transit", "out_for_delivery", "delivered", "exception")

facts = st.lists(
    st.builds(
        lambda number, status, minutes: TrackingFact(
            f"E{number}", status, START + timedelta(minutes=minutes), "Hub", ""
        ),
        st.integers(0, 50),
        st.sampled_from(STATUSES),
        st.integers(0, 5),
    ),
    unique_by=lambda fact: fact.event_id,
    max_size=8,
)


def fact(event_id: str, status: str, minutes: int) -> TrackingFact:
    return TrackingFact(event_id, status, START + timedelta(minutes=minutes), "", "")


@given(st.data(), facts)
def test_the_order_of_arrival_does_not_matter(data: st.DataObject, known: list[TrackingFact]) -> None:
    assert fold(data.draw(st.permutations(known))) == fold(known)


@given(facts)
def test_a_repeat_adds_nothing(known: list[TrackingFact]) -> None:
    assert fold(known + known) == fold(known)


def test_nothing_known_leaves_it_shipped() -> None:
    assert fold([]) == Progress("shipped")


def test_the_latest_event_decides_until_delivery() -> None:
    picked, broken, going = fact("1", "picked_up", 1), fact("2", "exception", 2), fact("3", "in_transit", 3)

    assert fold([picked]).state == "in_transit"
    assert fold([broken, picked]).state == "exception"
    assert fold([going, broken, picked]).state == "in_transit"


def test_a_delivery_is_final_and_the_first_one_counts() -> None:
    first, again, late = fact("2", "delivered", 2), fact("4", "delivered", 9), fact("3", "exception", 5)

    progress = fold([late, again, first])

    assert (progress.state, progress.delivery) == ("delivered", first)
