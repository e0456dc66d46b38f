"""Whatever the sequence in which a shop's messages come, and however often, its order here ends the same.

What a shop tells is tried in every sequence without a database (tests/contract/adapters/commerce/test_convergence.py);
here orders are placed, changed, paid and cancelled by it.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from decimal import Decimal

import pytest
from shop_lives import PLATFORMS, life
from shop_traffic import Shops

from core.testing.shop_life import Sent, all_sequences, some_sequences
from core.testing.trade import CUP, LAMP

D = Decimal
#: sequences of each platform and end: some in the suite, all under ``make chaos``
COUNTS = [pytest.param(3, id="some"), pytest.param(None, id="all", marks=pytest.mark.chaos)]


def sequences_of(life_length: int, most: int | None) -> list[tuple[int, ...]]:
    return all_sequences(life_length) if most is None else some_sequences(life_length, most)


def ends(shops: Shops, platform: str, sequences: Sequence[Sequence[int]], *, cancelled: bool) -> list[object]:
    """Return how an order ends for each sequence of its messages, each an order of its own."""
    ended: list[object] = []
    first = shops.next_order
    for shop_id, sequence in enumerate(sequences, first):
        told = life(platform, shop_id, cancelled=cancelled)
        shops.keep(platform, [told[place] for place in sequence])
    shops.next_order += len(sequences)
    shops.work()
    for shop_id in range(first, shops.next_order):
        order = shops.order(f"303-0000001-{shop_id:07}" if platform == "amazon" else shop_id)
        assert order is not None
        ended.append({name: value for name, value in order.items() if name != "number"})
    return ended


@pytest.mark.parametrize("most", COUNTS)
def test_every_platform_ends_the_same_in_every_sequence(shops: Shops, most: int | None) -> None:
    """Issue 5, part 3: create, update, paid, refunded, cancelled, each with a delivery that comes twice."""
    for platform in PLATFORMS:
        for cancelled in (False, True):
            sequences = sequences_of(5 if cancelled else 4, most)
            found = ends(shops, platform, sequences, cancelled=cancelled)
            state = "cancelled" if cancelled else "reserved"
            assert found[0] == {
                "state": "cancelled" if cancelled else "confirmed",
                "total": D("28.00"),
                "test": False,
                "lines": {
                    CUP: (D(2), D("12.5"), D("25.00"), state),
                    LAMP: (D(200), D("0.015"), D("3.00"), state),
                },
                "paid": [D("28.00")],
            }, platform
            assert [one for one in found if one != found[0]] == [], platform
    assert {row.state for row in shops.deliveries()} == {"done"}


@pytest.mark.parametrize("most", COUNTS)
def test_an_order_that_is_deleted_unseen_ends_cancelled(shops: Shops, most: int | None) -> None:
    """A deletion says nothing of the order: it ends with what was known of it when it was deleted."""
    for shop_id, sequence in enumerate(sequences_of(5, most), 500):
        told = [*life("woocommerce", shop_id, cancelled=False), Sent("order.deleted", b'{"id": %d}' % shop_id)]
        shops.keep("woocommerce", [told[place] for place in sequence])
    shops.work()
    ended = [shops.order(shop_id) for shop_id in range(500, 500 + len(sequences_of(5, most)))]
    assert {(one["state"], *one["paid"]) for one in ended if one} == {("cancelled", D("28.00"))}
    assert None not in ended


@pytest.mark.parametrize(
    "count", [pytest.param(25, id="short"), pytest.param(2000, id="long", marks=pytest.mark.chaos)]
)
def test_many_deliveries_shuffled_with_repeats_give_exactly_the_right_orders(shops: Shops, count: int) -> None:
    """A fifth of what comes comes twice; every order ends as its own last telling, under numbers without a gap."""
    chance, orders = random.Random(4), range(1, count + 1)
    messages = [message for shop_id in orders for message in life("shopify", shop_id, cancelled=shop_id % 5 == 0)]
    messages += chance.sample(messages, len(messages) // 5)
    chance.shuffle(messages)
    shops.keep("shopify", messages)
    assert shops.work() == len(messages)
    ended = [order for shop_id in orders if (order := shops.order(shop_id))]
    assert {one["number"] for one in ended} == {f"2026-EC-{serial:06}" for serial in orders}
    assert [one["state"] for one in ended] == ["confirmed", "confirmed", "confirmed", "confirmed", "cancelled"] * (
        count // 5
    )
    assert {(one["total"], *one["paid"]) for one in ended} == {(D("28.00"), D("28.00"))}


def test_some_sequences_end_the_same_on_both_engines(each_shops: Shops) -> None:
    for platform in ("shopify", "bigcommerce"):
        found = ends(each_shops, platform, some_sequences(4, 3), cancelled=False)
        assert [one for one in found if one != found[0]] == []
