"""Amazon: notifications that name an order, the money of items in parts, confirmed shipments."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from shops import SECRETS, body, sample, standard, thin_amazon

from adapters.commerce.amazon.adapter import ADAPTER
from core.documents import ShopEvent, ShopOrder
from core.errors import ValueRefused
from core.storefront import HookDelivery, HookRequest, ShopNews, StoreAccess

ACCESS = sample("amazon").access()
NOW = datetime(2026, 3, 2, tzinfo=UTC)
FETCH = "/orders/2026-01-01/orders/303-0000001-0000002?includedData=BUYER%2CRECIPIENT%2CPROCEEDS%2CFULFILLMENT"
SHIPPED = ShopNews(
    "SHP-1",
    "shipped",
    "303-0000001-0000002",
    "2026-EC-000001",
    (("7001", Decimal(3)),),
    "Deutsche Post",
    "DP1",
    at=datetime(2026, 3, 3, 9, 30, tzinfo=UTC),
)


def order(**changes: Any) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(body("amazon"))["order"]
    return told | changes


def event(told: Any) -> ShopEvent:
    found = ADAPTER.read(HookDelivery("d-1", ""), json.dumps(told).encode(), ACCESS)
    assert found.event is not None, found.violations
    return found.event


def snapshot(**changes: Any) -> ShopOrder:
    found = event({"order": order(**changes)}).order
    assert found is not None
    return found


@pytest.mark.parametrize("wrapped", [True, False])
def test_a_notification_names_the_order_to_fetch(wrapped: bool) -> None:
    told = json.loads(thin_amazon())
    content = json.dumps(told if wrapped else told["detail"]).encode()
    delivery = ADAPTER.verify(HookRequest({"x-api-key": SECRETS[0]}, content), ACCESS, NOW)
    assert delivery == HookDelivery("n-1", "ORDER_CHANGE", datetime(2026, 3, 2, 11, tzinfo=UTC))
    found = ADAPTER.read(delivery, content, ACCESS).event
    assert found == ShopEvent("snapshot", "303-0000001-0000002", delivery.at, fetch=FETCH)


def test_other_notifications_are_ignored() -> None:
    assert event({"NotificationType": "FULFILLMENT_ORDER_STATUS", "Payload": {}}).kind == "ignored"


def test_a_forwarder_may_sign() -> None:
    options = {"marketplace_id": "A1", "signature": {"scheme": "standard_webhooks"}}
    access = StoreAccess("s", SECRETS, options)
    request = HookRequest(standard(thin_amazon(), SECRETS[0], NOW), thin_amazon())
    assert ADAPTER.verify(request, access, NOW).id == "n-1"
    assert [fault.place for fault in ADAPTER.check(StoreAccess("s", SECRETS))] == ["marketplace_id"]


@pytest.mark.parametrize(
    "told",
    [
        {"payload": {"AmazonOrderId": "303-0000001-0000002", "OrderStatus": "Unshipped"}},
        {"payload": {"Orders": [{"AmazonOrderId": "303-0000001-0000002"}]}},
    ],
)
def test_an_order_of_version_0_has_no_items_and_is_fetched_anew(told: dict[str, Any]) -> None:
    found = event(told)
    assert (found.shop_id, found.fetch) == ("303-0000001-0000002", FETCH)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"fulfillment": {"fulfillmentStatus": "PENDING", "fulfilledBy": "MERCHANT"}}, "payment"),
        ({"fulfillment": {"fulfillmentStatus": "PENDING_AVAILABILITY"}}, "payment"),
        ({"fulfillment": {"fulfillmentStatus": "UNSHIPPED", "fulfilledBy": "AMAZON"}}, "itself"),
    ],
)
def test_an_order_that_is_not_ours_to_send_is_ignored(changes: dict[str, Any], why: str) -> None:
    found = event({"order": order(**changes)})
    assert found.kind == "ignored"
    assert why in found.reason


@pytest.mark.parametrize(
    ("status", "state", "payment"),
    [
        ("UNSHIPPED", "open", "paid"),
        ("PARTIALLY_SHIPPED", "open", "paid"),
        ("SHIPPED", "closed", "paid"),
        ("CANCELLED", "cancelled", "voided"),
    ],
)
def test_how_an_order_stands(status: str, state: str, payment: str) -> None:
    told = snapshot(fulfillment={"fulfillmentStatus": status, "fulfilledBy": "MERCHANT"})
    assert (told.state, told.payment) == (state, payment)


def test_a_price_without_parts_is_that_of_the_product() -> None:
    items = order()["orderItems"]
    for item in items:
        del item["proceeds"]
    told = snapshot(orderItems=items, proceeds={})
    assert [(line.price, line.price_basis) for line in told.order.lines] == [
        (Decimal("3.33"), 1),
        (Decimal("25.00"), 1),
    ]
    assert told.order.currency == "EUR"
    assert told.total is None


def test_a_price_that_nobody_tells_is_missing() -> None:
    items = [{"orderItemId": "1", "quantityOrdered": 1, "product": {}}]
    found = ADAPTER.read_fetched(json.dumps({"order": order(orderItems=items)}).encode(), ACCESS)
    assert [(one.code, one.tag) for one in found.violations] == [
        ("shop.value_missing", "/order/orderItems/0/product/price/unitPrice/amount")
    ]


def test_a_shipment_is_confirmed_under_a_number_that_follows_from_our_reference() -> None:
    def told(news: ShopNews, **options: Any) -> dict[str, Any]:
        access = StoreAccess("s", SECRETS, {"marketplace_id": "A1", **options})
        assert ADAPTER.asks(news, access) == ()
        (call,) = ADAPTER.tell(news, access)
        assert (call.method, call.path) == ("POST", "/orders/v0/orders/303-0000001-0000002/shipmentConfirmation")
        content: dict[str, Any] = json.loads(call.body)
        assert content["marketplaceId"] == "A1"
        package: dict[str, Any] = content["packageDetail"]
        return package

    package = told(SHIPPED)
    assert package["packageReferenceId"].isdigit()
    assert int(package["packageReferenceId"]) > 0
    assert package == told(SHIPPED)
    assert package["packageReferenceId"] != told(SHIPPED._replace(reference="SHP-2"))["packageReferenceId"]
    assert (package["carrierCode"], package["carrierName"]) == ("Other", "Deutsche Post")
    assert package["shipDate"] == "2026-03-03T09:30:00Z"
    assert package["orderItems"] == [{"orderItemId": "7001", "quantity": 3}]
    coded = told(SHIPPED, carriers={"Deutsche Post": "Deutsche Post DHL"})
    assert coded["carrierCode"] == "Deutsche Post DHL"
    assert "carrierName" not in coded


def test_amazon_has_no_place_for_other_news_and_wants_the_time_of_a_shipment() -> None:
    for kind in ("confirmed", "delivered", "cancelled", "declined"):
        assert ADAPTER.tell(SHIPPED._replace(kind=kind), ACCESS) == ()
    with pytest.raises(ValueRefused, match="when"):
        ADAPTER.tell(SHIPPED._replace(at=None), ACCESS)
