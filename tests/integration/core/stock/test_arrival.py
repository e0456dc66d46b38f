"""Orders that supply to come serves: promised by date, and reserved when the goods are there (INV-01, ORD-10)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from core.errors import Conflict
from core.fulfilment.release import release_order
from core.ordering.cancel import cancel_order
from core.ordering.confirm import Desk
from core.ordering.expire import expire_reservation
from core.ordering.release import release_holds
from core.stock.arrival import serve_promises
from core.stock.ledger import Count, Transfer, count_stock, transfer_stock
from core.store import orders as order_rows
from core.store import promises, timers
from core.store.engine import Store, Tx
from core.store.lookup import MasterCache
from core.store.orders import StockShort
from core.store.promises import SupplyPromise
from core.store.stock import places_of
from core.testing.trade import CUP, MAIN, MONDAY, NORTH, Trade, a_line, an_order, partner_row, place, stock_row

TODAY = date(2026, 3, 2)
REQUESTED = date(2026, 3, 9)


def day(number: int) -> date:
    return TODAY + timedelta(days=number)


@pytest.fixture
def shop(each_store: Store) -> Store:
    """10 cups on hand, 50 come on day 3, 20 are made on day 20; ACME tolerates two days after the requested day 7."""
    supplies = {
        "inbound": [{"quantity": "50", "date": day(3).isoformat()}],
        "planned": [{"quantity": "20", "date": day(20).isoformat()}],
    }
    trade = replace(Trade(), stock=[stock_row(CUP, 10) | supplies, stock_row(CUP, 0, NORTH)])
    each_store.write(trade.load)
    return each_store


def order(store: Store, *quantities: int, reference: str = "PO-1", **changes: Any) -> dict[str, Any]:
    """Place an order of cups; return its row with lines, holds and promises."""
    lines = [a_line(CUP, quantity, **changes.pop("line", {})) for quantity in quantities]
    (placed,) = store.write(lambda tx: place(tx, [an_order(reference, *lines, **changes)]))
    return row_of(store, placed.order_id)


def row_of(store: Store, order_id: int) -> dict[str, Any]:
    def work(tx: Tx) -> dict[str, Any]:
        row = order_rows.by_id(tx, order_id)
        row["lines"] = order_rows.lines_of(tx, order_id)
        row["holds"] = order_rows.holds_of(tx, order_id)
        row["promises"] = [(one["kind"], one["day"], one["quantity"]) for one in promises.of_order(tx, order_id)]
        return row

    return store.read(work)


def desk() -> Desk:
    return Desk(MasterCache(), actor="ann", now=MONDAY)


def free(store: Store) -> list[int]:
    """Return what is free now, of the inbound and of the planned."""
    main = next(one for one in store.read(lambda tx: places_of(tx, [CUP]))[CUP] if one.warehouse == MAIN)
    return [amount // 10**6 for amount in (main.free6, *(supply.free6 for supply in main.supplies))]


def count(store: Store, pieces: int, warehouse: str = MAIN) -> None:
    store.write(lambda tx: count_stock(tx, [Count(CUP, warehouse, Decimal(pieces), "receipt")], at=MONDAY, actor="ann"))


def test_a_line_that_inbound_serves_in_time_is_promised_for_its_day(shop: Store) -> None:
    """INV-01: 10 from hand and 30 of day 3; a day of handling, so the buyer is promised day 4, before the day 7."""
    found = order(shop, 40)
    line = found["lines"][0]
    assert (found["state"], found["holds"], found["promised_date"]) == ("confirmed", [], REQUESTED - timedelta(days=3))
    assert (line["state"], line["reserved"], line["promised_date"]) == ("backordered", 10, day(4))
    assert found["promises"] == [("inbound", day(3), 30)]
    assert free(shop) == [0, 20, 20]


def test_lines_from_hand_keep_their_day(shop: Store) -> None:
    found = order(shop, 10, 5)
    assert [(line["state"], line["promised_date"]) for line in found["lines"]] == [
        ("reserved", REQUESTED), ("backordered", day(4)),
    ]  # fmt: skip
    assert found["promised_date"] == REQUESTED


@pytest.mark.parametrize(("requested", "tolerated"), [(2, True), (1, False)])
def test_supply_after_what_the_buyer_tolerates_holds_the_line(shop: Store, requested: int, tolerated: bool) -> None:
    """INV-24: day 4 is two days after day 2, which is tolerated, and three after day 1."""
    found = order(shop, 40, requested_date=day(requested))
    assert ([hold["code"] for hold in found["holds"]] == []) is tolerated
    assert bool(found["promises"]) is tolerated


@pytest.mark.parametrize(("quantity", "held"), [(60, []), (61, ["stock.short"])])
def test_what_is_made_too_late_does_not_serve(shop: Store, quantity: int, held: list[str]) -> None:
    assert [hold["code"] for hold in order(shop, quantity)["holds"]] == held


def test_the_hold_of_a_short_line_says_what_can_be_done(shop: Store) -> None:
    """INV-07: the rest comes on day 20; what is on hand and what comes by then may be told to the buyer."""
    (hold,) = order(shop, 61)["holds"]
    assert [(one["option"], one["date"]) for one in hold["inputs"]["options"]] == [
        ("later_date", day(21).isoformat()), ("split", day(21).isoformat()), ("raise_priority", REQUESTED.isoformat()),
    ]  # fmt: skip


def test_the_next_order_gets_what_is_left_of_the_supply(shop: Store) -> None:
    order(shop, 45)
    assert order(shop, 15, reference="PO-2")["state"] == "confirmed"
    assert [hold["code"] for hold in order(shop, 1, reference="PO-3")["holds"]] == ["stock.short"]


def test_two_orders_of_one_batch_share_the_supply(shop: Store) -> None:
    orders = [an_order(f"PO-{number}", a_line(CUP, 30)) for number in (1, 2, 3)]
    placed = shop.write(lambda tx: place(tx, orders))
    assert [one.plan.confirmed for one in placed] == [True, True, False]
    assert free(shop) == [0, 0, 20]


@pytest.mark.parametrize(("quantity", "held"), [(20, []), (21, ["stock.short"])])
def test_a_pre_order_takes_production_and_nothing_on_hand(shop: Store, quantity: int, held: list[str]) -> None:
    """ORD-10: production of day 20 serves it, 10 on hand and 50 inbound stay free."""
    found = order(shop, quantity, type="pre_order", requested_date=None)
    assert [hold["code"] for hold in found["holds"]] == held
    if not held:
        assert (found["promised_date"], found["lines"][0]["reserved"]) == (day(21), 0)
        assert free(shop) == [10, 50, 0]


def test_what_came_is_reserved_for_who_was_promised_it(shop: Store) -> None:
    """INV-09, INV-24: first the earlier day, whoever asked first; nobody is passed over."""
    pre = order(shop, 15, type="pre_order", requested_date=None, reference="PO-PRE")
    first = order(shop, 40)
    count(shop, 39)
    assert row_of(shop, first["id"])["lines"][0]["reserved"] == 10, "29 of the 30 are there"
    count(shop, 54)
    served, waits = row_of(shop, first["id"]), row_of(shop, pre["id"])
    assert (served["lines"][0]["state"], served["lines"][0]["reserved"], served["promises"]) == ("reserved", 40, [])
    assert (waits["lines"][0]["state"], waits["lines"][0]["reserved"]) == ("backordered", 0)
    count(shop, 55)
    assert row_of(shop, pre["id"])["lines"][0]["state"] == "reserved"
    active = shop.read(lambda tx: order_rows.reservations_of(tx, first["id"], "active"))
    assert [(row["warehouse"], row["quantity"]) for row in active] == [(MAIN, 40)]


def test_a_pre_order_goes_to_the_warehouse_when_its_goods_are_there(shop: Store) -> None:
    """ORD-10: it stays confirmed, bound to its supply, until then."""
    found = order(shop, 15, type="pre_order", requested_date=None)
    with pytest.raises(Conflict, match="waits for supply that is due on 2026-03-22"):
        shop.write(lambda tx: release_order(tx, found["id"], actor="ann", now=MONDAY))
    count(shop, 15)
    shop.write(lambda tx: release_order(tx, found["id"], actor="ann", now=MONDAY))
    assert row_of(shop, found["id"])["state"] == "released"


def test_a_transfer_serves_who_waits_in_the_target(shop: Store) -> None:
    found = order(shop, 40)
    count(shop, 30, NORTH)
    assert row_of(shop, found["id"])["lines"][0]["reserved"] == 10
    move = Transfer(CUP, NORTH, MAIN, Decimal(30), "for PO-1")
    shop.write(lambda tx: transfer_stock(tx, move, at=MONDAY, actor="ann"))
    assert row_of(shop, found["id"])["lines"][0]["state"] == "reserved"


def test_a_cancelled_order_gives_supply_back(shop: Store) -> None:
    found = order(shop, 40)
    shop.write(lambda tx: cancel_order(tx, desk(), found["number"], reason="not needed"))
    assert free(shop) == [10, 50, 20]


def test_a_reservation_that_ends_keeps_the_place_in_the_supply(shop: Store) -> None:
    """INV-10: what was reserved is free, what is to come is still promised; released, both are its own again."""
    found = order(shop, 40)
    assert shop.write(lambda tx: expire_reservation(tx, found["id"], MONDAY))
    assert free(shop) == [10, 20, 20]
    shop.write(lambda tx: release_holds(tx, desk(), found["number"]))
    again = row_of(shop, found["id"])
    assert (again["lines"][0]["state"], again["lines"][0]["reserved"], free(shop)) == ("backordered", 10, [0, 20, 20])


def test_a_held_order_is_promised_supply_when_a_person_releases_it(shop: Store) -> None:
    found = order(shop, 40, line={"price": "99"})
    assert ([hold["code"] for hold in found["holds"]], free(shop)) == (["price.mismatch"], [10, 50, 20])
    shop.write(lambda tx: release_holds(tx, desk(), found["number"]))
    confirmed = row_of(shop, found["id"])
    assert (confirmed["state"], confirmed["promised_date"], free(shop)) == ("confirmed", day(4), [0, 20, 20])
    assert (confirmed["lines"][0]["state"], confirmed["total"]) == ("backordered", Decimal(40 * 99))


def test_supply_is_not_promised_twice(shop: Store) -> None:
    """INV-01: both sides of what is left, under the locks of stock."""

    def promise(order_id: int, pieces: int) -> SupplyPromise:
        return SupplyPromise(CUP, MAIN, "inbound", day(3), order_id, 1, pieces * 10**6)

    shop.write(lambda tx: promises.promise(tx, [promise(1, 30), promise(2, 20)]))
    with pytest.raises(StockShort):
        shop.write(lambda tx: promises.promise(tx, [promise(3, 1)]))
    assert free(shop) == [10, 0, 20]


def test_an_order_that_is_made_automatically_starts_when_its_goods_are_there(shop: Store) -> None:
    """No parcel is packed before; the reservation's days run from the arrival (INV-10, INV-11)."""
    auto = partner_row(fulfilment="auto", allow_auto=True, reservation_days=14)
    shop.write(replace(Trade(), partners=[auto], stock=[]).load)
    found = order(shop, 40)
    later = MONDAY + timedelta(days=3)

    def due(kind: str) -> list[Any]:
        until = MONDAY + timedelta(days=90)
        rows = shop.read(lambda tx: timers.due(tx, until, [kind], 9))
        return [timer.due_at for timer in rows if timer.subject_id == found["id"]]

    assert (due("fulfilment.auto"), due("reservation.expire")) == ([], [MONDAY + timedelta(days=3 + 1 + 14)])
    count(shop, 40)
    shop.write(lambda tx: serve_promises(tx, promises.waiting_keys(tx), later))
    assert due("fulfilment.auto") == [MONDAY]
    assert due("reservation.expire") == [MONDAY + timedelta(days=14)]
