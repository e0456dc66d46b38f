"""WooCommerce's REST API and the Shipment Tracking extension, as much of them as the gateway calls."""

from __future__ import annotations

from typing import ClassVar, Final

from core.testing.shops.standin import Asked, SentGoods, ShopStandIn, Told, matched

_NONE: Final = Told(404, {"code": "woocommerce_rest_shop_order_invalid_id", "message": "Invalid ID."})
_STATUSES: Final = frozenset({"pending", "processing", "on-hold", "completed", "cancelled", "refunded", "failed"})


class WooCommerceStandIn(ShopStandIn):
    """WooCommerce. It adds every note and number that it is told: who tells twice has two."""

    platform: ClassVar[str] = "woocommerce"
    token: ClassVar[str] = "ck_key:cs_secret"  # noqa: S105 - it opens nothing
    key: ClassVar[tuple[str, str]] = ("Authorization", "Basic Y2tfa2V5OmNzX3NlY3JldA==")

    def reply(self, asked: Asked) -> Told:
        """Answer for an order, its notes, or its tracking numbers."""
        if (found := matched("/wp-json/wc/v3/orders/{id}/notes", asked.path)) is not None:
            return self._notes(found["id"], asked)
        if (
            found := matched("/wp-json/wc-shipment-tracking/v3/orders/{id}/shipment-trackings", asked.path)
        ) is not None:
            return self._trackings(found["id"], asked)
        found = matched("/wp-json/wc/v3/orders/{id}", asked.path)
        order = self.orders.get(found["id"]) if found else None
        if order is None:
            return _NONE
        if asked.method == "PUT":
            status = asked.content["status"]
            if status not in _STATUSES:
                return Told(400, {"code": "rest_invalid_param", "message": "Invalid parameter(s): status"})
            order.status = status
        return Told(200, {"id": int(order.id), "status": order.status})

    def _notes(self, shop_id: str, asked: Asked) -> Told:
        order = self.orders.get(shop_id)
        if order is None:
            return _NONE
        if asked.method == "POST":
            order.notes.append(asked.content["note"])
            return Told(201, {"id": len(order.notes), "note": order.notes[-1]})
        return Told(200, [{"id": number, "note": note} for number, note in enumerate(order.notes, 1)])

    def _trackings(self, shop_id: str, asked: Asked) -> Told:
        order = self.orders.get(shop_id)
        if order is None:
            return _NONE
        if asked.method == "POST":
            # a number is told without lines: the first one has all that is left
            lines = {line: order.left(line) for line in order.lines if order.left(line)}
            order.shipments.append(SentGoods(len(order.shipments) + 1, lines, asked.content["tracking_number"]))
            return Told(201, {"tracking_id": str(len(order.shipments))})
        return Told(200, [{"tracking_number": sent.tracking} for sent in order.shipments])
