"""BigCommerce: thin deliveries, orders with several addresses, shipments by address."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from shops import SECRETS, body, generic, sample, standard, thin_bigcommerce

from adapters.commerce.bigcommerce.adapter import ADAPTER
from core.documents import ShopEvent, ShopOrder
from core.errors import ValueRefused
from core.storefront import HookDelivery, HookRequest, ShopNews, StoreAccess

ACCESS = sample("bigcommerce").access()
NOW = datetime(2026, 3, 2, tzinfo=UTC)
SHIPPED = ShopNews(
    "SHP-1", "shipped", "250", "2026-EC-000001", (("194", Decimal(2)), ("195", Decimal(1))), "An Post", "AP1"
)


def event(told: bytes, access: StoreAccess = ACCESS) -> ShopEvent:
    delivery = ADAPTER.verify(HookRequest(standard(told, SECRETS[0], NOW), told), access, NOW)
    found = ADAPTER.read(delivery, told, access)
    assert found.event is not None, found.violations
    return found.event


def order(**changes: Any) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(body("bigcommerce"))
    return told | changes


def snapshot(**changes: Any) -> ShopOrder:
    found = ADAPTER.read_fetched(json.dumps(order(**changes)).encode(), ACCESS)
    assert found.event is not None, found.violations
    assert found.event.order is not None
    return found.event.order


@pytest.mark.parametrize("scope", ["store/order/created", "store/order/statusUpdated", "store/order/refund/created"])
def test_a_delivery_names_the_order_to_fetch(scope: str) -> None:
    found = event(thin_bigcommerce(scope))
    assert (found.shop_id, found.fetch) == ("250", "/v2/orders/250?include=consignments.line_items")
    assert found.at == datetime(2026, 3, 2, 10, 15, tzinfo=UTC)


def test_a_shipment_names_its_order() -> None:
    told = {"scope": "store/shipment/created", "data": {"type": "shipment", "id": 12, "orderId": 251}, "hash": "x"}
    assert event(json.dumps(told).encode()).shop_id == "251"


def test_an_order_that_is_not_named_is_told_where_it_should_be() -> None:
    (found,) = ADAPTER.read(HookDelivery("d", ""), b'{"scope": "store/order/created", "data": {}}', ACCESS).violations
    assert (found.code, found.tag) == ("shop.value_missing", "/data/id")


def test_what_changes_no_order() -> None:
    assert event(thin_bigcommerce("store/order/archived")).kind == "deleted"
    assert event(thin_bigcommerce("store/order/message/created")).kind == "ignored"
    assert event(thin_bigcommerce("store/product/updated")).kind == "ignored"


def test_a_signature_of_another_kind_is_a_setting() -> None:
    signature = {"scheme": "hmac", "header": "X-Kontor-Signature", "encoding": "hex", "prefix": "sha256="}
    access = StoreAccess("s", SECRETS, {"signature": signature})
    assert list(ADAPTER.check(access)) == []
    told = thin_bigcommerce()
    delivery = ADAPTER.verify(HookRequest(generic(told, SECRETS[0], NOW), told), access, NOW)
    assert (delivery.id, delivery.topic) == ("f00d", "store/order/created")
    token = StoreAccess("s", SECRETS, {"signature": {"scheme": "token", "header": "X-Token"}})
    assert ADAPTER.verify(HookRequest({"x-token": SECRETS[1]}, told), token, NOW).id == "f00d"
    broken = StoreAccess("s", SECRETS, {"signature": {"scheme": "token"}})
    assert [fault.place for fault in ADAPTER.check(broken)] == ["signature"]


@pytest.mark.parametrize(
    ("changes", "state", "payment"),
    [
        ({}, "open", "paid"),
        ({"status_id": 1, "payment_status": ""}, "open", "pending"),
        ({"status_id": 1, "payment_status": "authorized"}, "open", "authorized"),
        ({"status_id": 4}, "open", "refunded"),
        ({"status_id": 5}, "cancelled", "paid"),
        ({"status_id": 6, "payment_status": "declined"}, "cancelled", "pending"),
        ({"status_id": 10}, "closed", "paid"),
        ({"status_id": 14}, "open", "partly_refunded"),
        ({"is_deleted": True}, "cancelled", "paid"),
    ],
)
def test_how_an_order_and_its_payment_stand(changes: dict[str, Any], state: str, payment: str) -> None:
    told = snapshot(**changes)
    assert (told.state, told.payment) == (state, payment)


def test_an_order_that_its_customer_has_not_finished_is_ignored() -> None:
    found = ADAPTER.read_fetched(json.dumps(order(status_id=0)).encode(), ACCESS).event
    assert found is not None
    assert found.kind == "ignored"


def test_lines_know_where_they_go() -> None:
    first, second = snapshot().destinations
    assert (first.party.city, first.lines) == ("Cork", (("194", Decimal(2)),))
    assert (second.party.city, second.lines) == ("Galway", (("195", Decimal(1)),))
    single = order()
    single["consignments"] = {"shipping": single["consignments"][0]["shipping"][:1]}
    found = ADAPTER.read_fetched(json.dumps(single).encode(), ACCESS).event
    assert found is not None
    assert found.order is not None
    assert found.order.destinations == ()


def test_an_order_that_was_fetched_without_its_lines_is_refused() -> None:
    link = {"url": "https://api.example/consignments", "resource": "/orders/250/consignments"}
    found = ADAPTER.read_fetched(json.dumps(order(consignments=link)).encode(), ACCESS)
    assert found.event is None
    assert [(one.code, one.tag) for one in found.violations] == [("shop.lines_missing", "/consignments")]


def test_money_given_back_is_told_as_a_sum() -> None:
    (refund,) = snapshot(refunded_amount="12.5000").refunds
    assert (refund.id, refund.amount) == ("250", Decimal("12.5"))


def test_a_discount_beside_the_lines_is_one_of_the_order() -> None:
    told = snapshot(discount_amount="2.0000", total_inc_tax="59.5000")
    assert [(charge.amount, charge.line_id) for charge in told.charges[:2]] == [(-5, "194"), (-2, "")]


def calls(news: ShopNews, *answers: Any) -> list[tuple[str, str, Any]]:
    told = ADAPTER.tell(news, ACCESS, [json.dumps(answer).encode() for answer in answers])
    return [(call.method, call.path, json.loads(call.body)) for call in told]


def test_a_shipment_is_told_by_address_and_once() -> None:
    asked = [call.path for call in ADAPTER.asks(SHIPPED, ACCESS)]
    assert asked == ["/v2/orders/250?include=consignments.line_items", "/v2/orders/250/shipments"]
    told = calls(SHIPPED, order(), [])
    assert [(path, content["order_address_id"], content["items"]) for _, path, content in told] == [
        ("/v2/orders/250/shipments", 131, [{"order_product_id": 194, "quantity": 2}]),
        ("/v2/orders/250/shipments", 132, [{"order_product_id": 195, "quantity": 1}]),
    ]
    half = [{"order_address_id": 131, "comments": "SHP-1"}, {"order_address_id": 132, "comments": "SHP-0"}]
    assert [content["order_address_id"] for _, _, content in calls(SHIPPED, order(), half)] == [132]


def test_a_shop_without_shipments_answers_with_nothing() -> None:
    told = ADAPTER.tell(SHIPPED, ACCESS, [body("bigcommerce"), b""])
    assert len(told) == 2


def test_a_line_that_the_order_does_not_have_is_not_told() -> None:
    with pytest.raises(ValueRefused, match="999"):
        calls(SHIPPED._replace(lines=(("999", Decimal(1)),)), order(), [])
    with pytest.raises(ValueRefused, match="not asked"):
        calls(SHIPPED)


def test_a_rest_that_is_not_to_come_is_noted_once_and_ends_the_order() -> None:
    rest = SHIPPED._replace(kind="rest_cancelled", reference="N/7", lines=(("194", Decimal(1)),), reason="no use")
    (asked,) = ADAPTER.asks(rest, ACCESS)
    assert asked.path == "/v2/orders/250"
    words = "2026-EC-000001: cancelled: 1 of line 194; no use [N/7]"
    told = {"status_id": 2, "staff_notes": f"call first\n{words}"}
    assert calls(rest, {"staff_notes": "call first"}) == [("PUT", "/v2/orders/250", told)]
    assert calls(rest, {"staff_notes": f"{words}, seen"}) == []


def test_other_news() -> None:
    assert calls(SHIPPED._replace(kind="cancelled")) == [("PUT", "/v2/orders/250", {"status_id": 5})]
    assert calls(SHIPPED._replace(kind="declined")) == [("PUT", "/v2/orders/250", {"status_id": 6})]
    assert calls(SHIPPED._replace(kind="confirmed")) == calls(SHIPPED._replace(kind="delivered")) == []
