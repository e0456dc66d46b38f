"""The short lines of an order, and the ways to serve one, from the rows (INV-03 to INV-08)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import update

from core.errors import NotFound
from core.reporting.shortage import shortage_options
from core.reporting.sourcing import sourcing
from core.store.engine import Store
from core.store.lookup import MasterCache
from core.store.tables.master import partners, warehouses
from core.testing.trade import CRATE, CUP, LAMP, NORTH, Trade, a_line, an_order, item_row, place, stock_row
from gateway.web.shapes.stock import ShortageShape, SourcingShape

TODAY = date(2026, 3, 2)
#: what the orders of these tests ask for
REQUESTED = "2026-03-09"


@pytest.fixture
def store(prepared_url: str) -> Iterator[Store]:
    """10 cups in MAIN and 5 in NORTH, 30 are made on day 30; a crate serves for a cup and costs 2 more."""
    planned = {"planned": [{"quantity": "30", "date": (TODAY + timedelta(days=30)).isoformat()}]}
    cup = item_row(CUP, cost=Decimal(3), substitutes=[CRATE, LAMP])
    trade = replace(
        Trade(),
        items=[cup, item_row(CRATE, cost=Decimal(5)), item_row(LAMP)],
        stock=[stock_row(CUP, 10) | planned, stock_row(CUP, 5, NORTH), stock_row(CRATE, 20), stock_row(LAMP, 19)],
    )
    opened = Store(prepared_url)
    opened.write(trade.load)
    costs = {"transfer_hours": 24, "transfer_cost": Decimal(3), "shipping_cost": Decimal(9)}
    opened.write(lambda tx: tx.execute(update(warehouses).values(costs)))
    yield opened
    opened.close()


def order(store: Store, *lines: tuple[str, int]) -> dict[str, Any]:
    wanted = an_order("PO-1", *(a_line(sku, quantity) for sku, quantity in lines))
    (placed,) = store.write(lambda tx: place(tx, [wanted]))
    found = store.read(lambda tx: shortage_options(tx, MasterCache(), placed.number, today=TODAY))
    ShortageShape.model_validate(found)
    return found


def test_the_options_of_a_short_line(store: Store) -> None:
    """INV-07: 15 of 20 are there; the lamp, of which there are 19, does not serve."""
    (line,) = order(store, (CUP, 20), (CRATE, 1))["lines"]
    assert (line["line"], line["quantity"], line["available"]) == (1, "20", "15")
    assert [(one["option"], one["date"], one["cost"]) for one in line["options"]] == [
        ("later_date", "2026-04-02", "0.00"),
        ("split", "2026-04-02", "9.00"),
        ("substitute", REQUESTED, "40.00"),
        ("raise_priority", REQUESTED, None),
    ]
    assert line["options"][2]["sku"] == CRATE


def test_an_order_that_stock_serves_has_no_short_line(store: Store) -> None:
    assert order(store, (CUP, 15))["lines"] == []


def test_a_vip_may_be_bought_for(store: Store) -> None:
    """INV-08."""
    store.write(lambda tx: tx.execute(update(partners).values(vip=True)))
    (line,) = order(store, (CUP, 20))["lines"]
    assert line["options"][-1]["option"] == "emergency_purchase"


def test_an_unknown_order_is_not_found(store: Store) -> None:
    with pytest.raises(NotFound):
        store.read(lambda tx: shortage_options(tx, MasterCache(), "2026-ED-999999", today=TODAY))


def test_sourcing_from_the_rows(store: Store) -> None:
    """INV-03 to INV-06: 10 from MAIN and 2 from NORTH, brought together in a day for 12, or apart for 18."""
    wanted = [(CUP, Decimal(7)), (CUP, Decimal(5))]
    found = store.read(lambda tx: sourcing(tx, wanted, today=TODAY))
    SourcingShape.model_validate(found)
    assert [(one["warehouse"], one["taken"]) for one in found["tried"]] == [("MAIN", {CUP: "10"}), (NORTH, {CUP: "2"})]
    assert {one["kind"]: (one["cost"], one["hours"]) for one in found["plans"]} == {
        "consolidated": ("12.00", 24), "split": ("18.00", 0),
    }  # fmt: skip
    assert found["chosen"]["kind"] == "consolidated"
    today = store.read(lambda tx: sourcing(tx, wanted, today=TODAY, leaves_by=TODAY))
    assert (today["chosen"]["kind"], today["chosen"]["in_time"]) == ("split", True)


def test_what_is_missing_is_told(store: Store) -> None:
    found = store.read(lambda tx: sourcing(tx, [(CUP, Decimal(16))], today=TODAY))
    assert (found["missing"], found["chosen"]) == ({CUP: "1"}, None)
    with pytest.raises(NotFound):
        store.read(lambda tx: sourcing(tx, [("NO-1", Decimal(1))], today=TODAY))
