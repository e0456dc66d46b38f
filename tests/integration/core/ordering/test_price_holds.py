"""What the price check of an order sets and keeps: discounts, margin, and what its prices can be had again by."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from core.ordering.confirm import Desk
from core.ordering.plan import Plan, plan_order
from core.ordering.release import release_holds
from core.store import orders as rows
from core.store.engine import Store
from core.store.lookup import MasterCache
from core.store.master import master_version
from core.testing.trade import (
    CRATE,
    CUP,
    MONDAY,
    Trade,
    a_line,
    an_order,
    item_row,
    partner_row,
    place,
    price_row,
    snapshot_of,
)


def trade(**changes: Any) -> Trade:
    """A cup for 100 that costs 70, a crate for 100 of which nobody knows the cost."""
    items = [item_row(CUP, cost=Decimal(70)), item_row(CRATE)]
    prices = [price_row(CUP, Decimal(100)), price_row(CRATE, Decimal(100))]
    return Trade(**({"items": items, "prices": prices, "stock": Trade().stock[:2]} | changes))


def planned(store: Store, *lines: Any, **changes: Any) -> Plan:
    def work(tx: Any) -> Plan:
        order = an_order("PO-1", *lines, **changes)
        return plan_order(snapshot_of(tx, [order]), order, test=False)

    return store.read(work)


def holds(plan: Plan) -> list[tuple[str, int | None, str]]:
    return [(hold.code, hold.line, hold.release_role) for hold in plan.holds]


@pytest.mark.parametrize(
    ("price", "expected"),
    [
        ("98", []),
        ("95", [("price.mismatch", 1, "sales")]),
        ("94.99", [("price.mismatch", 1, "sales"), ("discount.authority", 1, "sales_manager")]),
        ("89.99", [("price.mismatch", 1, "sales"), ("discount.authority", 1, "sales_director")]),
        ("84.99", [("price.mismatch", 1, "sales"), ("discount.authority", 1, "sales_vp")]),
        ("106", [("price.mismatch", 1, "sales")]),
    ],
)
def test_a_price_below_ours_asks_for_the_authority_to_grant_it(
    store: Store, price: str, expected: list[tuple[str, int | None, str]]
) -> None:
    """PRI-11: beyond the tolerance of 2 %; the price of the crate, whose margin nobody can tell."""
    store.write(trade().load)
    assert holds(planned(store, a_line(CRATE, 1, price))) == expected


@pytest.mark.parametrize(("cost", "held"), [("85", False), ("85.01", True)])
def test_an_order_below_the_minimum_margin_is_held(store: Store, cost: str, held: bool) -> None:
    """PRI-13: at our own price, whatever the buyer says of it."""
    store.write(trade(items=[item_row(CUP, cost=Decimal(cost)), item_row(CRATE)]).load)
    expected = [("margin.low", None, "sales_manager")] if held else []
    assert holds(planned(store, a_line(CUP), a_line(CRATE))) == expected


def test_targets_of_item_and_customer_count(store: Store) -> None:
    """PRI-12: 30 % are earned."""
    partners = [partner_row(target_margin=Decimal(30))]
    store.write(trade(partners=partners).load)
    assert holds(planned(store, a_line(CUP))) == []
    partners = [partner_row(target_margin=Decimal("30.01"))]
    store.write(trade(partners=partners).load)
    assert holds(planned(store, a_line(CUP))) == [("margin.low", None, "sales_manager")]
    items = [item_row(CUP, cost=Decimal(70), target_margin=Decimal(31)), item_row(CRATE)]
    store.write(trade(items=items).load)
    assert holds(planned(store, a_line(CUP))) == [("margin.low", None, "sales_manager")]


def test_samples_and_other_currencies_have_no_margin(store: Store) -> None:
    """ORD-11: a sample is free or cheap; costs are in our own currency."""
    prices = [price_row(CUP, Decimal(1)), price_row(CUP, Decimal(1), currency="USD")]
    store.write(trade(prices=prices).load)
    assert holds(planned(store, a_line(CUP))) == [("margin.low", None, "sales_vp")]
    assert holds(planned(store, a_line(CUP), type="sample")) == []
    assert holds(planned(store, a_line(CUP), currency="USD")) == [("credit.currency", None, "finance")]


def test_an_order_under_a_contract_has_its_prices(store: Store) -> None:
    """PRI-16."""
    prices = [
        price_row(CUP, Decimal(100)),
        price_row(CUP, Decimal(95), level="customer", partner="ACME", contract="C-1"),
        price_row(CUP, Decimal(90), level="customer", partner="ACME", contract="C-2"),
    ]
    store.write(trade(prices=prices).load)
    asked = {name: planned(store, a_line(CUP, 1), contract=name).lines[0].price6 for name in ("C-1", "C-2", "C-3", "")}
    assert asked == {"C-1": 95_000_000, "C-2": 90_000_000, "C-3": 100_000_000, "": 90_000_000}


def test_the_check_keeps_what_its_prices_can_be_had_again_by(store: Store) -> None:
    """PRI-18: the version of the master data, the day and the group; of each line both prices, level and cost."""
    store.write(trade(partners=[partner_row(group_code="RETAIL")]).load)
    plan = planned(store, a_line(CUP, 1, "99"), a_line(CRATE))
    assert plan.checks[-1].evidence == {
        "lines": [[1, 99_000_000, 100_000_000, "catalogue"], [2, None, 100_000_000, "catalogue"]],
        "cost": [70_000_000, None],
        "day": "2026-03-02",
        "group": "RETAIL",
        "master": store.read(master_version),
    }


def test_both_holds_of_a_discount_are_lifted_before_the_order_goes_on(each_store: Store) -> None:
    """PRI-10: accepting the price is one thing, having the authority for the discount another."""
    each_store.write(trade().load)
    (order,) = each_store.write(lambda tx: place(tx, [an_order("PO-1", a_line(CRATE, 1, "92"))]))
    states = []
    for code in ("price.mismatch", "discount.authority"):
        desk = Desk(MasterCache(), "user:eve", MONDAY)
        row = each_store.write(
            lambda tx, desk=desk, code=code: release_holds(tx, desk, order.number, reason="agreed", codes=[code])
        )
        states.append(row["state"])
    assert states == ["in_review", "confirmed"]
    (line,) = each_store.read(lambda tx: rows.lines_of(tx, order.order_id))
    assert line["price"] == Decimal(92)
