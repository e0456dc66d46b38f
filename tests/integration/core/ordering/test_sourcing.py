"""From which warehouses an order is served, by cost and by routes, and that others find the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from core.documents import ChangedLine, ChangeFunction, LineAction, OrderChange
from core.ordering.amend import Request, amend
from core.ordering.confirm import Desk
from core.ordering.release import release_holds
from core.reporting.evidence import checks
from core.reporting.orders import order as told_order
from core.review.rulebook import read_rulebook
from core.store import master, rulebooks
from core.store import orders as order_rows
from core.store.engine import Store, Tx
from core.store.lookup import MasterCache
from core.testing.trade import CRATE, CUP, GTINS, LAMP, MAIN, MONDAY, NORTH, Trade, a_line, an_order, place, stock_row

TODAY = date(2026, 3, 2)
WEST = "WEST"


def warehouse(code: str, priority: int, hours: int, transfer: str, shipping: str) -> dict[str, Any]:
    return {
        "code": code, "name": code.title(), "country": "DE", "priority": priority, "transfer_hours": hours,
        "transfer_cost": Decimal(transfer), "shipping_cost": Decimal(shipping),
    }  # fmt: skip


@pytest.fixture
def shop(each_store: Store) -> Store:
    """MAIN ships for 5, NORTH for 9, WEST for 4; bringing goods from NORTH takes a day and 2, from WEST 3 and 1."""
    stock = [
        stock_row(CUP, 10, MAIN), stock_row(CUP, 30, NORTH), stock_row(CUP, 100, WEST),
        stock_row(LAMP, 50, MAIN), stock_row(CRATE, 10, NORTH),
    ]  # fmt: skip
    each_store.write(replace(Trade(), stock=stock).load)
    sites = [
        warehouse(MAIN, 1, 0, "0", "5"), warehouse(NORTH, 2, 24, "2", "9"), warehouse(WEST, 3, 72, "1", "4"),
    ]  # fmt: skip
    each_store.write(lambda tx: master.load(tx, master.MasterRows(warehouses=sites), MONDAY))
    return each_store


def put_in_force(store: Store, **sections: Any) -> None:
    book = read_rulebook(sections)
    store.write(lambda tx: rulebooks.put_in_force(tx, book, actor="ann", reason="new", at=MONDAY))


def placed(store: Store, *lines: Any, reference: str = "PO-1", **changes: Any) -> dict[str, Any]:
    (one,) = store.write(lambda tx: place(tx, [an_order(reference, *lines, **changes)]))
    return told(store, one.number)


def told(store: Store, number: str) -> dict[str, Any]:
    def work(tx: Tx) -> dict[str, Any]:
        found = told_order(tx, number)
        row = order_rows.by_number(tx, number)
        found["taken"] = [
            (one["line"], one["warehouse"], int(one["quantity"]))
            for one in order_rows.reservations_of(tx, row["id"], "active")
        ]
        reviewed = [one for one in checks(tx, number)["checks"] if one["group"] == "availability"]
        found["sourcing"] = reviewed[-1]["evidence"].get("sourcing")
        return found

    return store.read(work)


def taken(order: dict[str, Any]) -> Sequence[tuple[int, str, int]]:
    return sorted(order["taken"])


def test_an_order_goes_where_the_goods_are(shop: Store) -> None:
    """INT-22: 20 cups are more than MAIN has; of those that have them alone, WEST ships cheapest."""
    found = placed(shop, a_line(CUP, 20))
    assert (found["state"], taken(found)) == ("confirmed", [(1, WEST, 20)])
    assert (found["assignment"]["warehouse"], found["assignment"]["rule"]) == (WEST, "sourcing.cost")
    assert "single from WEST costs 4" in found["sourcing"]["comparison"]
    assert [one["warehouse"] for one in found["sourcing"]["tried"]] == [MAIN, NORTH]


@pytest.mark.parametrize(
    ("days", "kind", "parts", "promised"),
    [
        (2, "consolidated", [(1, NORTH, 10), (2, MAIN, 5)], 2),
        (1, "split", [(1, NORTH, 10), (2, MAIN, 5)], 1),
    ],
)
def test_the_cheapest_way_that_meets_the_day_is_taken(
    shop: Store, days: int, kind: str, parts: list[tuple[int, str, int]], promised: int
) -> None:
    """INV-06: lamps are in MAIN, crates in NORTH; together for 5 + 2 after a day, apart for 5 + 9 at once."""
    requested = TODAY + timedelta(days=days)
    found = placed(shop, a_line(CRATE, 10), a_line(LAMP, 5), requested_date=requested)
    assert (found["sourcing"]["chosen"]["kind"], taken(found)) == (kind, parts)
    assert {line["promised_date"] for line in found["lines"]} == {(TODAY + timedelta(days=promised)).isoformat()}
    assert {one["kind"]: one["cost"] for one in found["sourcing"]["plans"]} == {
        "consolidated": "7.00",
        "split": "14.00",
    }


@pytest.mark.parametrize(
    ("days", "kind", "cost", "promised"),
    [(None, "consolidated", "8.00", 5), (4, "consolidated", "8.00", 4), (3, "split", "13.00", 3)],
)
def test_what_no_warehouse_has_alone_comes_from_the_cheapest_few(
    shop: Store, days: int | None, kind: str, cost: str, promised: int
) -> None:
    """INV-06: WEST's cups are in MAIN on day 3 and leave a day later; before that, NORTH and WEST ship theirs."""
    requested = None if days is None else TODAY + timedelta(days=days)
    found = placed(shop, a_line(CUP, 115), requested_date=requested)
    chosen = found["sourcing"]["chosen"]
    assert (chosen["kind"], chosen["cost"], sum(part for _, _, part in taken(found))) == (kind, cost, 115)
    assert found["lines"][0]["promised_date"] == (TODAY + timedelta(days=promised)).isoformat()


def test_two_lines_of_one_item_share_what_was_chosen_and_the_next_order_gets_the_rest(shop: Store) -> None:
    first = placed(shop, a_line(CUP, 60), a_line(CUP, 40))
    assert taken(first) == [(1, WEST, 60), (2, WEST, 40)]
    second = placed(shop, a_line(CUP, 30), reference="PO-2")
    assert taken(second) == [(1, MAIN, 10), (1, NORTH, 20)], "brought to MAIN for 2 + 5, not shipped from NORTH for 9"
    third = placed(shop, a_line(CUP, 10), reference="PO-3")
    assert (taken(third), third["assignment"]) == ([(1, NORTH, 10)], None), "one warehouse has some: there is no choice"
    short = placed(shop, a_line(CUP, 1), reference="PO-4")
    assert [hold["code"] for hold in short["holds"]] == ["stock.short"]


def test_orders_of_one_batch_see_what_those_before_took(shop: Store) -> None:
    orders = [an_order(f"PO-{number}", a_line(CUP, 70)) for number in (1, 2, 3)]
    made = shop.write(lambda tx: place(tx, orders))
    assert [one.plan.confirmed for one in made] == [True, True, False]
    first, second = (taken(told(shop, one.number)) for one in made[:2])
    assert (first, second) == ([(1, WEST, 70)], [(1, MAIN, 10), (1, NORTH, 30), (1, WEST, 30)])


ROUTES = [
    {"name": "berlin", "warehouse": NORTH, "team": "East", "country": "DE", "region": "BE"},
    {"name": "rest", "team": "House"},
]


@pytest.mark.parametrize(
    ("quantity", "where", "rule"), [(30, NORTH, "berlin"), (31, WEST, "sourcing.cost"), (100, WEST, "sourcing.cost")]
)
def test_a_route_decides_on_warehouse_and_team(shop: Store, quantity: int, where: str, rule: str) -> None:
    """INT-21: Berlin is served by NORTH, dearer though it is, as far as it has it all; the team is the route's."""
    put_in_force(shop, routing={"routes": ROUTES})
    found = placed(shop, a_line(CUP, quantity))
    assert (found["assignment"]["warehouse"], found["assignment"]["team"]) == (where, "East")
    assert (found["assignment"]["rule"], found["assignment"]["rule_version"]) == (rule, "2")


def test_a_route_tells_of_an_order_that_one_warehouse_has(shop: Store) -> None:
    """INT-21: there is no choice of warehouses, but one of teams."""
    put_in_force(shop, routing={"routes": [{**ROUTES[0], "region": "BY"}, ROUTES[1]]})
    found = placed(shop, a_line(LAMP, 5))
    assert found["assignment"] | {"at": ""} == {
        "warehouse": MAIN, "team": "House", "rule": "rest", "rule_version": "2", "at": "",
    }  # fmt: skip


def test_a_route_to_a_warehouse_that_has_nothing_did_not_decide_on_it(shop: Store) -> None:
    """INT-21: Berlin's lamps are in MAIN alone; the team is the route's all the same."""
    put_in_force(shop, routing={"routes": ROUTES})
    found = placed(shop, a_line(LAMP, 5))["assignment"]
    assert (found["warehouse"], found["team"], found["rule"]) == (MAIN, "East", "sourcing.cost")


def test_a_person_who_lets_an_order_go_serves_it_from_the_same_warehouses(shop: Store) -> None:
    """INT-22: what is confirmed by hand goes where it is cheapest, too."""
    held = placed(shop, a_line(CUP, 60, price="11.00"))
    assert (held["state"], held["taken"]) == ("in_review", [])
    desk = Desk(MasterCache(), actor="ann", now=MONDAY)
    shop.write(lambda tx: release_holds(tx, desk, held["number"], reason="as agreed"))
    found = told(shop, held["number"])
    assert (found["state"], taken(found), found["assignment"]["warehouse"]) == ("confirmed", [(1, WEST, 60)], WEST)


def test_a_change_is_served_anew_with_its_own_goods_counted_free(shop: Store) -> None:
    first = placed(shop, a_line(CUP, 100))
    asked = ChangedLine(line=1, action=LineAction.CHANGE, quantity=Decimal(20), gtin=GTINS[CUP])
    change = OrderChange(number="C-1", buyer_reference="PO-1", function=ChangeFunction.CHANGE, lines=(asked,))

    def work(tx: Tx) -> None:
        desk = Desk(MasterCache(), actor="ann", now=MONDAY)
        order = order_rows.by_number(tx, first["number"], lock=True)
        amend(tx, desk, order, Request(change, tx.ids.next()))

    shop.write(work)
    found = told(shop, first["number"])
    assert (taken(first), taken(found)) == ([(1, WEST, 100)], [(1, WEST, 20)])
