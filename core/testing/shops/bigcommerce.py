"""BigCommerce's V2 orders and shipments, as much of them as the gateway calls."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar, Final

from core.testing.shops.standin import Asked, KeptOrder, ShopStandIn, Told, matched

_NONE: Final = Told(404, [{"status": 404, "message": "The requested resource was not found."}])
_STATUSES: Final = {2: "shipped", 5: "cancelled", 6: "declined"}
_ADDRESS: Final = 77


class BigCommerceStandIn(ShopStandIn):
    """BigCommerce; every order goes to one address."""

    platform: ClassVar[str] = "bigcommerce"
    key: ClassVar[tuple[str, str]] = ("X-Auth-Token", ShopStandIn.token)

    def reply(self, asked: Asked) -> Told:
        """Answer for an order or its shipments."""
        if (found := matched("/v2/orders/{id}/shipments", asked.path)) is not None:
            order = self.orders.get(found["id"])
            return _NONE if order is None else _shipments(order, asked)
        found = matched("/v2/orders/{id}", asked.path)
        order = self.orders.get(found["id"]) if found else None
        if order is None:
            return _NONE
        if asked.method == "PUT":
            status = _STATUSES.get(asked.content["status_id"])
            if status is None:
                return Told(400, [{"status": 400, "message": "The field 'status_id' is invalid."}])
            order.status = status
            if "staff_notes" in asked.content:  # one text, which a later one replaces
                order.notes = [asked.content["staff_notes"]]
        lines = [{"id": int(line_id), "quantity": int(quantity)} for line_id, quantity in order.lines.items()]
        shipping = [{"id": _ADDRESS, "line_items": lines}]
        return Told(
            200, {"id": int(order.id), "staff_notes": "".join(order.notes), "consignments": [{"shipping": shipping}]}
        )


def _shipments(order: KeptOrder, asked: Asked) -> Told:
    if asked.method == "POST":
        wanted = asked.content
        if wanted["order_address_id"] != _ADDRESS:
            return Told(400, [{"status": 400, "message": "The field 'order_address_id' is invalid."}])
        lines = {str(item["order_product_id"]): Decimal(item["quantity"]) for item in wanted["items"]}
        refused = order.send(lines, wanted["tracking_number"], wanted["comments"])
        return Told(400, [{"status": 400, "message": refused}]) if refused else Told(201, {"id": len(order.shipments)})
    if not order.shipments:
        return Told(204)
    return Told(
        200,
        [
            {"order_address_id": _ADDRESS, "comments": sent.reference, "tracking_number": sent.tracking}
            for sent in order.shipments
        ],
    )
