"""Adobe Commerce: where a body has the order, items below items, and what it is told."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from shops import body, sample

from adapters.commerce.adobe_commerce.adapter import ADAPTER
from core.documents import ShopEvent, ShopOrder
from core.storefront import HookDelivery, ShopNews, StoreAccess

ACCESS = sample("adobe_commerce").access()
SHIPPED = ShopNews("SHP-1", "shipped", "19", "2026-EC-000001", (("71", Decimal(3)),), "Royal Mail", "RM1")


def order(**changes: Any) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(body("adobe_commerce"))
    return told | changes


def event(told: Any, access: StoreAccess = ACCESS) -> ShopEvent:
    found = ADAPTER.read(HookDelivery("d-1", ""), json.dumps(told).encode(), access)
    assert found.event is not None, found.violations
    return found.event


def placeless(found: Any) -> Any:
    """Return an event without where its sums are told."""
    told = found.order
    charges = tuple(one._replace(source="", charge="") for one in told.charges)
    return found._replace(
        order=replace(told, charges=charges, taxes=tuple(one._replace(source="", charge="") for one in told.taxes))
    )


def snapshot(**changes: Any) -> ShopOrder:
    found = event(order(**changes)).order
    assert found is not None
    return found


@pytest.mark.parametrize(
    "wrapped",
    [
        {"order": order()},
        {"data": {"order": order()}},
        {"data": {"value": order(), "_metadata": {}}},
        {"event_id": "e-1", "event": {"data": {"value": order()}}},
        {"value": order()},
        order(),
    ],
)
def test_an_order_is_found_where_events_and_webhooks_have_it(wrapped: dict[str, Any]) -> None:
    assert placeless(event(wrapped)) == placeless(event(order()))


def test_an_event_without_items_has_the_order_fetched() -> None:
    access = StoreAccess("s", ACCESS.secrets, {"store_view": "de"})
    told = {"event": {"data": {"value": {"entity_id": 19, "state": "processing"}}}}
    assert event(told, access).fetch == "/rest/de/V1/orders/19"
    memo = {"data": {"value": {"entity_id": 4, "order_id": 19, "grand_total": 5}}}
    assert event(memo).shop_id == "19"


def test_items_below_the_item_that_was_bought_are_left_aside() -> None:
    told = snapshot()
    assert [line_id for _, line_id in told.line_ids] == ["71", "72"]
    assert [destination.lines for destination in told.destinations] == [(("71", Decimal(3)),), (("72", Decimal(1)),)]


@pytest.mark.parametrize(
    ("changes", "state", "payment"),
    [
        ({}, "open", "paid"),
        ({"state": "new", "total_paid": None}, "open", "pending"),
        ({"total_paid": 50}, "open", "partly_paid"),
        ({"state": "canceled", "total_paid": 0}, "cancelled", "pending"),
        ({"state": "complete"}, "closed", "paid"),
        ({"state": "closed", "total_refunded": 78}, "closed", "refunded"),
        ({"total_refunded": 20}, "open", "partly_refunded"),
    ],
)
def test_how_an_order_and_its_payment_stand(changes: dict[str, Any], state: str, payment: str) -> None:
    told = snapshot(**changes)
    assert (told.state, told.payment) == (state, payment)


def test_what_was_cancelled_of_a_line_is_not_wanted() -> None:
    items = order()["items"]
    items[0]["qty_canceled"] = 2
    items[1]["qty_canceled"] = 1
    told = snapshot(items=items)
    assert [(line.line, line.quantity) for line in told.order.lines] == [(1, Decimal(1))]
    assert [line_id for _, line_id in told.line_ids] == ["71", "72"]
    assert told.total is None  # the totals of Adobe Commerce stay those of the whole order
    # a cancelled order still says what was ordered
    assert len(snapshot(items=items, state="canceled").order.lines) == 2


def test_an_order_of_magento_1_reads_the_same_way() -> None:
    old = {
        "order_id": "19",
        "increment_id": "100000057",
        "created_at": "2013-10-07 16:22:26",
        "order_currency_code": "USD",
        "grand_total": "123.1000",
        "total_paid": "123.1000",
        "shipping_amount": "3.4200",
        "tax_amount": "0.6800",
        "discount_amount": "0.0000",
        "state": "processing",
        "billing_address": {"firstname": "Jo", "lastname": "Doe", "street": "1 Way\nFlat 2", "country_id": "GB"},
        "shipping_address": {"firstname": "Jo", "lastname": "Doe", "street": "1 Way", "country_id": "GB"},
        "items": [
            {"item_id": "20", "sku": "PAD", "qty_ordered": "1.0000", "price": "119.0000", "row_total": "119.0000"}
        ],
    }
    found = ADAPTER.read_fetched(json.dumps(old).encode(), ACCESS)
    assert found.violations == ()
    assert found.event is not None
    told = found.event.order
    assert told is not None
    assert (told.shop_id, told.name, told.payment) == ("19", "100000057", "paid")
    assert told.order.invoicee is not None
    assert told.order.invoicee.street == "1 Way, Flat 2"


def calls(news: ShopNews, answer: Any = None, **options: Any) -> list[tuple[str, str, Any]]:
    access = StoreAccess("s", ACCESS.secrets, options)
    told = ADAPTER.tell(news, access, [] if answer is None else [json.dumps(answer).encode()])
    return [(call.method, call.path, json.loads(call.body)) for call in told]


def test_a_shipment_is_told_with_its_number_and_once() -> None:
    (asked,) = ADAPTER.asks(SHIPPED, ACCESS)
    assert asked.path.startswith("/rest/default/V1/shipments?searchCriteria")
    assert asked.path.endswith("=19")
    ((method, path, told),) = calls(SHIPPED, {"items": []}, carrier_code="ups")
    assert (method, path) == ("POST", "/rest/default/V1/order/19/ship")
    assert told["items"] == [{"order_item_id": 71, "qty": 3}]
    assert told["tracks"] == [{"track_number": "RM1", "title": "Royal Mail", "carrier_code": "ups"}]
    assert told["comment"]["comment"] == "2026-EC-000001 [SHP-1]"
    known = {"items": [{"comments": [{"comment": "2026-EC-000001 [SHP-1]"}]}]}
    assert calls(SHIPPED, known) == []
    assert len(calls(SHIPPED, {"items": [{"comments": [{"comment": "[SHP-10]"}]}]})) == 1


def test_a_shipment_without_a_number_has_no_track() -> None:
    ((_, _, told),) = calls(SHIPPED._replace(tracking_number=""), {"items": []})
    assert "tracks" not in told


def test_a_rest_that_is_not_to_come_is_a_comment() -> None:
    rest = SHIPPED._replace(kind="rest_cancelled", reference="N/7", reason="no use")
    ((_, path, told),) = calls(rest, {"items": []})
    assert path == "/rest/default/V1/orders/19/comments"
    assert told["statusHistory"]["comment"] == "2026-EC-000001: cancelled: 3 of item 71; no use [N/7]"
    assert calls(rest, {"items": [{"comment": "x [N/7]"}]}) == []
    assert ADAPTER.asks(rest, ACCESS)[0].path == path


def test_other_news() -> None:
    confirmed = SHIPPED._replace(kind="confirmed")
    ((_, path, told),) = calls(confirmed, {"items": []})
    assert path == "/rest/default/V1/orders/19/comments"
    assert told["statusHistory"]["comment"] == "2026-EC-000001 [SHP-1]"
    assert calls(confirmed, {"items": [{"comment": "x [SHP-1]"}]}) == []
    for kind in ("cancelled", "declined"):
        news = SHIPPED._replace(kind=kind)
        assert calls(news, {"state": "processing"}) == [("POST", "/rest/default/V1/orders/19/cancel", {})]
        assert calls(news, {"state": "canceled"}) == []
        assert ADAPTER.asks(news, ACCESS)[0].path == "/rest/default/V1/orders/19?fields=state"
    assert calls(SHIPPED._replace(kind="delivered")) == []
    assert ADAPTER.asks(SHIPPED._replace(kind="delivered"), ACCESS) == ()
