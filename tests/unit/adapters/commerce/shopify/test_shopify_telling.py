"""What Shopify is told: by the ids that it has, once, and with its refusals heard."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from shops import sample

from adapters.commerce.shopify.adapter import ADAPTER
from core.errors import ValueRefused
from core.storefront import ShopCall, ShopNews, ShopShipment

ACCESS = sample("shopify").access()
SHIPPED = ShopNews(
    "SHP-1",
    "shipped",
    "55",
    "2026-EC-000001",
    (("9001", Decimal(5)), ("9002", Decimal(1))),
    "PostNord",
    "PN1",
    "https://track.example/PN1",
)


def standing(**changes: Any) -> bytes:
    """Return what Shopify answers to the query, two fulfilment orders at two locations."""

    def item(identity: int, line: int, left: int) -> dict[str, Any]:
        return {
            "id": f"gid://shopify/FulfillmentOrderLineItem/{identity}",
            "remainingQuantity": left,
            "lineItem": {"id": f"gid://shopify/LineItem/{line}"},
        }

    place = {"location": {"id": "L/1"}}
    orders = [
        {
            "id": "gid://shopify/FulfillmentOrder/1",
            "assignedLocation": place,
            "lineItems": {"nodes": [item(11, 9001, 3), item(12, 9002, 1)]},
        },
        {"id": "gid://shopify/FulfillmentOrder/2", "lineItems": {"nodes": [item(21, 9001, 4)]}},
    ]
    order = {"cancelledAt": None, "fulfillments": [], "fulfillmentOrders": {"nodes": orders}} | changes
    return json.dumps({"data": {"order": order}}).encode()


def variables(calls: Any) -> dict[str, Any]:
    (call,) = calls
    assert isinstance(call, ShopCall)
    assert (call.method, call.path) == ("POST", "/admin/api/2025-10/graphql.json")
    told: dict[str, Any] = json.loads(call.body)["variables"]
    return told


def test_shopify_is_asked_for_the_order_first() -> None:
    assert variables(ADAPTER.asks(SHIPPED, ACCESS)) == {"id": "gid://shopify/Order/55"}
    assert ADAPTER.asks(SHIPPED._replace(kind="confirmed"), ACCESS) == ()
    assert ADAPTER.tell(SHIPPED._replace(kind="confirmed"), ACCESS) == ()


def test_a_shipment_is_taken_from_the_fulfilment_orders() -> None:
    told = variables(ADAPTER.tell(SHIPPED, ACCESS, [standing()]))["fulfillment"]
    assert told["trackingInfo"] == {"number": "PN1", "url": "https://track.example/PN1", "company": "PostNord"}
    assert told["notifyCustomer"] is True
    assert [
        (
            portion["fulfillmentOrderId"][-1],
            [(item["id"][-2:], item["quantity"]) for item in portion["fulfillmentOrderLineItems"]],
        )
        for portion in told["lineItemsByFulfillmentOrder"]
    ] == [("1", [("11", 3), ("12", 1)]), ("2", [("21", 2)])]


def test_a_shipment_that_shopify_has_is_not_told_again() -> None:
    known = [{"id": "gid://shopify/Fulfillment/1", "displayStatus": "FULFILLED", "trackingInfo": [{"number": "PN1"}]}]
    assert ADAPTER.tell(SHIPPED, ACCESS, [standing(fulfillments=known)]) == ()
    # without a tracking number our reference is what it is known by
    untracked = SHIPPED._replace(tracking_number="")
    assert (
        variables(ADAPTER.tell(untracked, ACCESS, [standing(fulfillments=known)]))["fulfillment"]["trackingInfo"][
            "number"
        ]
        == "SHP-1"
    )
    known[0]["trackingInfo"] = [{"number": "SHP-1"}]
    assert ADAPTER.tell(untracked, ACCESS, [standing(fulfillments=known)]) == ()


def test_more_than_is_left_is_not_told() -> None:
    with pytest.raises(ValueRefused, match="9001"):
        ADAPTER.tell(SHIPPED._replace(lines=(("9001", Decimal(8)),)), ACCESS, [standing()])
    with pytest.raises(ValueRefused, match="no order 55"):
        ADAPTER.tell(SHIPPED, ACCESS, [b'{"data": {"order": null}}'])
    with pytest.raises(ValueRefused, match="cannot be read"):
        ADAPTER.tell(SHIPPED, ACCESS, [b"<html>"])


def test_a_delivery_is_an_event_of_its_fulfilment() -> None:
    shipments = (ShopShipment("SHP-1", tracking_number="PN1"), ShopShipment("SHP-2"))
    delivered = ShopNews("SHP-3", "delivered", "55", "2026-EC-000001", at=datetime(2026, 3, 5, 12, tzinfo=UTC))
    delivered = delivered._replace(shipments=shipments)
    known = [{"id": "gid://shopify/Fulfillment/1", "displayStatus": "IN_TRANSIT", "trackingInfo": [{"number": "PN1"}]}]
    assert variables(ADAPTER.tell(delivered, ACCESS, [standing(fulfillments=known)])) == {
        "event": {
            "fulfillmentId": "gid://shopify/Fulfillment/1",
            "status": "DELIVERED",
            "happenedAt": "2026-03-05T12:00:00+00:00",
        }
    }
    known.append({"id": "gid://shopify/Fulfillment/2", "displayStatus": None, "trackingInfo": [{"number": "SHP-2"}]})
    assert len(ADAPTER.tell(delivered, ACCESS, [standing(fulfillments=known)])) == 2
    known[0]["displayStatus"] = "DELIVERED"
    (left,) = ADAPTER.tell(delivered, ACCESS, [standing(fulfillments=known)])
    assert json.loads(left.body)["variables"]["event"]["fulfillmentId"] == "gid://shopify/Fulfillment/2"
    known[1]["displayStatus"] = "DELIVERED"
    assert list(ADAPTER.tell(delivered, ACCESS, [standing(fulfillments=known)])) == []
    with pytest.raises(ValueRefused, match="no fulfilment PN1, SHP-2"):
        ADAPTER.tell(delivered, ACCESS, [standing()])


REST = ShopNews("N/7", "rest_cancelled", "55", "2026-EC-000001", (("9001", Decimal(5)),), reason="no use")


def test_a_rest_is_a_refund_of_what_is_left_at_each_location() -> None:
    """Issue 5, part 3: as much as is left, at the location that was to send it, and no money unless it is set."""
    assert variables(ADAPTER.asks(REST, ACCESS))["money"] is False
    told = variables(ADAPTER.tell(REST, ACCESS, [standing()]))["input"]
    assert told == {
        "orderId": "gid://shopify/Order/55",
        "note": "2026-EC-000001 no use [N/7]",
        "notify": True,
        "refundLineItems": [
            {"lineItemId": "gid://shopify/LineItem/9001", "quantity": 3, "restockType": "CANCEL", "locationId": "L/1"},
            {"lineItemId": "gid://shopify/LineItem/9001", "quantity": 2, "restockType": "CANCEL"},
        ],
    }


def test_a_rest_that_shopify_has_taken_back_is_not_told_again() -> None:
    for known in ({"refunds": [{"note": "x [N/7]"}]}, {"cancelledAt": "2026-03-03T00:00:00Z"}):
        assert ADAPTER.tell(REST, ACCESS, [standing(**known)]) == ()
    assert ADAPTER.tell(REST._replace(lines=(("9003", Decimal(1)),)), ACCESS, [standing()]) == ()
    with pytest.raises(ValueRefused, match="no order 55"):
        ADAPTER.tell(REST, ACCESS, [b'{"data": {"order": null}}'])


def test_the_money_of_a_rest_is_what_shopify_suggests() -> None:
    access = ACCESS._replace(options={"refund_on_cancel": True})
    assert variables(ADAPTER.asks(REST, access))["money"] is True
    money = {"presentmentMoney": {"amount": "61.50", "currencyCode": "SEK"}}
    suggested = [{"gateway": "card", "parentTransaction": {"id": "T/1"}, "amountSet": money}]
    answer = standing(suggestedRefund={"suggestedTransactions": suggested})
    told = variables(ADAPTER.tell(REST, access, [answer]))["input"]
    assert told["currency"] == "SEK"
    assert told["transactions"] == [
        {
            "orderId": "gid://shopify/Order/55", "parentId": "T/1", "gateway": "card", "kind": "REFUND",
            "amount": "61.50",
        }
    ]  # fmt: skip
    assert "transactions" not in variables(ADAPTER.tell(REST, ACCESS, [answer]))["input"]


@pytest.mark.parametrize("kind", ["cancelled", "declined"])
def test_a_cancellation_is_told_once_and_gives_no_money_back_unless_it_is_set(kind: Any) -> None:
    news = SHIPPED._replace(kind=kind, reason="no stock " * 40)
    told = variables(ADAPTER.tell(news, ACCESS, [standing()]))
    assert told["refund"] == {"originalPaymentMethodsRefund": False}
    assert told["restock"] is True
    assert len(told["note"]) == 255
    assert ADAPTER.tell(news, ACCESS, [standing(cancelledAt="2026-03-03T00:00:00Z")]) == ()


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ({"data": {"fulfillmentCreate": {"fulfillment": {"id": "1"}, "userErrors": []}}}, ""),
        ({"data": {"fulfillmentCreate": {"userErrors": [{"message": "Already fulfilled"}]}}}, "Already fulfilled"),
        ({"data": {"orderCancel": {"orderCancelUserErrors": [{"message": "No"}, {"message": "way"}]}}}, "No; way"),
        ({"errors": [{"message": "Throttled"}], "data": None}, "Throttled"),
        ([], "the answer is no GraphQL answer"),
    ],
)
def test_a_refusal_with_the_status_200_is_heard(answer: Any, said: str) -> None:
    assert ADAPTER.refusal(json.dumps(answer).encode()) == said
