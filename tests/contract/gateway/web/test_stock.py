"""The stock endpoints over the real gateway: what is promised, counted and moved is what the next answer says."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import update

from core.reporting import views
from core.store.tables.master import partners
from gateway import master_data
from gateway.authentication import ApiKeys
from gateway.home import console_secret
from gateway.web.app import WebParts, build
from gateway.web.settings import WebSettings
from gateway.wiring import Gateway, open_gateway

Call = Callable[..., Awaitable[tuple[int, Any]]]


@pytest.fixture
def gateway(home: Path) -> Iterator[Gateway]:
    """The demonstration with a second warehouse, 100 of one item and 50 to come in four days."""
    one = open_gateway(home, "serve")
    # before midnight of the clock it is a day later in Berlin already
    inbound = [{"quantity": "50", "date": (one.clock.now() + timedelta(days=4)).date().isoformat()}]
    content = {
        "items": [{"sku": "NL-1001", "gtin": "4012345010015", "description": "Cup", "reorder_point": "90"}],
        "warehouses": [{"code": "NORTH", "name": "North", "country": "DE", "priority": 200}],
        "stock": [{"sku": "NL-1001", "warehouse": "MAIN", "on_hand": "100", "inbound": inbound}],
    }
    master_data.load(one.store, one.home, one.settings, one.clock, content, where="test")
    yield one
    one.close()


@pytest.fixture
async def client(gateway: Gateway) -> AsyncIterator[TestClient[Any, Any]]:
    keys = ApiKeys(gateway.store, gateway.clock)
    settings = WebSettings(sandbox=True, loopback=True, secret=console_secret(gateway.home), poll_seconds=0.02)
    acts: Any = gateway.operations  # health, metrics and the clock belong to the running service
    async with TestClient(TestServer(build(WebParts(gateway.store, views, acts, keys, settings)))) as opened:
        yield opened


@pytest.fixture
def key(gateway: Gateway) -> str:
    return gateway.home.demo_key.read_text().strip()


async def test_what_can_be_promised(call: Call, key: str) -> None:
    """INV-02, INV-16: now, by the quantity, and many at once."""
    status, now = await call("GET", "/api/v1/atp?sku=NL-1001&quantity=101", key)
    assert (status, now["available"], now["quantity"]) == (200, "100", "101")
    assert now["earliest_date"] == now["terms"][0]["inbound"][0]["date"]
    asked = [{"sku": "NL-1001", "date": now["earliest_date"]}, {"sku": "NL-1002"}]
    status, many = await call("POST", "/api/v1/atp/batch", key, json={"items": asked})
    assert (status, [one["available"] for one in many["items"]]) == (200, ["150", "1000000"])


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("atp?sku=NO-1", 404),
        ("atp", 422),
        ("atp?sku=NL-1001&quantity=0", 422),
        ("atp?sku=NL-1001&date=today", 422),
        ("stock/forecast?days=30,60,90", 200),
        ("stock/forecast?days=0", 422),
        ("stock/forecast?days=366", 422),
        ("stock/forecast?days=30;60", 422),
        ("stock?warehouse=MAIN", 200),
        ("stock?warehouse=main", 422),
    ],
)
async def test_what_is_asked_wrongly_is_refused(call: Call, key: str, path: str, status: int) -> None:
    assert (await call("GET", f"/api/v1/{path}", key))[0] == status


async def test_the_forecast_is_for_the_days_that_are_asked(call: Call, key: str) -> None:
    """INV-15."""
    _, page = await call("GET", "/api/v1/stock/forecast?sku=NL-1001&days=2,60", key)
    assert [(one["days"], one["stock"]) for one in page["items"][0]["forecast"]] == [(2, "100"), (60, "150")]
    _, page = await call("GET", "/api/v1/stock/forecast?limit=1", key)
    assert [one["days"] for one in page["items"][0]["forecast"]] == [30, 60, 90]


async def test_a_count_and_a_transfer(call: Call, key: str) -> None:
    """INV-22, INV-23, INV-19: the count brings the item below its line, and the alerts say so."""
    assert (await call("GET", "/api/v1/stock/alerts", key))[1] == {"items": [], "next": None}
    count = {"sku": "NL-1001", "warehouse": "MAIN", "counted": "80", "reason": "year's end"}
    status, found = await call("POST", "/api/v1/stock/counts", key, json={"counts": [count]})
    assert (status, found["items"][0]["booked"], found["items"][0]["difference"]) == (200, "100", "-20")
    _, low = await call("GET", "/api/v1/stock/alerts", key)
    assert [(one["sku"], one["kind"], one["available"], one["to_order"]) for one in low["items"]] == [
        ("NL-1001", "low", "80", "0")
    ], "50 are to come"
    move = {"sku": "NL-1001", "source": "MAIN", "target": "NORTH", "quantity": "30", "reason": "shop opens"}
    status, moved = await call("POST", "/api/v1/stock/transfers", key, json=move)
    assert (status, moved["source"]["on_hand"], moved["target"]["available"]) == (200, "50", "30")
    _, page = await call("GET", "/api/v1/stock?sku=NL-1001", key)
    assert [(row["warehouse"], row["on_hand"], row["status"]) for row in page["items"]] == [
        ("MAIN", "50", "warning"), ("NORTH", "30", "warning"),
    ]  # fmt: skip
    status, refused = await call("POST", "/api/v1/stock/transfers", key, json={**move, "quantity": "51"})
    assert (status, refused["code"]) == (409, "state.conflict")


@pytest.mark.parametrize(
    ("change", "status"),
    [({"counted": "0"}, 200), ({"counted": "-1"}, 422), ({"reason": ""}, 422), ({"sku": "X"}, 404)],
)
async def test_a_count_says_what_why_and_of_what(call: Call, key: str, change: dict[str, str], status: int) -> None:
    count = {"sku": "NL-1002", "warehouse": "MAIN", "counted": "80", "reason": "found"} | change
    assert (await call("POST", "/api/v1/stock/counts", key, json={"counts": [count]}))[0] == status


async def test_orders_that_cross_the_line_are_told_at_the_next_look(call: Call, gateway: Gateway, key: str) -> None:
    """INV-20."""
    lines = [{"sku": "NL-1001", "quantity": "11", "unit": "PCE", "price": "4.90"}]
    body = {"partner": "ALPINA", "buyer_reference": "PO-LOW", "ship_to": {"gln": "9009876000023"}, "lines": lines}
    status, order = await call("POST", "/api/v1/orders", key, json=body)
    assert (status, order["state"]) == (201, "confirmed")
    for _ in range(2):
        gateway.operations.stock_desk.look()
        alerts = gateway.store.read(views.alerts)
        assert [one["subject"] for one in alerts if one["kind"] == "stock.low"] == ["NL-1001"]


async def test_how_something_would_be_served(call: Call, key: str) -> None:
    """INV-03: what MAIN lacks is missing, as NORTH has nothing."""
    wanted = {"items": [{"sku": "NL-1001", "quantity": "101"}]}
    status, found = await call("POST", "/api/v1/stock/sourcing", key, json=wanted)
    assert (status, found["missing"], [one["warehouse"] for one in found["tried"]]) == (
        200, {"NL-1001": "1"}, ["MAIN", "NORTH"],
    )  # fmt: skip


async def test_what_can_be_done_about_a_short_line(call: Call, key: str) -> None:
    """INV-07."""
    lines = [{"sku": "NL-1001", "quantity": "160", "unit": "PCE", "price": "4.90"}]
    body = {"partner": "ALPINA", "buyer_reference": "PO-1", "ship_to": {"gln": "9009876000023"}, "lines": lines}
    _, order = await call("POST", "/api/v1/orders", key, json=body)
    assert [hold["code"] for hold in order["holds"]] == ["stock.short"]
    status, found = await call("GET", f"/api/v1/orders/{order['number']}/shortage-options", key)
    assert (status, [one["option"] for one in found["lines"][0]["options"]]) == (200, ["split"])
    assert (await call("GET", "/api/v1/orders/2026-ED-999999/shortage-options", key))[0] == 404


async def test_the_end_of_a_reservation_is_moved(call: Call, gateway: Gateway, key: str) -> None:
    """INV-12: by a key that may operate, with a reason."""
    lines = [{"sku": "NL-1001", "quantity": "1", "unit": "PCE", "price": "4.90"}]
    body = {"partner": "ALPINA", "buyer_reference": "PO-1", "ship_to": {"gln": "9009876000023"}, "lines": lines}
    _, order = await call("POST", "/api/v1/orders", key, json=body)
    path = f"/api/v1/orders/{order['number']}/reservation"
    until = (gateway.clock.now() + timedelta(days=30)).isoformat()
    status, moved = await call("POST", path, key, json={"expires_at": until, "reason": "the truck is late"})
    assert (status, moved["expires_at"][:16]) == (200, until[:16])
    past = (gateway.clock.now() - timedelta(days=1)).isoformat()
    assert (await call("POST", path, key, json={"expires_at": past, "reason": "now"}))[0] == 409
    assert (await call("POST", path, key, json={"expires_at": until}))[0] == 422


async def test_goods_that_come_settle_what_was_expected(call: Call, key: str) -> None:
    """INV-24: 11 of the 50 that are to come are an order's; the rest is free. The same note again does nothing."""
    lines = [{"sku": "NL-1001", "quantity": "111", "unit": "PCE", "price": "4.90"}]
    body = {"partner": "ALPINA", "buyer_reference": "PO-WAITS", "ship_to": {"gln": "9009876000023"}, "lines": lines}
    _, order = await call("POST", "/api/v1/orders", key, json=body)
    assert (order["state"], order["lines"][0]["state"]) == ("confirmed", "backordered")
    receipt = {"sku": "NL-1001", "warehouse": "MAIN", "quantity": "48", "reference": "LS-7"}
    status, found = await call("POST", "/api/v1/stock/receipts", key, json=receipt)
    assert (status, found["orders"], found["settled"][0]["quantity"]) == (200, [order["number"]], "48")
    assert (found["on_hand"], found["available"], found["repeated"]) == ("148", "37", False)
    status, again = await call("POST", "/api/v1/stock/receipts", key, json=receipt)
    assert (status, again["repeated"], again["on_hand"]) == (200, True, "148")
    _, page = await call("GET", "/api/v1/stock?sku=NL-1001", key)
    assert [one["quantity"] for one in page["items"][0]["inbound"]] == ["2"]
    refused = [({"quantity": "47"}, 409), ({"quantity": "0"}, 422), ({"reference": ""}, 422), ({"sku": "X-1"}, 404)]
    for change, expected in refused:
        assert (await call("POST", "/api/v1/stock/receipts", key, json=receipt | change))[0] == expected


async def test_a_delivery_that_slips_is_told_at_the_next_look(call: Call, gateway: Gateway, key: str) -> None:
    """INV-24: the master data says the new day, and the alert which line cannot be kept."""
    lines = [{"sku": "NL-1001", "quantity": "111", "unit": "PCE", "price": "4.90"}]
    body = {"partner": "ALPINA", "buyer_reference": "PO-WAITS", "ship_to": {"gln": "9009876000023"}, "lines": lines}
    _, order = await call("POST", "/api/v1/orders", key, json=body)
    later = (gateway.clock.now() + timedelta(days=30)).date().isoformat()
    supply = {"sku": "NL-1001", "warehouse": "MAIN", "inbound": [{"quantity": "50", "date": later}]}
    master_data.load(gateway.store, gateway.home, gateway.settings, gateway.clock, {"stock": [supply]}, where="test")
    for _ in range(2):
        gateway.operations.stock_desk.look()
        alerts = [one for one in gateway.store.read(views.alerts) if one["kind"] == "promise.at_risk"]
        assert [one["subject"] for one in alerts] == [f"{order['number']} line 1"]


@pytest.fixture
async def short(call: Call, gateway: Gateway, key: str) -> dict[str, Any]:
    """An order of 140, wanted tomorrow: 100 are there, 50 come in three days."""
    wanted = (gateway.clock.now() + timedelta(days=1)).date().isoformat()
    lines = [
        {"sku": "NL-1001", "quantity": "140", "unit": "PCE", "price": "4.90"},
        {"sku": "NL-1002", "quantity": "1", "unit": "PCE"},
    ]
    ship_to = {"gln": "9009876000023"}
    body = {"partner": "ALPINA", "buyer_reference": "PO-S", "ship_to": ship_to, "lines": lines}
    _, order = await call("POST", "/api/v1/orders", key, json=body | {"requested_date": wanted})
    assert "stock.short" in [hold["code"] for hold in order["holds"]]
    _, found = await call("GET", f"/api/v1/orders/{order['number']}/shortage-options", key)
    (line,) = found["lines"]
    return {"number": order["number"], "options": {one["option"]: one for one in line["options"]}}


@pytest.mark.parametrize("option", ["later_date", "split"])
async def test_an_option_that_the_buyer_takes_confirms_the_order(
    call: Call, key: str, short: dict[str, Any], option: str
) -> None:
    """INV-07, INV-24: nobody else decides; a dry run says so before, and taking it again is refused."""
    path = f"/api/v1/orders/{short['number']}/shortage-options/{option}/accept"
    status, would = await call("POST", f"{path}?dry_run=true", key, json={"line": 1})
    assert (status, would["state"], would["lines"][0]["state"]) == (200, "confirmed", "backordered")
    status, order = await call("POST", path, key, json={"line": 1})
    assert (status, order["state"], order["revision"], order["holds"]) == (200, "confirmed", 2, [])
    line = order["lines"][0]
    assert (line["state"], line["reserved"]) == ("backordered", "100")
    assert line["promised_date"] == short["options"][option]["date"]
    _, told = await call("GET", f"/api/v1/orders/{short['number']}/timeline", key)
    (changed,) = [one for one in told["events"] if one["event"] == "order.changed"]
    assert [one["line"] for one in changed["inputs"]["accepted_options"]] == [1]
    assert (await call("POST", path, key, json={"line": 1}))[0] == 409


@pytest.mark.parametrize(
    ("path", "status"),
    [("later_date/2", 409), ("substitute/1", 409), ("emergency_purchase/1", 409), ("later/1", 422), ("split/0", 422)],
)
async def test_what_is_no_option_of_the_line_is_refused(
    call: Call, key: str, short: dict[str, Any], path: str, status: int
) -> None:
    option, _, line = path.partition("/")
    asked = f"/api/v1/orders/{short['number']}/shortage-options/{option}/accept"
    assert (await call("POST", asked, key, json={"line": int(line)}))[0] == status


async def test_a_vip_gets_what_is_bought_in_a_hurry(
    call: Call, gateway: Gateway, key: str, short: dict[str, Any]
) -> None:
    """INV-08: the option is there for important customers, is noted, and the order waits."""
    _, before = await call("GET", f"/api/v1/orders/{short['number']}", key)
    gateway.store.write(lambda tx: tx.execute(update(partners).where(partners.c.code == "ALPINA").values(vip=True)))
    path = f"/api/v1/orders/{short['number']}/shortage-options/emergency_purchase/accept"
    for query, events in (("?dry_run=true", 0), ("", 1)):
        status, order = await call("POST", path + query, key, json={"line": 1})
        assert (status, order["state"], order["revision"]) == (200, "in_review", before["revision"])
        _, told = await call("GET", f"/api/v1/orders/{short['number']}/timeline", key)
        assert len([one for one in told["events"] if one["event"] == "order.supply_requested"]) == events
    status, problem = await call("POST", f"/api/v1/orders/{short['number']}/shortage-options/propose", key)
    assert (status, problem["code"]) == (409, "state.conflict"), "it came over the API: there is nobody to write to"
