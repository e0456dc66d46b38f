"""Goods that come in: what they settle, whose they are, and what happens when they are late or fewer (INV-24)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import orjson
import pytest

from core.errors import Conflict, NotFound
from core.stock import risk
from core.stock.receipt import Receipt, Received, receive, settle
from core.stock.risk import PROMISE_AT_RISK
from core.store import alerts, master, promises
from core.store import orders as order_rows
from core.store.engine import Store, Tx
from core.store.events import of_order as events_of
from core.store.lookup import MasterCache
from core.store.stock import places_of
from core.testing.trade import CUP, MAIN, MONDAY, NORTH, Trade, a_line, an_order, place, stock_row

TODAY = date(2026, 3, 2)
D = Decimal


def day(number: int) -> date:
    return TODAY + timedelta(days=number)


def coming(*parts: tuple[int, int]) -> list[dict[str, str]]:
    return [{"quantity": str(quantity), "date": day(number).isoformat()} for number, quantity in parts]


@pytest.fixture
def shop(each_store: Store) -> Store:
    """10 cups on hand; 30 come on day 3, 20 on day 5, 20 are made on day 20."""
    supplies = {"inbound": coming((3, 30), (5, 20)), "planned": coming((20, 20))}
    trade = replace(Trade(), stock=[stock_row(CUP, 10) | supplies])
    each_store.write(trade.load)
    return each_store


def ordered(store: Store, quantity: int, reference: str = "PO-1") -> dict[str, Any]:
    (placed,) = store.write(lambda tx: place(tx, [an_order(reference, a_line(CUP, quantity))]))
    return store.read(lambda tx: order_rows.by_id(tx, placed.order_id))


def line_of(store: Store, order: dict[str, Any]) -> tuple[str, int]:
    (line,) = store.read(lambda tx: order_rows.lines_of(tx, order["id"]))
    return line["state"], int(line["reserved"])


def take(store: Store, quantity: int, reference: str = "LS-1", **more: Any) -> Received:
    receipt = Receipt(CUP, more.pop("warehouse", MAIN), D(quantity), reference, **more)
    return store.write(lambda tx: receive(tx, receipt, at=MONDAY, actor="ann"))


def expected(store: Store) -> list[tuple[date, int, int]]:
    places = store.read(lambda tx: places_of(tx, [CUP]))[CUP]
    return [(one.day, one.quantity6 // 10**6, one.promised6 // 10**6) for place in places for one in place.supplies]


def load_supply(store: Store, inbound: Sequence[dict[str, str]], planned: Sequence[dict[str, str]] = ()) -> None:
    row = {"sku": CUP, "warehouse": MAIN, "on_hand": None, "inbound": inbound, "planned": list(planned)}
    store.write(lambda tx: master.load(tx, master.MasterRows(stock=[row]), MONDAY))


def judged(store: Store, today: date = TODAY) -> list[tuple[str, date | None]]:
    """Look as the gateway does: read first, write where something is new."""
    cache = MasterCache()
    if not store.read(lambda tx: risk.changed(tx, cache, today)):
        return []
    found = store.write(lambda tx: risk.judge(tx, cache, today, MONDAY))
    return [(one.promised.number, one.proposed) for one in found]


def told(store: Store) -> list[tuple[str, int]]:
    def work(tx: Tx) -> list[tuple[str, int]]:
        found = [one for one in alerts.open_alerts(tx) if one["kind"] == PROMISE_AT_RISK]
        return [(one["subject"], one["count"]) for one in found]

    return store.read(work)


@pytest.mark.parametrize(
    ("receipt", "left", "settled", "rest"),
    [
        ((30, False), [(3, 0), (5, 20)], [(3, 30)], (0, 0)),
        ((29, False), [(3, 1), (5, 20)], [(3, 29)], (0, 0)),
        ((29, True), [(5, 20)], [(3, 29)], (0, 1)),
        ((31, False), [(5, 19)], [(3, 30), (5, 1)], (0, 0)),
        ((50, True), [], [(3, 30), (5, 20)], (0, 0)),
        ((51, False), [], [(3, 30), (5, 20)], (1, 0)),
    ],
)
def test_a_receipt_settles_what_is_due_first(
    receipt: tuple[int, bool], left: list[Any], settled: list[Any], rest: tuple[int, int]
) -> None:
    """What is over, and what is cut, are told; without an end, what is lacking stays expected."""
    quantity, final = receipt
    found = settle([(day(3), D(30)), (day(5), D(20))], Receipt(CUP, MAIN, D(quantity), "LS-1", final=final))
    dated = [[(day(number), D(part)) for number, part in parts if part] for parts in (left, settled)]
    assert found == (*dated, *map(D, rest))


def test_what_comes_goes_to_who_was_promised_it(shop: Store) -> None:
    """INV-24: 30 of day 3 become reservations; what else is there stays free, and nothing is promised twice."""
    order = ordered(shop, 40)
    assert line_of(shop, order) == ("backordered", 10)
    found = take(shop, 35)
    assert (found.orders, found.balance) == ([order["number"]], (D(45), D(40)))
    assert line_of(shop, order) == ("reserved", 40)
    assert expected(shop) == [(day(5), 15, 0), (day(20), 20, 0)]


def test_a_part_of_it_waits_for_the_rest(shop: Store) -> None:
    order = ordered(shop, 40)
    assert take(shop, 29).orders == []
    assert (line_of(shop, order), expected(shop)[0]) == (("backordered", 10), (day(3), 1, 30))
    assert take(shop, 1, "LS-2").orders == [order["number"]]


def test_a_reference_is_posted_once(shop: Store) -> None:
    first, again = take(shop, 30), take(shop, 30)
    assert (first.repeated, again.repeated, again.balance) == (False, True, first.balance)
    with pytest.raises(Conflict, match="was received with 30"):
        take(shop, 31)
    other = take(shop, 5, warehouse=NORTH)
    assert (other.over, other.balance.on_hand) == (D(5), D(5)), "another warehouse, where nothing was to come"
    with pytest.raises(NotFound):
        take(shop, 1, warehouse="NOWHERE")


def test_a_delivery_that_slips_puts_its_lines_at_risk_once_each(shop: Store) -> None:
    """INV-24: day 3 slips to day 9; the buyer's line can be had on day 10, and nothing is changed in silence."""
    order = ordered(shop, 60)
    assert judged(shop) == []
    load_supply(shop, coming((9, 30), (5, 20)))
    assert judged(shop) == [(order["number"], day(10))]
    assert judged(shop) == [], "said once"
    assert told(shop) == [(f"{order['number']} line 1", 1)]
    (said,) = [one for one in shop.read(lambda tx: events_of(tx, order["id"])) if one["event"] == risk.EVENT]
    inputs = orjson.loads(said["inputs"])
    assert (inputs["due"], inputs["proposed_date"]) == (day(3).isoformat(), day(10).isoformat())
    assert shop.read(lambda tx: order_rows.by_id(tx, order["id"]))["promised_date"] == order["promised_date"]
    load_supply(shop, coming((12, 30), (5, 20)))
    assert judged(shop) == [(order["number"], day(13))], "another day is news"
    load_supply(shop, coming((3, 30), (5, 20)))
    judged(shop)
    assert told(shop) == []


@pytest.mark.parametrize(("left", "at_risk"), [(30, []), (29, ["PO-2"]), (9, ["PO-1", "PO-2"])])
def test_of_a_delivery_that_is_cut_who_came_last_is_at_risk(shop: Store, left: int, at_risk: list[str]) -> None:
    """INV-24: 10 and 20 were promised of the 30."""
    orders = {name: ordered(shop, quantity, name) for name, quantity in (("PO-1", 20), ("PO-2", 20))}
    load_supply(shop, coming((3, left)))
    numbers = {number for number, _ in judged(shop)}
    assert {name for name, order in orders.items() if order["number"] in numbers} == set(at_risk)


@pytest.mark.parametrize(("today", "late"), [(3, False), (4, True)])
def test_what_is_due_today_is_not_late_yet(shop: Store, today: int, late: bool) -> None:
    order = ordered(shop, 40)
    load_supply(shop, coming((3, 30)))
    found = judged(shop, day(today))
    assert found == ([(order["number"], None)] if late else [])


def test_a_final_receipt_that_is_short_puts_the_rest_at_risk(shop: Store) -> None:
    order = ordered(shop, 60)
    found = take(shop, 25, final=True)
    assert (found.cut, found.orders) == (D(5), [])
    waits = shop.read(lambda tx: promises.of_order(tx, order["id"]))
    assert [one["day"] for one in waits] == [day(3), day(5)]
    assert [number for number, _ in judged(shop)] == [order["number"]]
