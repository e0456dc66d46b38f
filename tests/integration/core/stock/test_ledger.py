"""Counts and transfers on both databases: the ledger adds up, alerts are told once (INV-18 to INV-23)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select

from core.errors import Conflict, NotFound
from core.stock import low
from core.stock.ledger import Count, Transfer, count_stock, transfer_stock
from core.store import alerts
from core.store.engine import Store, Tx
from core.store.orders import reserve_stock
from core.store.tables.master import stock, stock_moves
from core.testing.trade import CUP, LAMP, MAIN, MONDAY, NORTH, Trade, item_row


@pytest.fixture
def trade(each_store: Store) -> Store:
    """100 cups in MAIN and 40 in NORTH; the cup's alert line is 120, its maximum 150."""
    cup = item_row(CUP, safety_stock=Decimal(20), reorder_point=Decimal(120), max_stock=Decimal(150))
    plain = Trade()
    others = [item_row(row["sku"], safety_stock=None, reorder_point=None, max_stock=None) for row in plain.items[1:]]
    each_store.write(lambda tx: replace(plain, items=[cup, *others]).load(tx))
    return each_store


def count(store: Store, *counts: Count) -> list[Any]:
    return store.write(lambda tx: count_stock(tx, counts, at=MONDAY, actor="ann"))


def move(store: Store, quantity: int, source: str = MAIN, target: str = NORTH, sku: str = CUP) -> Any:
    transfer = Transfer(sku, source, target, Decimal(quantity), "shop opens")
    return store.write(lambda tx: transfer_stock(tx, transfer, at=MONDAY, actor="ann"))


def reserve(store: Store, quantity: int, warehouse: str = MAIN) -> None:
    store.write(lambda tx: reserve_stock(tx, {(CUP, warehouse): quantity * 10**6}))


def balances(store: Store) -> dict[tuple[str, str], Decimal]:
    """Return what is on hand; the ledger adds up to it (INV-18)."""

    def work(tx: Tx) -> dict[tuple[str, str], Decimal]:
        moved = select(stock_moves.c.sku, stock_moves.c.warehouse, func.sum(stock_moves.c.quantity).label("sum"))
        ledger = {
            (row.sku, row.warehouse): row.sum
            for row in tx.execute(moved.group_by(stock_moves.c.sku, stock_moves.c.warehouse))
        }
        held = {(row.sku, row.warehouse): row.on_hand for row in tx.execute(select(stock))}
        assert {key: amount for key, amount in held.items() if amount} == {
            key: one for key, one in ledger.items() if one
        }
        return held

    return store.read(work)


def moves(store: Store, kind: str) -> list[tuple[Any, ...]]:
    """Return the lines of a kind that say why: warehouse, quantity, reason, actor."""
    columns = (stock_moves.c.warehouse, stock_moves.c.quantity, stock_moves.c.reason, stock_moves.c.actor)
    statement = select(*columns).where(stock_moves.c.kind == kind, stock_moves.c.reason.is_not(None))
    return [tuple(row) for row in store.read(lambda tx: tx.execute(statement.order_by(stock_moves.c.id)).all())]


def low_alerts(store: Store) -> list[str]:
    open_now = store.read(alerts.open_alerts)
    return [row["subject"] for row in open_now if row["kind"] == low.STOCK_LOW]


def test_a_count_posts_the_difference_with_its_reason(trade: Store) -> None:
    """INV-22: book against actual; what is as booked leaves no line."""
    found = count(trade, Count(CUP, MAIN, Decimal("97.5"), "broken"), Count(LAMP, MAIN, Decimal(100), "year's end"))
    assert [(one.booked, one.difference, one.short) for one in found] == [(100, Decimal("-2.5"), 0), (100, 0, 0)]
    assert moves(trade, "count") == [(MAIN, Decimal("-2.5"), "broken", "ann")]
    assert balances(trade)[CUP, MAIN] == Decimal("97.5")


def test_a_count_below_what_is_reserved_says_what_is_short(trade: Store) -> None:
    reserve(trade, 30)
    assert [count(trade, Count(CUP, MAIN, Decimal(counted), "found"))[0].short for counted in (30, 29)] == [0, 1]


def test_a_count_brings_an_item_into_a_warehouse(trade: Store) -> None:
    count(trade, Count(LAMP, NORTH, Decimal(7), "found"))
    assert balances(trade)[LAMP, NORTH] == 7


def test_what_is_unknown_or_counted_twice_counts_nothing(trade: Store) -> None:
    good = Count(CUP, MAIN, Decimal(1), "found")
    for bad, error in (
        (good._replace(sku="NO-1"), NotFound), (good._replace(warehouse="MOON"), NotFound), (good, Conflict)
    ):  # fmt: skip
        with pytest.raises(error):
            count(trade, good, bad)
    assert balances(trade)[CUP, MAIN] == 100


def test_a_transfer_is_two_lines_and_changes_no_sum(trade: Store) -> None:
    """INV-23: both sides of what is not reserved."""
    reserve(trade, 60)
    with pytest.raises(Conflict, match="MAIN has 40 of CUP-1 that is not reserved"):
        move(trade, 41)
    after = move(trade, 40)
    assert [(after[place].on_hand, after[place].reserved) for place in (MAIN, NORTH)] == [(60, 60), (80, 0)]
    assert moves(trade, "transfer") == [(MAIN, -40, "shop opens", "ann"), (NORTH, 40, "shop opens", "ann")]
    assert balances(trade)[CUP, NORTH] == 80
    with pytest.raises(Conflict, match="another warehouse"):
        move(trade, 1, MAIN, MAIN)
    with pytest.raises(Conflict, match="NORTH has 0"):
        move(trade, 1, NORTH, MAIN, sku=LAMP)


def test_low_stock_is_told_once_a_crossing(trade: Store) -> None:
    """INV-20: 140 are available and the line is 120; 120 is not low, 119 is, and told once until it is above again."""
    for counted, open_now in ((80, []), (79, [CUP]), (70, [CUP]), (80, []), (60, [CUP])):
        count(trade, Count(CUP, MAIN, Decimal(counted), "found"))
        assert low_alerts(trade) == open_now, counted
    kept = trade.read(alerts.open_alerts)
    assert [(row["subject"], row["count"]) for row in kept] == [(CUP, 1)], "told once, not once a look"


def test_orders_that_cross_the_line_are_seen_at_the_next_look(trade: Store) -> None:
    """INV-20: nothing is looked for while an order is placed; the look afterwards finds what it did."""
    reserve(trade, 20)
    assert trade.read(low.changed) == []
    reserve(trade, 1)
    assert trade.read(low.changed) == [CUP]
    assert trade.write(lambda tx: low.judge(tx, [CUP], MONDAY)) == [CUP]
    assert trade.read(low.changed) == []
    assert trade.write(lambda tx: low.judge(tx, [CUP], MONDAY)) == []
