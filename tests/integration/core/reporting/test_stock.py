"""What is told of stock: available to promise with its terms, the forecast, what is low or too much."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import insert

from core.clock import to_micros
from core.errors import NotFound
from core.reporting import stock as views
from core.store.engine import Store, Tx
from core.store.tables.master import stock_moves, supply_promises
from core.testing.trade import (
    CRATE,
    CUP,
    LAMP,
    MAIN,
    MONDAY,
    NORTH,
    Trade,
    a_line,
    an_order,
    item_row,
    place,
    stock_row,
)
from gateway.web.shapes.common import Page
from gateway.web.shapes.stock import AtpShape, ForecastShape, StockAlertShape, StockShape

TODAY = date(2026, 3, 2)


def day(number: int) -> str:
    return (TODAY + timedelta(days=number)).isoformat()


@pytest.fixture
def store(prepared_url: str) -> Any:
    """The example of INV-01 in MAIN, 5 more in NORTH; crates are too many, lamps too few."""
    supplies = {"inbound": [{"quantity": "50", "date": day(3)}], "planned": [{"quantity": "20", "date": day(5)}]}
    lines = {CUP: (None, None, None), CRATE: (None, None, Decimal(99)), LAMP: (Decimal(150), Decimal(130), None)}
    trade = replace(
        Trade(),
        items=[
            item_row(sku, safety_stock=safety, reorder_point=reorder, max_stock=most)
            for sku, (reorder, safety, most) in lines.items()
        ],
        stock=[
            stock_row(CUP, 100) | supplies,
            stock_row(CUP, 5, NORTH),
            stock_row(CRATE, 100),
            stock_row(LAMP, 129) | {"inbound": [{"quantity": "8", "date": day(1)}, {"quantity": "9", "date": day(-1)}]},
        ],
    )
    opened = Store(prepared_url)
    opened.write(trade.load)
    opened.write(lambda tx: place(tx, [an_order("PO-1", a_line(CUP, 30))]))
    yield opened
    opened.close()


def atp(store: Store, sku: str, number: int | None, quantity: int | None = None) -> dict[str, Any]:
    asked = (sku, None if number is None else TODAY + timedelta(days=number), quantity and Decimal(quantity))
    (found,) = store.read(lambda tx: views.atp(tx, [asked], today=TODAY))
    AtpShape.model_validate(found)
    return found


@pytest.mark.parametrize(("number", "available"), [(None, "75"), (2, "75"), (3, "125"), (5, "145")])
def test_the_sum_by_date_from_the_rows(store: Store, number: int | None, available: str) -> None:
    """INV-01, INV-02: 100 - 30 of a confirmed order + 50 on day 3 + 20 on day 5, and 5 in the other warehouse."""
    assert atp(store, CUP, number)["available"] == available


def test_quantity_earliest_date_and_terms(store: Store) -> None:
    """INV-02."""
    found = atp(store, CUP, None, 126)
    assert (found["quantity"], found["earliest_date"]) == ("126", day(5))
    assert atp(store, CUP, None, 146)["earliest_date"] is None
    main, north = found["terms"]
    supply = {"promised": "0", "late": False}
    assert main == {
        "warehouse": MAIN,
        "on_hand": "100",
        "reserved": "30",
        "inbound": [{"date": day(3), "quantity": "50", **supply}],
        "planned": [{"date": day(5), "quantity": "20", **supply}],
    }
    assert (north["warehouse"], north["on_hand"]) == (NORTH, "5")


def test_what_is_promised_of_supply_is_in_the_terms(store: Store) -> None:
    row = {"sku": CUP, "warehouse": MAIN, "kind": "inbound", "day": TODAY + timedelta(days=3), "line": 1}
    for order_id, quantity in ((1, 30), (2, 15)):
        promise = {**row, "order_id": order_id, "quantity": Decimal(quantity)}
        store.write(lambda tx, promise=promise: tx.execute(insert(supply_promises), promise))
    found = atp(store, CUP, 3)
    assert (found["available"], found["terms"][0]["inbound"][0]["promised"]) == ("80", "45")


def test_many_at_once_keep_their_order(store: Store) -> None:
    """INV-16."""
    asked = [(LAMP, None, None), (CUP, TODAY + timedelta(days=9), Decimal(1)), (LAMP, TODAY + timedelta(days=1), None)]
    found = store.read(lambda tx: views.atp(tx, asked, today=TODAY))
    assert [(one["sku"], one["available"]) for one in found] == [(LAMP, "129"), (CUP, "145"), (LAMP, "137")]
    with pytest.raises(NotFound, match="NO-1, NO-2"):
        store.read(lambda tx: views.atp(tx, [("NO-2", None, None), *asked, ("NO-1", None, None)], today=TODAY))


def test_stock_by_warehouse_with_three_quantities_and_status(store: Store) -> None:
    """INV-13, INV-14."""
    found = store.read(lambda tx: views.stock(tx, warehouse=MAIN))
    Page[StockShape].model_validate(found)
    told = [(row["sku"], row["on_hand"], row["reserved"], row["available"], row["status"]) for row in found["items"]]
    assert told == [
        (CRATE, "100", "0", "100", "ample"), (CUP, "100", "30", "70", "ample"), (LAMP, "129", "0", "129", "tight"),
    ]  # fmt: skip
    assert len(store.read(lambda tx: views.stock(tx, sku=CUP))["items"]) == 2


def test_the_forecast_and_its_terms(store: Store) -> None:
    """INV-15: 90 issued in 90 days, 30 ordered, 50 and 20 to come; what was issued before does not count."""

    def issue(tx: Tx, quantity: int, days_ago: int) -> None:
        at = to_micros(MONDAY - timedelta(days=days_ago))
        row = {"id": tx.ids.next(), "sku": CUP, "warehouse": MAIN, "kind": "issue", "quantity": Decimal(-quantity)}
        tx.execute(insert(stock_moves), {**row, "at": at})

    for quantity, days_ago in ((90, 89), (900, 91)):
        store.write(lambda tx, quantity=quantity, days_ago=days_ago: issue(tx, quantity, days_ago))
    page = store.read(lambda tx: views.forecast(tx, days=(2, 30, 60, 90), now=MONDAY, today=TODAY, sku=CUP))
    Page[ForecastShape].model_validate(page)
    (found,) = page["items"]
    assert (found["issued"], [one["stock"] for one in found["forecast"]]) == ("90", ["75", "145", "115", "85"])
    assert found["forecast"][0]["ordered"] == "30"


def test_the_forecast_goes_on_behind_a_page(store: Store) -> None:
    first = store.read(lambda tx: views.forecast(tx, days=(30,), now=MONDAY, today=TODAY, limit=2))
    rest = store.read(lambda tx: views.forecast(tx, days=(30,), now=MONDAY, today=TODAY, limit=2, cursor=first["next"]))
    assert [row["sku"] for row in first["items"] + rest["items"]] == [CRATE, CUP, LAMP]
    assert rest["next"] is None


def test_low_and_high_are_told_with_what_to_order(store: Store) -> None:
    """INV-19, INV-21: 129 of 150, 8 to come; what should have come yesterday does not count."""
    page = store.read(lambda tx: views.stock_alerts(tx, today=TODAY))
    found = Page[StockAlertShape].model_validate(page).model_dump()["items"]
    told = [(one["sku"], one["kind"], one["available"], one["line"], one["to_order"]) for one in found]
    assert told == [(CRATE, "high", "100", "99", "0"), (LAMP, "low", "129", "150", "13")]


def test_what_is_low_comes_in_pages_and_by_kind(store: Store) -> None:
    """Issue 5, part 1: a cursor on a list that grows."""

    def skus(**asked: Any) -> tuple[list[str], str | None]:
        page = store.read(lambda tx: views.stock_alerts(tx, today=TODAY, **asked))
        return [one["sku"] for one in page["items"]], page["next"]

    first, following = skus(limit=1)
    assert (first, skus(limit=1, cursor=following)) == ([CRATE], ([LAMP], None))
    assert (skus(kind="low"), skus(kind="high", limit=1)) == (([LAMP], None), ([CRATE], None))
