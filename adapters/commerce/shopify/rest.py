"""The rest of an order that is not to come, as Shopify takes it back: a refund of lines that were never sent.

Admin API: ``refundCreate`` with the restock type CANCEL lowers what is still to be fulfilled. Money goes back only
where the store is set so, by the transactions that ``suggestedRefund`` names. The refund's note has our reference, by
which a repeat is known.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, Final

from adapters.commerce.calls import answer_of, whole
from adapters.commerce.reading import Node
from adapters.commerce.shopify.graphql import gid, graphql, number_in
from core.errors import ValueRefused
from core.storefront import ShopCall, ShopNews

_ORDER: Final = """query Rest($id: ID!, $lines: [RefundLineItemInput!],
 $money: Boolean!) { order(id: $id) { cancelledAt
 refunds(first: 250) { note }
 suggestedRefund(refundLineItems: $lines) @include(if: $money) { suggestedTransactions {
  gateway parentTransaction { id } amountSet { presentmentMoney { amount currencyCode } } } }
 fulfillmentOrders(first: 50) { nodes { assignedLocation { location { id } }
  lineItems(first: 250) { nodes { remainingQuantity lineItem { id } } } } } } }"""
_REFUND: Final = """mutation CancelRest($input: RefundInput!) { refundCreate(input: $input) {
 refund { id } userErrors { field message } } }"""
#: the longest note that a refund is given
_LONGEST_NOTE: Final = 255


def ask(news: ShopNews, path: str, *, refund: bool) -> ShopCall:
    """Return the query for what of the order is still to be sent and what was taken back; with *refund* its money."""
    lines = [
        {"lineItemId": gid("LineItem", line_id), "quantity": whole(quantity), "restockType": "CANCEL"}
        for line_id, quantity in news.lines
    ]
    return graphql(path, _ORDER, {"id": gid("Order", news.shop_id), "lines": lines, "money": refund})


def answer_to(news: ShopNews, path: str, answers: Sequence[bytes], *, notify: bool, refund: bool) -> Sequence[ShopCall]:
    """Return the refund of what *news* says is not to come; none where Shopify has it, or has nothing left to send.

    Raises:
        ValueRefused: the answer has no order.
    """
    order = answer_of(answers[0] if answers else b"").at("data", "order")
    if not order.is_object():
        raise ValueRefused(f"Shopify knows no order {news.shop_id}")
    mark = f"[{news.reference}]"
    if order["cancelledAt"].there or any(mark in known["note"].text() for known in order["refunds"].each()):
        return ()
    lines = list(_lines(news, order))
    if not lines:
        return ()
    said = f"{news.number} {news.reason}".strip()[: _LONGEST_NOTE - len(mark) - 1]
    content: dict[str, Any] = {
        "orderId": gid("Order", news.shop_id),
        "note": f"{said} {mark}",
        "notify": notify,
        "refundLineItems": lines,
    }
    if refund and (transactions := list(_transactions(news, order))):
        content["transactions"] = transactions
        content["currency"] = _currency(order)
    return (graphql(path, _REFUND, {"input": content}),)


def _lines(news: ShopNews, order: Node) -> Iterator[dict[str, Any]]:
    """Yield what is taken back of each line, at the location that was to send it; no more than is left there."""
    wanted = dict(news.lines)
    for place in order.at("fulfillmentOrders", "nodes").each():
        location = place.at("assignedLocation", "location", "id").text()
        for item in place.at("lineItems", "nodes").each():
            line_id = number_in(item.at("lineItem", "id").text())
            portion = min(item["remainingQuantity"].amount(), wanted.get(line_id, Decimal(0)))
            if portion > 0:
                wanted[line_id] -= portion
                taken = {"lineItemId": gid("LineItem", line_id), "quantity": whole(portion), "restockType": "CANCEL"}
                yield taken | ({"locationId": location} if location else {})


def _transactions(news: ShopNews, order: Node) -> Iterator[dict[str, Any]]:
    for suggested in order.at("suggestedRefund", "suggestedTransactions").each():
        amount = suggested.at("amountSet", "presentmentMoney", "amount").amount()
        if amount > 0:
            yield {
                "orderId": gid("Order", news.shop_id),
                "parentId": suggested.at("parentTransaction", "id").text(),
                "gateway": suggested["gateway"].text(),
                "kind": "REFUND",
                "amount": str(amount),
            }


def _currency(order: Node) -> str:
    return next(
        suggested.at("amountSet", "presentmentMoney", "currencyCode").text()
        for suggested in order.at("suggestedRefund", "suggestedTransactions").each()
    )
