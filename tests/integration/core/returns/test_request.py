"""Requests to send goods back: numbered without gap or double, decided by the policy, never more than was delivered."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from core.audit.verify import verify
from core.errors import Conflict, NotFound
from core.returns.request import ReturnRequest, request_return
from core.store import events as event_rows
from core.store import orders as order_rows
from core.store.engine import Store, Tx
from core.store.returns import page_of_rmas
from core.store.shipping import PackageRow, ShipmentRow, insert_packages, insert_shipment
from core.testing.trade import CUP, MONDAY, Trade, a_line, an_order, place


class House:
    """A store with ACME's master data; its orders are delivered when a test says so."""

    def __init__(self, store: Store) -> None:
        self.store = store
        store.write(Trade().load)

    def order(self, reference: str, quantity: int = 10) -> str:
        return self.store.write(lambda tx: place(tx, [an_order(reference, a_line(CUP, quantity))]))[0].number

    def deliver(self, number: str, quantity: str, at: datetime = MONDAY) -> None:
        def work(tx: Tx) -> None:
            order = order_rows.by_number(tx, number)
            made = tx.ids.next()
            shipment = ShipmentRow(
                made, f"DA-{made}", order["id"], order["partner_id"], "sandbox", "delivered", f"B-{made}", None, at,
                at, at, "A. Nowak",
            )  # fmt: skip
            insert_shipment(tx, shipment)
            insert_packages(tx, made, [PackageRow(f"{made}"[-18:], 1, None, ((1, Decimal(quantity)),))])

        self.store.write(work)

    def ask(self, number: str, quantity: str, **how: Any) -> dict[str, Any]:
        reason = how.pop("reason", "not_wanted")
        asked = ReturnRequest(number, {how.pop("line", 1): Decimal(quantity)}, reason)
        context = {"partner": None, "actor": "anna", "now": MONDAY, **how}
        rma = self.store.write(lambda tx: request_return(tx, asked, **context))
        return self.store.read(lambda tx: page_of_rmas(tx, number=rma))[0]


@pytest.fixture
def house(prepared_url: str) -> Iterator[House]:
    store = Store(prepared_url)
    yield House(store)
    store.close()


def test_each_return_has_a_number_of_its_own(house: House) -> None:
    """NUM-07: two returns, two numbers; a refused one has one, too."""
    number = house.order("PO-1")
    house.deliver(number, "10")
    numbers = [house.ask(number, "4")["number"], house.ask(number, "1", now=MONDAY + timedelta(days=31))["number"]]
    assert numbers == ["RMA-2026-000001", "RMA-2026-000002"]


def test_returns_asked_for_at_once_get_consecutive_numbers(house: House) -> None:
    """NUM-07: and a year begins anew, in the time zone of the company (Berlin)."""
    orders = [house.order(f"PO-{count}") for count in range(8)]
    for number in orders:
        house.deliver(number, "10")
    with ThreadPoolExecutor(8) as pool:
        found = sorted(one["number"] for one in pool.map(lambda number: house.ask(number, "1"), orders))
    assert found == [f"RMA-2026-{serial:06d}" for serial in range(1, 9)]
    turn = datetime.fromisoformat("2026-12-31T23:00:00+00:00")
    assert house.ask(orders[0], "1", reason="damaged", now=turn)["number"] == "RMA-2027-000001"
    last = house.ask(orders[0], "1", reason="damaged", now=turn - timedelta(seconds=1))
    assert last["number"] == "RMA-2026-000009"


def test_what_the_policy_decides_is_kept_and_told(house: House) -> None:
    """RMA-01, RMA-02: with its reason, its inputs and the version of the rule."""
    number = house.order("PO-1")
    house.deliver(number, "10")
    taken, late = house.ask(number, "4"), house.ask(number, "4", now=MONDAY + timedelta(days=40))
    assert (taken["state"], late["state"]) == ("authorised", "refused")
    assert late["because"] == "delivered 40 days ago; not_wanted is taken back for 30 days"
    assert (late["decided_by"], late["rule_version"], late["inputs"]["allowed_days"]) == ("rule:returns.days", "1", 30)
    assert taken["lines"] == [{"line": 1, "quantity": "4"}]
    order_id = house.store.read(lambda tx: order_rows.by_number(tx, number))["id"]
    told = house.store.read(lambda tx: event_rows.of_order(tx, order_id))[-2:]
    assert [(one["event"], one["summary"].split(" ")[0]) for one in told] == [
        ("return.authorised", "RMA-2026-000001"), ("return.refused", "RMA-2026-000002"),
    ]  # fmt: skip
    assert house.store.read(verify)["ok"]


def test_no_more_comes_back_than_was_delivered(house: House) -> None:
    number = house.order("PO-1")
    with pytest.raises(Conflict, match=r"nothing of .* was delivered"):
        house.ask(number, "1")
    house.deliver(number, "6")
    house.deliver(number, "3")
    with pytest.raises(Conflict, match=r"of line 1, 9 can come back, not 9\.000001"):
        house.ask(number, "9.000001")
    house.ask(number, "5")
    with pytest.raises(Conflict, match="of line 1, 4 can come back, not 5"):
        house.ask(number, "5")
    assert house.ask(number, "4")["number"] == "RMA-2026-000002", "what is not kept takes no number"
    with pytest.raises(Conflict, match="of line 2, 0 can come back"):
        house.ask(number, "1", line=2)


def test_what_was_refused_does_not_count_as_coming_back(house: House) -> None:
    number = house.order("PO-1")
    house.deliver(number, "6")
    late = MONDAY + timedelta(days=31)
    assert house.ask(number, "6", now=late)["state"] == "refused"
    assert house.ask(number, "6", now=late, reason="defective")["state"] == "authorised"


def test_another_partners_order_is_not_there(house: House) -> None:
    number = house.order("PO-1")
    house.deliver(number, "6")
    assert house.ask(number, "1", partner="ACME")["requested_by"] == "anna"
    with pytest.raises(NotFound):
        house.ask(number, "1", partner="OTHER")


def test_two_requests_at_once_never_take_back_more(house: House) -> None:
    number = house.order("PO-1")
    house.deliver(number, "6")

    def ask(_: int) -> bool:
        try:
            return bool(house.ask(number, "4"))
        except Conflict:
            return False

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(ask, range(4))) == 1
