"""How prices of orders came about and what they earn, as of the time of their review."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from core.errors import NotFound
from core.ordering.confirm import Desk
from core.ordering.release import release_holds
from core.reporting.order_prices import order_margin, price_explanation
from core.store.engine import Store
from core.store.lookup import MasterCache
from core.store.master import MasterRows, load
from core.testing.trade import CRATE, CUP, MONDAY, Trade, a_line, an_order, item_row, partner_row, place, price_row
from gateway.web.shapes.prices import OrderMargin, PriceExplanation

LATER = MONDAY + timedelta(hours=1)


@pytest.fixture
def number(each_store: Store) -> str:
    """An order of ten cups for 92, whose price was 100 then and whose cost 70, and of a crate at our price."""
    items = [item_row(CUP, cost=Decimal(70)), item_row(CRATE)]
    prices = [
        price_row(CUP, Decimal(110)),
        price_row(CUP, Decimal(100), level="customer", partner="ACME", contract="C-1"),
        price_row(CUP, Decimal(90), level="tier", min_quantity=Decimal(100)),
        price_row(CRATE, Decimal(50)),
    ]
    each_store.write(Trade(items=items, prices=prices, stock=Trade().stock[:2]).load)
    order = an_order("PO-1", a_line(CUP, 10, "92"), a_line(CRATE, 2), contract="C-1")
    (placed,) = each_store.write(lambda tx: place(tx, [order]))
    return placed.number


def explained(store: Store, number: str, line: int = 1, partner: str | None = None) -> dict[str, Any]:
    found = store.read(lambda tx: price_explanation(tx, number, line, partner))
    PriceExplanation.model_validate(found)
    return found


def earned(store: Store, number: str) -> dict[str, Any]:
    found = store.read(lambda tx: order_margin(tx, number))
    OrderMargin.model_validate(found)
    return found


def load_later(store: Store) -> None:
    """Change everything that the price followed from."""
    prices = [
        price_row(CUP, Decimal(50), level="customer", partner="ACME", contract="C-1"),
        price_row(CUP, Decimal(40), level="customer", partner="ACME"),
    ]
    rows = MasterRows(partners=[partner_row(group_code="NEW")], items=[item_row(CUP, cost=Decimal(1))], prices=prices)
    store.write(lambda tx: load(tx, rows, LATER))


def test_the_composition_of_a_price_is_that_of_its_review(each_store: Store, number: str) -> None:
    """PRI-18: whatever was loaded since."""
    before = explained(each_store, number)
    assert (before["expected_price"], before["buyer_price"], before["price"]) == ("100", "92", "92")
    assert (before["difference_percent"], before["verified"], before["locked"]) == ("-8.00", True, False)
    assert {one["source"]: one["price"] for one in before["decision"]["candidates"]} == {
        "contract C-1 with ACME": "100",
        "quantity tier": "90",
        "standard catalogue": "110",
    }
    assert before["decision"]["why"] == "customer is the highest level with a price that applies"
    load_later(each_store)
    assert explained(each_store, number) == before


def test_who_accepted_what_is_told_and_the_price_is_locked_then(each_store: Store, number: str) -> None:
    """PRI-15: the basis and the approvals of a confirmed price are kept."""
    desk = Desk(MasterCache(), "user:eve", LATER)
    each_store.write(lambda tx: release_holds(tx, desk, number, reason="big customer"))
    told = explained(each_store, number)
    assert told["locked"]
    assert [(one["code"], one["release_role"], one["released_by"]) for one in told["approvals"]] == [
        ("price.mismatch", "sales", "user:eve"),
        ("discount.authority", "sales_manager", "user:eve"),
    ]
    assert {one["release_reason"] for one in told["approvals"]} == {"big customer"}
    assert explained(each_store, number, 2)["approvals"] == []


def test_a_partner_sees_its_own_and_nothing_of_margins(each_store: Store) -> None:
    """PRI-19."""
    items = [item_row(CUP, cost=Decimal(99)), item_row(CRATE)]
    each_store.write(Trade(items=items, prices=[price_row(CUP, Decimal(100))], stock=Trade().stock[:2]).load)
    (placed,) = each_store.write(lambda tx: place(tx, [an_order("PO-1", a_line(CUP))]))
    assert [one["code"] for one in explained(each_store, placed.number)["approvals"]] == ["margin.low"]
    assert explained(each_store, placed.number, partner="ACME")["approvals"] == []
    with pytest.raises(NotFound):
        explained(each_store, placed.number, partner="OTHER")
    with pytest.raises(NotFound):
        explained(each_store, placed.number, 9)


def test_what_an_order_earns_by_line_and_in_all(each_store: Store, number: str) -> None:
    """PRI-12, PRI-14: by the costs of that time, with their source; lines without cost do not count."""
    before = earned(each_store, number)
    cup, crate = before["lines"]
    assert (cup["revenue"], cup["margin"], cup["margin_percent"], cup["floor_percent"]) == (
        "920.00", "220.00", "23.91", "15",
    )  # fmt: skip
    assert (cup["cost"], cup["cost_source"]) == ("70", "item master, version 1")
    assert (crate["margin"], crate["cost"], crate["cost_source"]) == (None, None, None)
    assert (before["margin"], before["margin_percent"], before["lines_without_cost"]) == ("220.00", "23.91", 1)
    load_later(each_store)
    assert earned(each_store, number) == before
