"""Adobe Commerce's REST API, as much of it as the gateway calls: orders, comments, shipments."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar, Final

from core.testing.shops.standin import Asked, KeptOrder, ShopStandIn, Told, matched

_NONE: Final = Told(404, {"message": "The entity that was requested doesn't exist. Verify the entity and try again."})
_ROOT: Final = "/rest/default/V1"
_ASKED_ORDER: Final = "searchCriteria[filter_groups][0][filters][0][value]"


class AdobeCommerceStandIn(ShopStandIn):
    """Adobe Commerce."""

    platform: ClassVar[str] = "adobe_commerce"
    key: ClassVar[tuple[str, str]] = ("Authorization", f"Bearer {ShopStandIn.token}")

    def reply(self, asked: Asked) -> Told:
        """Answer for an order, its comments, its shipments, or do one of three things to it."""
        if asked.path == f"{_ROOT}/shipments":
            order = self.orders.get(asked.query.get(_ASKED_ORDER, ""))
            sent = order.shipments if order else []
            return Told(200, {"items": [{"comments": [{"comment": one.reference}]} for one in sent]})
        for template, act in (
            ("orders/{id}/comments", _comments),
            ("order/{id}/ship", _ship),
            ("orders/{id}/cancel", _cancel),
            ("orders/{id}", _order),
        ):
            if (found := matched(f"{_ROOT}/{template}", asked.path)) is not None:
                order = self.orders.get(found["id"])
                return _NONE if order is None else act(order, asked)
        return Told(404, {"message": "Request does not match any route."})


def _order(order: KeptOrder, _asked: Asked) -> Told:
    return Told(200, {"state": "canceled" if order.cancelled else "processing"})


def _comments(order: KeptOrder, asked: Asked) -> Told:
    if asked.method == "POST":
        order.notes.append(asked.content["statusHistory"]["comment"])
        return Told(200, content=True)
    return Told(200, {"items": [{"comment": note} for note in order.notes]})


def _ship(order: KeptOrder, asked: Asked) -> Told:
    wanted = asked.content
    lines = {str(item["order_item_id"]): Decimal(item["qty"]) for item in wanted["items"]}
    tracks = wanted.get("tracks", [{"track_number": ""}])
    refused = order.send(lines, tracks[0]["track_number"], wanted["comment"]["comment"])
    return Told(400, {"message": refused}) if refused else Told(200, str(len(order.shipments)))


def _cancel(order: KeptOrder, _asked: Asked) -> Told:
    if order.cancelled or order.shipments:
        return Told(400, {"message": "The order cannot be cancelled."})
    order.status = "cancelled"
    return Told(200, content=True)
