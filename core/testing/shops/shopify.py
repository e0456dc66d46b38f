"""Shopify's Admin API, as much of it as the gateway calls: one order, its fulfilment orders, four mutations."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar, Final

from core.testing.shops.standin import Asked, Json, KeptOrder, ShopStandIn, Told, matched

_LOCATION: Final = "gid://shopify/Location/1"


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
            ("refundCreate(", self._refund),
        ):
            if name in query:
                field = "orderCancelUserErrors" if name == "orderCancel(" else "userErrors"
                errors = [{"field": None, "message": said} for said in act(variables)]
                return Told(200, {"data": {name[:-1]: {field: errors}}})
        order = self._of(variables["id"])
        if order is None:
            return Told(200, {"data": {"order": None}})
        return Told(200, {"data": {"order": _standing(order) if "lines" not in variables else _rest(order, variables)}})

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

    def _refund(self, variables: Json) -> list[str]:
        wanted: Json = variables["input"]
        order = self._of(wanted["orderId"])
        if order is None:
            return ["the order does not exist"]
        lines: dict[str, Decimal] = {}
        for item in wanted["refundLineItems"]:
            if item["restockType"] != "CANCEL" or item["locationId"] != _LOCATION:
                return ["the line is taken back nowhere"]
            line_id = item["lineItemId"].removeprefix("gid://shopify/LineItem/")
            lines[line_id] = lines.get(line_id, Decimal(0)) + Decimal(item["quantity"])
        if refused := order.drop(lines):
            return [refused]
        order.notes.append(wanted["note"])
        order.given_back += sum((Decimal(one["amount"]) for one in wanted.get("transactions", ())), Decimal(0))
        return []

    def _cancel(self, variables: Json) -> list[str]:
        order = self._of(variables["id"])
        if order is None or order.cancelled or order.shipments:
            return ["the order cannot be cancelled"]
        order.status = "cancelled"
        return []


def _rest(order: KeptOrder, variables: Json) -> dict[str, Any]:
    """Return what is to be sent still and, where it is asked for, the money of the lines at 1.00 EUR apiece."""
    pieces = sum(line["quantity"] for line in variables["lines"])
    suggested = {
        "gateway": "bogus",
        "parentTransaction": {"id": "gid://shopify/OrderTransaction/1"},
        "amountSet": {"presentmentMoney": {"amount": str(pieces), "currencyCode": "EUR"}},
    }
    return _standing(order) | {
        "refunds": [{"note": note} for note in order.notes],
        **({"suggestedRefund": {"suggestedTransactions": [suggested]}} if variables["money"] else {}),
    }


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
                    "assignedLocation": {"location": {"id": _LOCATION}},
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
