"""A shop of one's own house that takes news as the generic channel posts them."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from core.testing.shops.standin import Asked, ShopStandIn, Told, matched


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
        news = asked.content
        match news["kind"]:
            case "shipped":
                lines = {line["id"]: Decimal(line["quantity"]) for line in news["lines"]}
                if refused := order.send(lines, news["tracking_number"], news["reference"]):
                    return Told(422, {"message": refused})
            case "delivered":
                order.shipments[-1].delivered = True
            case "confirmed":
                order.notes.append(news["number"])
            case _:
                order.status = "cancelled"
        return self._seen.setdefault(key, Told(200, {"taken": True}))
