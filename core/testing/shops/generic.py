"""A shop of one's own house that takes news as the generic channel posts them."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from core.testing.shops.standin import Asked, Json, KeptOrder, ShopStandIn, Told, matched


class GenericStandIn(ShopStandIn):
    """Takes every ``Idempotency-Key`` once and answers a repeat as it did before."""

    platform: ClassVar[str] = "generic"
    key: ClassVar[tuple[str, str]] = ("Authorization", f"Bearer {ShopStandIn.token}")

    def __init__(self) -> None:
        super().__init__()
        self._seen: dict[str, Told] = {}

    def reply(self, asked: Asked) -> Told:
        """Take news of an order, or answer the order."""
        if asked.method == "GET" and (found := matched("/orders/{id}", asked.path)) is not None:
            order = self.orders.get(found["id"])
            return Told(404) if order is None else Told(200, {"id": order.id})
        found = matched("/orders/{id}/news", asked.path)
        order = self.orders.get(found["id"]) if found else None
        if order is None:
            return Told(404, {"message": "no such order"})
        key = asked.headers["idempotency-key"]
        if key in self._seen:
            return self._seen[key]
        if refused := _take(order, asked.content):
            return Told(422, {"message": refused})
        return self._seen.setdefault(key, Told(200, {"taken": True}))


def _take(order: KeptOrder, news: Json) -> str:
    """Do what *news* tell; return why they are refused, "" where they are not."""
    match news["kind"]:
        case "shipped":
            return order.send(_lines(news), news["tracking_number"], news["reference"])
        case "rest_cancelled":
            return order.drop(_lines(news))
        case "delivered":
            arrived = {shipment["tracking_number"] for shipment in news["shipments"]}
            for sent in order.shipments:
                sent.delivered = sent.delivered or sent.tracking in arrived
        case "confirmed":
            order.notes.append(news["number"])
        case _:
            order.status = "cancelled"
    return ""


def _lines(news: Json) -> dict[str, Decimal]:
    return {line["id"]: Decimal(line["quantity"]) for line in news["lines"]}
