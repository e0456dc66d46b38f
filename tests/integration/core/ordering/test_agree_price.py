"""A special price on a line under review needs its granted request; a confirmed price is locked (PRI-08, PRI-15)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from core.catalogue.requests import PriceRequest, decide_request, request_price
from core.documents import ChangedLine, ChangeFunction, LineAction, OrderChange
from core.errors import Conflict, NotFound, PriceLocked
from core.ordering.agree_price import agree_price
from core.ordering.amend import Request, amend
from core.ordering.confirm import Desk, confirm_order
from core.ordering.release import release_holds
from core.store import events
from core.store import orders as rows
from core.store.engine import Store, Tx
from core.store.lookup import MasterCache
from core.testing.trade import CRATE, CUP, MONDAY, Trade, a_line, an_order, item_row, place, price_row

END = date(2026, 3, 31)


@pytest.fixture
def number(each_store: Store) -> str:
    """Ten cups for 80 that cost 70 and ask 100, and a crate; held for the price of line 1."""
    items = [item_row(CUP, cost=Decimal(70)), item_row(CRATE)]
    prices = [price_row(CUP, Decimal(100)), price_row(CRATE, Decimal(50))]
    each_store.write(Trade(items=items, prices=prices, stock=Trade().stock[:2]).load)
    order = an_order("PO-1", a_line(CUP, 10, "83"), a_line(CRATE, 1))
    (placed,) = each_store.write(lambda tx: place(tx, [order]))
    return placed.number


def granted(store: Store, amount: int, *, grant: bool = True, **changes: Any) -> str:
    fields = {
        "partner": "ACME", "sku": CUP, "amount": Decimal(amount), "currency": None, "min_quantity": Decimal(0),
        "valid_from": MONDAY.date(), "valid_to": END, "reason": "r", "competition": "c", "expected_volume": Decimal(1),
        "approver": "Bea",
    }  # fmt: skip
    asked = PriceRequest(**(fields | changes))
    request = store.write(lambda tx: request_price(tx, asked, actor="ada", at=MONDAY))
    store.write(lambda tx: decide_request(tx, request, grant=grant, reason="fair", actor="bea", at=MONDAY))
    return request


def agree(store: Store, number: str, request: str, *, line: int = 1, at=MONDAY) -> None:
    desk = Desk(MasterCache(), "user:ada", at)
    store.write(lambda tx: agree_price(tx, desk, number, line, request))


def holds(store: Store, number: str) -> list[str]:
    return [hold["code"] for hold in store.read(lambda tx: rows.holds_of(tx, rows.by_number(tx, number)["id"]))]


def test_a_granted_price_settles_the_line(each_store: Store, number: str) -> None:
    """PRI-08: with the request as its reason and approval; the price of the other line stays."""
    assert holds(each_store, number) == ["price.mismatch", "discount.authority"]
    request = granted(each_store, 84)
    agree(each_store, number, request)
    order = each_store.read(lambda tx: rows.by_number(tx, number))
    lines = each_store.read(lambda tx: rows.lines_of(tx, order["id"]))
    assert [(line["price"], line["amount"]) for line in lines] == [(84, 840), (50, 50)]
    assert order["total"] == Decimal(890)
    told = each_store.read(lambda tx: events.of_order(tx, order["id"]))[-1]
    assert (told["event"], told["summary"]) == ("price.agreed", f"line 1: 84 by {request}")


@pytest.mark.parametrize(("amount", "held"), [(83, []), (82, ["margin.low"])])
def test_the_margin_is_judged_anew(each_store: Store, number: str, amount: int, held: list[str]) -> None:
    """PRI-13: 15.66 % are left of 83, 14.63 % of 82."""
    agree(each_store, number, granted(each_store, amount))
    assert holds(each_store, number) == held


def test_a_confirmed_price_is_locked(each_store: Store, number: str) -> None:
    """PRI-15: nobody sets it any more; a change request passes, reviewed anew, with a response of its own."""
    request = granted(each_store, 84)
    agree(each_store, number, request)
    desk = Desk(MasterCache(), "user:ada", MONDAY)
    each_store.write(lambda tx: confirm_order(tx, desk, rows.by_number(tx, number, lock=True), "agreed"))
    with pytest.raises(PriceLocked, match="locked") as refused:
        agree(each_store, number, request)
    assert "/changes" in refused.value.hint
    change = OrderChange("", "PO-1", ChangeFunction.CHANGE, (ChangedLine(1, LineAction.CHANGE, price=Decimal(90)),))

    def ask(tx: Tx) -> None:
        order = rows.by_number(tx, number, lock=True)
        amend(tx, Desk(MasterCache(), "partner:ACME", MONDAY), order, Request(change, tx.ids.next(), respond=True))

    each_store.write(ask)
    order = each_store.read(lambda tx: rows.by_number(tx, number))
    assert (order["revision"], order["state"]) == (2, "in_review")
    release = Desk(MasterCache(), "user:bea", MONDAY)
    each_store.write(lambda tx: release_holds(tx, release, number, reason="agreed by telephone"))
    line = each_store.read(lambda tx: rows.lines_of(tx, order["id"]))[0]
    assert (line["price"], each_store.read(lambda tx: rows.by_number(tx, number))["state"]) == (90, "confirmed")


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"grant": False}, "not granted"),
        ({"sku": CRATE, "amount": Decimal(49)}, "another customer, item or currency"),
        ({"min_quantity": Decimal("10.000001")}, "another quantity or time"),
        ({"valid_from": date(2026, 3, 3)}, "another quantity or time"),
    ],
)
def test_only_a_request_that_fits(each_store: Store, number: str, changes: dict[str, Any], told: str) -> None:
    request = granted(each_store, **({"amount": 84} | changes))
    with pytest.raises(Conflict, match=told):
        agree(each_store, number, request)
    assert holds(each_store, number) == ["price.mismatch", "discount.authority"]


def test_a_request_ends_with_its_last_day(each_store: Store, number: str) -> None:
    request = granted(each_store, 84, valid_to=MONDAY.date())
    with pytest.raises(Conflict, match="another quantity or time"):
        agree(each_store, number, request, at=MONDAY + timedelta(days=1))
    agree(each_store, number, request)
    with pytest.raises(NotFound):
        agree(each_store, number, request, line=9)
