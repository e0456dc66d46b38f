"""What Shopify is told of an order, as GraphQL (Admin API: fulfillmentCreate, fulfillmentEventCreate, orderCancel).

A fulfilment needs ids of fulfilment orders, so Shopify is asked first. The same answer shows what it was told before:
a fulfilment is known again by its tracking number, which is our reference where the carrier gave none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, Final

from adapters.commerce.calls import answer_of, whole
from adapters.commerce.reading import Node
from adapters.commerce.shopify.graphql import gid, graphql, number_in
from core.errors import ValueRefused
from core.storefront import ShopCall, ShopNews, ShopShipment

#: what Shopify has a place for; confirmations it has none for
LOOKED_AT: Final = frozenset({"shipped", "delivered", "cancelled", "declined"})
_ORDER: Final = """query Standing($id: ID!) { order(id: $id) { cancelledAt
 fulfillments(first: 250) { id displayStatus trackingInfo { number } }
 fulfillmentOrders(first: 50) { nodes { id
  lineItems(first: 250) { nodes { id remainingQuantity lineItem { id } } } } } } }"""
_SHIP: Final = """mutation Ship($fulfillment: FulfillmentInput!) { fulfillmentCreate(fulfillment: $fulfillment) {
 fulfillment { id } userErrors { field message } } }"""
_DELIVER: Final = """mutation Deliver($event: FulfillmentEventInput!) {
 fulfillmentEventCreate(fulfillmentEvent: $event) { fulfillmentEvent { id } userErrors { field message } } }"""
_CANCEL: Final = """mutation Cancel($id: ID!, $refund: OrderCancelRefundMethodInput!, $restock: Boolean!,
 $reason: OrderCancelReason!, $notify: Boolean, $note: String) {
 orderCancel(orderId: $id, refundMethod: $refund, restock: $restock, reason: $reason, notifyCustomer: $notify,
  staffNote: $note) { job { id } orderCancelUserErrors { field message } } }"""
#: the longest note that orderCancel takes
_LONGEST_NOTE: Final = 255


def ask(news: ShopNews, path: str) -> ShopCall:
    """Return the query for what Shopify has of the order."""
    return graphql(path, _ORDER, {"id": gid("Order", news.shop_id)})


def answer_to(
    news: ShopNews, path: str, answers: Sequence[bytes], *, notify: bool, refund: bool, restock: bool
) -> Sequence[ShopCall]:
    """Return the mutations that *news* need by what :func:`ask` brought; none where Shopify has it.

    Raises:
        ValueRefused: the answer has no order, none of the shipments, or less left to be sent than was sent.
    """
    order = answer_of(answers[0] if answers else b"").at("data", "order")
    if not order.is_object():
        raise ValueRefused(f"Shopify knows no order {news.shop_id}")
    if news.kind in {"cancelled", "declined"}:
        if order["cancelledAt"].there:
            return ()
        note = f"{news.number} {news.reason}".strip()[:_LONGEST_NOTE]
        return (
            graphql(
                path,
                _CANCEL,
                {
                    "id": gid("Order", news.shop_id),
                    "refund": {"originalPaymentMethodsRefund": refund},
                    "restock": restock,
                    "reason": "OTHER",
                    "notify": notify,
                    "note": note,
                },
            ),
        )
    sent = list(order["fulfillments"].each())
    if news.kind == "delivered":
        return [graphql(path, _DELIVER, {"event": event}) for event in _arrivals(news, sent)]
    if any(_number(news) in _numbers(one) for one in sent):
        return ()
    return (graphql(path, _SHIP, {"fulfillment": _fulfilment(news, order, notify=notify)}),)


def _fulfilment(news: ShopNews, order: Node, *, notify: bool) -> dict[str, Any]:
    wanted = dict(news.lines)
    portions = [
        {"fulfillmentOrderId": fulfilment_order["id"].needed(), "fulfillmentOrderLineItems": items}
        for fulfilment_order in order.at("fulfillmentOrders", "nodes").each()
        if (items := list(_portion(fulfilment_order, wanted)))
    ]
    lacking = [line_id for line_id, quantity in wanted.items() if quantity > 0]
    if lacking or not portions:
        raise ValueRefused(f"Shopify has less left to send than was sent of the lines {', '.join(lacking) or '-'}")
    tracking = {"number": _number(news), "url": news.tracking_url, "company": news.carrier}
    return {
        "lineItemsByFulfillmentOrder": portions,
        "trackingInfo": {name: told for name, told in tracking.items() if told},
        "notifyCustomer": notify,
    }


def _portion(fulfilment_order: Node, wanted: dict[str, Decimal]) -> Iterator[dict[str, Any]]:
    """Yield what of a fulfilment order is sent, and take it off *wanted*."""
    for item in fulfilment_order.at("lineItems", "nodes").each():
        line_id = number_in(item.at("lineItem", "id").text())
        portion = min(item["remainingQuantity"].amount(), wanted.get(line_id, Decimal(0)))
        if portion > 0:
            wanted[line_id] -= portion
            yield {"id": item["id"].needed(), "quantity": whole(portion)}


def _arrivals(news: ShopNews, sent: Sequence[Node]) -> Iterator[dict[str, Any]]:
    """Yield the event of every shipment that Shopify does not have as delivered yet.

    What a person told Shopify in another way is passed over, unless it knows none of the shipments.
    """
    numbers = {_number(one) for one in news.shipments}
    known = [one for one in sent if numbers & _numbers(one)]
    if not known:
        raise ValueRefused(f"Shopify has no fulfilment {', '.join(sorted(numbers))} of the order {news.shop_id}")
    for one in known:
        if one["displayStatus"].text() != "DELIVERED":
            event: dict[str, Any] = {"fulfillmentId": one["id"].needed(), "status": "DELIVERED"}
            yield event | ({} if news.at is None else {"happenedAt": news.at.isoformat()})


def _number(news: ShopNews | ShopShipment) -> str:
    return news.tracking_number or news.reference


def _numbers(fulfilment: Node) -> set[str]:
    return {tracking["number"].text() for tracking in fulfilment["trackingInfo"].each()}
