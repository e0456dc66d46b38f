"""Samples alone may cost nothing; every other order at a price of 0 waits for a person (ORD-11)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from core.store import orders as order_rows
from core.store.engine import Store
from core.testing.trade import CUP, LAMP, PRICES, Trade, a_line, an_order, item_row, place, price_row


def holds_of(store: Store, order: Any) -> list[tuple[str, str]]:
    found = store.read(lambda tx: order_rows.holds_of(tx, order.order_id))
    return sorted((hold["code"], hold["rule"]) for hold in found)


def placed(store: Store, order_type: str, price: str | None, sku: str = CUP) -> Any:
    order = an_order("PO-1", a_line(sku, 1, price), type=order_type)
    return store.write(lambda tx: place(tx, [order]))[0]


def test_a_sample_may_be_free(traded: Store) -> None:
    """ORD-11."""
    order = placed(traded, "sample", "0")
    head = traded.read(lambda tx: order_rows.by_id(tx, order.order_id))
    assert (holds_of(traded, order), head["state"], head["total"]) == ([], "confirmed", Decimal(0))


@pytest.mark.parametrize("order_type", ["standard", "urgent", "pre_order"])
def test_no_other_order_is_free(traded: Store, order_type: str) -> None:
    """ORD-11: zero price allowed only for type sample."""
    assert ("price.missing", "price.free") in holds_of(traded, placed(traded, order_type, "0"))


@pytest.mark.parametrize(("order_type", "held"), [("standard", True), ("sample", False)])
def test_a_price_of_ours_that_is_0_is_for_samples_alone(store: Store, order_type: str, held: bool) -> None:
    """ORD-11: nobody has to say 0 for it."""
    prices = [price_row(sku, Decimal(0) if sku == LAMP else amount) for sku, amount in PRICES.items()]
    store.write(Trade(prices=prices).load)
    assert holds_of(store, placed(store, order_type, None, LAMP)) == ([("price.missing", "price.free")] if held else [])


def test_the_least_price_is_one(store: Store) -> None:
    """ORD-11: the other side of the boundary, a millionth."""
    prices = [price_row(CUP, Decimal("0.000001"))]
    store.write(Trade(items=[item_row(CUP)], prices=prices, stock=Trade().stock).load)
    assert holds_of(store, placed(store, "standard", "0.000001")) == []


def test_a_sample_that_is_not_free_is_held_to_our_price(traded: Store) -> None:
    """ORD-11: free or at a low price; a low price that we did not give is a person's decision."""
    assert [code for code, _ in holds_of(traded, placed(traded, "sample", "1.00"))] == [
        "discount.authority",
        "price.mismatch",
    ]


def test_an_item_without_a_price_may_go_out_as_a_sample(store: Store) -> None:
    store.write(Trade(prices=[]).load)
    assert holds_of(store, placed(store, "sample", "0")) == []
