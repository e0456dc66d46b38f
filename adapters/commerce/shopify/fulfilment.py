"""What Shopify is told of an order, as GraphQL (Admin API: fulfillmentCreate, fulfillmentEventCreate, orderCancel).

A fulfilment needs ids of fulfilment orders, so Shopify is asked first. The same answer shows what it was told before:
a fulfilment is known again by its tracking number, which is our reference where the carrier gave none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, Final

from adapters.commerce.calls import answer_of, send, whole
from adapters.commerce.reading import Node
from core.errors import ValueRefused
from core.storefront import ShopCall, ShopNews

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
    return _graphql(path, _ORDER, {"id": _gid("Order", news.shop_id)})


def answer_to(
    news: ShopNews, path: str, answers: Sequence[bytes], *, notify: bool, refund: bool, restock: bool
) -> Sequence[ShopCall]:
    """Return the mutation that *news* needs by what :func:`ask` brought; none where Shopify has it.

    Raises:
        ValueRefused: the answer has no order, or less left to be sent than was sent.
    """
    order = answer_of(answers[0] if answers else b"").at("data", "order")
    if not order.is_object():
        raise ValueRefused(f"Shopify knows no order {news.shop_id}")
    if news.kind in {"cancelled", "declined"}:
        if order["cancelledAt"].there:
            return ()
        note = f"{news.number} {news.reason}".strip()[:_LONGEST_NOTE]
        return (
            _graphql(
                path,
                _CANCEL,
                {
                    "id": _gid("Order", news.shop_id),
                    "refund": {"originalPaymentMethodsRefund": refund},
                    "restock": restock,
                    "reason": "OTHER",
                    "notify": notify,
                    "note": note,
                },
            ),
        )
    known = next((one for one in order["fulfillments"].each() if _number(news) in _numbers(one)), None)
    if news.kind == "delivered":
        if known is None:
            raise ValueRefused(f"Shopify has no fulfilment {_number(news)} of the order {news.shop_id}")
        if known["displayStatus"].text() == "DELIVERED":
            return ()
        event: dict[str, Any] = {"fulfillmentId": known["id"].needed(), "status": "DELIVERED"}
        if news.at is not None:
            event["happenedAt"] = news.at.isoformat()
        return (_graphql(path, _DELIVER, {"event": event}),)
    if known is not None:
        return ()
    return (_graphql(path, _SHIP, {"fulfillment": _fulfilment(news, order, notify=notify)}),)


def refusal_in(answer: bytes) -> str:
    """Return what a GraphQL answer says is wrong, "" where nothing is."""
    answered = answer_of(answer)
    if not isinstance(answered.value, dict):
        return "the answer is no GraphQL answer"
    said = [error["message"].text() for error in answered["errors"].each()]
    payloads = answered["data"].value
    for name in payloads if isinstance(payloads, dict) else ():
        payload = answered.at("data", name)
        for errors in ("userErrors", "orderCancelUserErrors"):
            said += [error["message"].text() for error in payload[errors].each()]
    return "; ".join(said)


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
        line_id = item.at("lineItem", "id").text().rpartition("/")[2]
        portion = min(item["remainingQuantity"].amount(), wanted.get(line_id, Decimal(0)))
        if portion > 0:
            wanted[line_id] -= portion
            yield {"id": item["id"].needed(), "quantity": whole(portion)}


def _number(news: ShopNews) -> str:
    return news.tracking_number or news.reference


def _numbers(fulfilment: Node) -> set[str]:
    return {tracking["number"].text() for tracking in fulfilment["trackingInfo"].each()}


def _gid(kind: str, shop_id: str) -> str:
    return f"gid://shopify/{kind}/{shop_id}"


def _graphql(path: str, query: str, variables: dict[str, Any]) -> ShopCall:
    return send("POST", path, {"query": query, "variables": variables})
