"""Whatever the sequence in which a shop's messages come, and however often, its order ends the same."""

from __future__ import annotations

import itertools
import json
import random
from collections.abc import Sequence
from decimal import Decimal

import pytest
from shop_traffic import Message, Shops, shopify, woocommerce

from core.testing.trade import CRATE, CUP, LAMP

D = Decimal


def shopify_life(shop_id: int, *, cancelled: bool) -> list[Message]:
    """Return what Shopify tells of an order that is made, edited, paid, partly refunded and, where asked, cancelled."""
    made, edited = {CUP: 4, CRATE: 1}, {CUP: 2, LAMP: 200}
    refund = {
        "id": 900, "order_id": shop_id, "processed_at": "2026-03-02T08:04:30Z", "note": "scratched",
        "transactions": [{"kind": "refund", "status": "success", "amount": "5.00"}], "refund_line_items": [],
    }  # fmt: skip
    life = [
        shopify(shop_id, 1, made, "orders/create"),
        shopify(shop_id, 2, edited),
        shopify(shop_id, 3, edited, "orders/paid", financial_status="paid"),
        Message("refunds/create", json.dumps(refund).encode()),
    ]
    if cancelled:
        at = "2026-03-02T08:05:00Z"
        life.append(shopify(shop_id, 5, edited, "orders/cancelled", cancelled_at=at, financial_status="paid"))
    return life


def woocommerce_life(shop_id: int, *, cancelled: bool) -> list[Message]:
    """Return what WooCommerce tells of such an order."""
    made, edited, paid = {CUP: 4, CRATE: 1}, {CUP: 2, LAMP: 200}, "2026-03-02T08:03:00"
    life = [
        woocommerce(shop_id, 1, made, "order.created"),
        woocommerce(shop_id, 2, edited),
        woocommerce(shop_id, 3, edited, status="processing", date_paid_gmt=paid),
        woocommerce(shop_id, 4, edited, status="processing", date_paid_gmt=paid, customer_note="ring twice"),
    ]
    if cancelled:
        life.append(woocommerce(shop_id, 5, edited, status="cancelled", date_paid_gmt=paid))
    return life


LIVES = {"shopify": shopify_life, "woocommerce": woocommerce_life}


def ends(shops: Shops, platform: str, sequences: Sequence[Sequence[int]], *, cancelled: bool) -> list[object]:
    """Return how an order ends for each sequence of its messages, each an order of its own."""
    ended: list[object] = []
    for shop_id, sequence in enumerate(sequences, 1000):
        life = LIVES[platform](shop_id, cancelled=cancelled)
        shops.keep(platform, [life[place] for place in sequence])
    shops.worker.run_due()
    for shop_id in range(1000, 1000 + len(sequences)):
        order = shops.order(shop_id)
        assert order is not None
        ended.append({name: value for name, value in order.items() if name != "number"})
    return ended


@pytest.mark.parametrize("platform", LIVES)
@pytest.mark.parametrize("cancelled", [False, True])
def test_every_sequence_ends_the_same(shops: Shops, platform: str, cancelled: bool) -> None:
    """All permutations of four or five messages, each with one of them a second time."""
    count = 5 if cancelled else 4
    sequences = [(*order, order[place % count]) for place, order in enumerate(itertools.permutations(range(count)))]
    found = ends(shops, platform, sequences, cancelled=cancelled)
    state = "cancelled" if cancelled else "open"
    assert found[0] == {
        "state": "cancelled" if cancelled else "confirmed",
        "total": D("28.00"),
        "test": False,
        "lines": {
            CUP: (D(2), D("12.5"), D("25.00"), state if cancelled else "reserved"),
            LAMP: (D(200), D("0.015"), D("3.00"), state if cancelled else "reserved"),
        },
        "paid": [D("28.00")],
    }
    assert [one for one in found if one != found[0]] == []
    assert {row.state for row in shops.deliveries()} == {"done"}


def test_an_order_that_is_deleted_unseen_ends_cancelled(shops: Shops) -> None:
    """A deletion says nothing of the order: it ends with what was known of it when it was deleted."""
    gone = Message("order.deleted", b'{"id": 500}')
    for shop_id, sequence in enumerate(itertools.permutations(range(5)), 500):
        life = woocommerce_life(shop_id, cancelled=False)
        life.append(gone._replace(body=gone.body.replace(b"500", str(shop_id).encode())))
        shops.keep("woocommerce", [life[place] for place in sequence])
    shops.worker.run_due()
    ended = [shops.order(shop_id) for shop_id in range(500, 620)]
    assert {(one["state"], *one["paid"]) for one in ended if one} == {("cancelled", D("28.00"))}
    assert None not in ended


@pytest.mark.parametrize(
    "count", [pytest.param(100, id="short"), pytest.param(2000, id="long", marks=pytest.mark.chaos)]
)
def test_many_deliveries_shuffled_with_repeats_give_exactly_the_right_orders(shops: Shops, count: int) -> None:
    """A fifth of what comes comes twice; every order ends as its own last telling, under numbers without a gap."""
    chance, orders = random.Random(4), range(1, count + 1)
    messages = [message for shop_id in orders for message in shopify_life(shop_id, cancelled=shop_id % 5 == 0)]
    messages += chance.sample(messages, len(messages) // 5)
    chance.shuffle(messages)
    shops.keep("shopify", messages)
    assert shops.worker.run_due() == len(messages)
    ended = [order for shop_id in orders if (order := shops.order(shop_id))]
    assert {one["number"] for one in ended} == {f"2026-EC-{serial:06}" for serial in orders}
    assert [one["state"] for one in ended] == ["confirmed", "confirmed", "confirmed", "confirmed", "cancelled"] * (
        count // 5
    )
    assert {(one["total"], *one["paid"]) for one in ended} == {(D("28.00"), D("28.00"))}


def test_some_sequences_end_the_same_on_both_engines(each_shops: Shops) -> None:
    sequences = list(itertools.permutations(range(3)))
    for platform in LIVES:
        found = ends(each_shops, platform, sequences, cancelled=False)
        assert [one for one in found if one != found[0]] == []
