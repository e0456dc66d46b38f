"""Amazon's Selling Partner API, as much of it as the gateway calls: login, getOrder, confirmShipment."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar, Final
from urllib.parse import parse_qs

from core.testing.shops.standin import Asked, ShopStandIn, Told, matched

_NONE: Final = Told(404, {"errors": [{"code": "NotFound", "message": "The order does not exist."}]})
LOGIN_PATH: Final = "/auth/o2/token"


class AmazonStandIn(ShopStandIn):
    """Amazon. A package that is confirmed again is edited: there is one of each reference."""

    platform: ClassVar[str] = "amazon"
    token: ClassVar[str] = "client:secret:refresh"  # noqa: S105 - it opens nothing
    key: ClassVar[tuple[str, str]] = ("x-amz-access-token", "session-1")

    def __init__(self) -> None:
        super().__init__()
        self.logins = 0

    def answer(self, asked: Asked) -> Told:
        """Answer a login, or a request with the token of one."""
        if asked.path != LOGIN_PATH:
            return super().answer(asked)
        form = parse_qs(asked.body.decode())
        if (form["client_id"], form["client_secret"], form["refresh_token"]) != (["client"], ["secret"], ["refresh"]):
            return Told(400, {"error": "invalid_grant"})
        self.logins += 1
        return Told(200, {"access_token": self.key[1], "token_type": "bearer", "expires_in": 3600})

    def reply(self, asked: Asked) -> Told:
        """Answer for an order, or take the confirmation of a package."""
        if (found := matched("/orders/v0/orders/{id}/shipmentConfirmation", asked.path)) is not None:
            order = self.orders.get(found["id"])
            if order is None:
                return _NONE
            package = asked.content["packageDetail"]
            reference = package["packageReferenceId"]
            order.shipments = [sent for sent in order.shipments if sent.reference != reference]
            lines = {item["orderItemId"]: Decimal(item["quantity"]) for item in package["orderItems"]}
            refused = order.send(lines, package["trackingNumber"], reference)
            return Told(400, {"errors": [{"message": refused}]}) if refused else Told(204)
        found = matched("/orders/2026-01-01/orders/{id}", asked.path)
        order = self.orders.get(found["id"]) if found else None
        return _NONE if order is None else Told(200, {"order": {"orderId": order.id, "orderItems": []}})
