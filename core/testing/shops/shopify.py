"""Shopify's Admin API, as much of it as the gateway calls: one order, its fulfilment orders, three mutations."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from core.testing.shops.standin import Asked, Json, KeptOrder, ShopStandIn, Told, matched


class ShopifyStandIn(ShopStandIn):
    """Shopify: GraphQL, whose refusals come with the status 200."""

    platform: ClassVar[str] = "shopify"
    key: ClassVar[tuple[str, str]] = ("X-Shopify-Access-Token", ShopStandIn.token)

    def reply(self, asked: Asked) -> Told:
        """Answer a query, a mutation, or GET of an order."""
        if (found := matched("/admin/api/2025-10/orders/{id}.json", asked.path)) is not None:
            order = self.orders.get(found["id"])
            return Told(404, {"errors": "Not Found"}) if order is None else Told(200, {"order": {"id": int(order.id)}})
        if asked.method != "POST" or matched("/admin/api/2025-10/graphql.json", asked.path) is None:
            return Told(404, {"errors": "Not Found"})
        query, variables = asked.content["query"], asked.content["variables"]
        for name, act in (
            ("fulfillmentCreate(", self._ship),
            ("fulfillmentEventCreate(", self._deliver),
            ("orderCancel(", self._cancel),
        ):
            if name in query:
                field = "orderCancelUserErrors" if name == "orderCancel(" else "userErrors"
                errors = [{"field": None, "message": said} for said in act(variables)]
                return Told(200, {"data": {name[:-1]: {field: errors}}})
        order = self._of(variables["id"])
        return Told(200, {"data": {"order": None if order is None else _standing(order)}})

    def _of(self, gid: str) -> KeptOrder | None:
        return self.orders.get(gid.removeprefix("gid://shopify/Order/"))

    def _ship(self, variables: Json) -> list[str]:
        wanted: Json = variables["fulfillment"]
        lines: dict[str, Decimal] = {}
        owner: KeptOrder | None = None
        for portion in wanted["lineItemsByFulfillmentOrder"]:
            owner = self.orders.get(portion["fulfillmentOrderId"].removeprefix("gid://shopify/FulfillmentOrder/"))
            if owner is None:
                return ["the fulfilment order does not exist"]
            for item in portion["fulfillmentOrderLineItems"]:
                line_id = item["id"].removeprefix("gid://shopify/FulfillmentOrderLineItem/")
                lines[line_id] = lines.get(line_id, Decimal(0)) + Decimal(item["quantity"])
        refused = "nothing to fulfil" if owner is None else owner.send(lines, wanted["trackingInfo"]["number"])
        return [refused] if refused else []

    def _deliver(self, variables: Json) -> list[str]:
        owner, _, number = variables["event"]["fulfillmentId"].rpartition("/")[2].partition("-")
        order = self.orders.get(owner)
        if order is None or not 0 < int(number) <= len(order.shipments):
            return ["the fulfilment does not exist"]
        order.shipments[int(number) - 1].delivered = True
        return []

    def _cancel(self, variables: Json) -> list[str]:
        order = self._of(variables["id"])
        if order is None or order.cancelled or order.shipments:
            return ["the order cannot be cancelled"]
        order.status = "cancelled"
        return []


def _standing(order: KeptOrder) -> dict[str, Any]:
    return {
        "cancelledAt": "2026-03-02T08:00:00Z" if order.cancelled else None,
        "fulfillments": [
            {
                "id": f"gid://shopify/Fulfillment/{order.id}-{sent.id}",
                "displayStatus": "DELIVERED" if sent.delivered else "FULFILLED",
                "trackingInfo": [{"number": sent.tracking}],
            }
            for sent in order.shipments
        ],
        "fulfillmentOrders": {
            "nodes": [
                {
                    "id": f"gid://shopify/FulfillmentOrder/{order.id}",
                    "lineItems": {
                        "nodes": [
                            {
                                "id": f"gid://shopify/FulfillmentOrderLineItem/{line_id}",
                                "remainingQuantity": int(order.left(line_id)),
                                "lineItem": {"id": f"gid://shopify/LineItem/{line_id}"},
                            }
                            for line_id in order.lines
                        ]
                    },
                }
            ]
        },
    }
