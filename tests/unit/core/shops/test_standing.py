"""What a shop told by now, whatever the sequence it was told in: all of it pure."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import orjson
from hypothesis import given
from hypothesis import strategies as st

from core.documents import (
    Order,
    OrderLine,
    Party,
    ShopCharge,
    ShopDestination,
    ShopEvent,
    ShopOrder,
    ShopRefund,
    ShopTax,
)
from core.shops.snapshot import snapshot_from, snapshot_json
from core.shops.standing import ShopStanding, after, facts_json, standing_from

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
D = Decimal


def snapshot(minute: int = 1, *line_ids: str, **changes: Any) -> ShopOrder:
    """Return an order with a line of so many pieces as its number for each of *line_ids*."""
    lines = tuple(OrderLine(number, D(number), price=D("1.50")) for number, _ in enumerate(line_ids, 1))
    told = ShopOrder(
        Order("7", lines), "7", NOW + timedelta(minutes=minute), line_ids=tuple(enumerate(line_ids, 1)), total=D("9.00")
    )
    return replace(told, **changes)


def event(told: ShopOrder, kind: Any = "snapshot") -> ShopEvent:
    return ShopEvent(kind, told.shop_id, told.updated_at, told)


def end(*events: ShopEvent) -> ShopStanding:
    standing = ShopStanding()
    for one in events:
        standing = after(standing, one, NOW)
    return standing


def test_the_latest_telling_counts_and_facts_stay() -> None:
    late, early = snapshot(5, "11"), snapshot(1, "11", "12", payment="paid")
    for sequence in itertools.permutations([event(late), event(early), ShopEvent("deleted", "7")]):
        standing = end(*sequence)
        assert standing.snapshot is not None
        assert [line.line for line in standing.snapshot.order.lines] == [1]
        assert (standing.deleted, standing.ended) == (True, True)
        assert standing.paid is not None
        assert standing.paid.amount == D("9.00")


def test_two_tellings_of_one_instant_end_the_same() -> None:
    one, other = event(snapshot(1, "11")), event(snapshot(1, "11", "12"))
    ends = [end(*sequence).snapshot for sequence in ((one, other), (other, one), (other, one, other))]
    assert len({found.order for found in ends if found}) == 1


def test_lines_keep_their_numbers_and_new_ones_get_new_numbers() -> None:
    standing = end(event(snapshot(1, "11", "13")), event(snapshot(2, "12", "13")))
    assert standing.line_ids == ((1, "11"), (2, "13"), (3, "12"))
    assert standing.snapshot is not None
    assert [line.line for line in standing.snapshot.order.lines] == [2, 3]


def test_a_sum_that_is_told_when_it_was_paid_is_surer_than_one_after_a_refund() -> None:
    paid, refunded = snapshot(1, "11", payment="paid"), snapshot(9, "11", payment="refunded", total=D("4.00"))
    for sequence in itertools.permutations([event(paid), event(refunded), ShopEvent("paid", "7", NOW)]):
        found = end(*sequence).paid
        assert found is not None
        assert found.amount == D("9.00")


def test_a_refund_grows_and_is_known_by_its_id() -> None:
    small, large = ShopRefund("r", D(1)), ShopRefund("r", D(3), (("11", D(1)),))
    for sequence in itertools.permutations([ShopEvent("refunded", "7", NOW, refund=one) for one in (small, large)]):
        assert end(*sequence).refunds == {"r": large}


def test_an_order_is_open_again_only_after_it_was_cancelled() -> None:
    cancelled = event(snapshot(3, "11", state="cancelled"), "cancelled")
    assert not end(cancelled, event(snapshot(2, "11"))).reopened
    assert end(cancelled, event(snapshot(4, "11"))).reopened
    assert not end(event(snapshot(4, "11"))).reopened


def test_what_is_kept_of_a_standing_is_all_of_it() -> None:
    standing = end(
        event(snapshot(3, "11", state="cancelled", cancel_reason="fraud", payment="paid"), "cancelled"),
        ShopEvent("refunded", "7", NOW, refund=ShopRefund("r", D("1.00"), (("11", D(2)),), "broken", NOW)),
    )
    kept = orjson.loads(orjson.dumps(facts_json(standing)))
    assert standing_from(standing.snapshot, kept, standing.line_ids) == standing
    assert standing_from(None, {}, ()) == ShopStanding()


decimals = st.decimals(min_value=0, max_value=10**6, places=4)
words = st.text(max_size=20)


@given(
    st.builds(
        ShopOrder,
        order=st.just(
            Order("7", (OrderLine(1, D(2), price=D("9.90"), note="black"),), notes=("ring",), currency="EUR")
        ),
        shop_id=words,
        updated_at=st.integers(0, 10**9).map(lambda seconds: NOW + timedelta(seconds=seconds)),
        name=words,
        state=st.sampled_from(["open", "closed", "cancelled"]),
        payment=st.sampled_from(["pending", "paid", "refunded"]),
        tax_included=st.booleans(),
        line_ids=st.just(((1, "11"),)),
        total=st.none() | decimals,
        charges=st.lists(st.builds(ShopCharge, st.just("shipping"), decimals, words, words), max_size=2).map(tuple),
        taxes=st.lists(st.builds(ShopTax, decimals, words, st.none() | decimals), max_size=2).map(tuple),
        refunds=st.lists(
            st.builds(ShopRefund, words, decimals, st.just((("11", D(2)),)), words, st.just(NOW)), max_size=2
        ).map(tuple),
        destinations=st.just((ShopDestination(Party("DP", name="Ada", city="Wien"), (("11", D(2)),)),)),
        gift_note=words,
        email=words,
        cancel_reason=words,
        test=st.booleans(),
    )
)
def test_a_snapshot_is_kept_whole(told: ShopOrder) -> None:
    assert snapshot_from(orjson.loads(orjson.dumps(snapshot_json(told)))) == told
