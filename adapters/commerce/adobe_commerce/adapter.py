"""Adobe Commerce as the gateway takes it: ``ADAPTER``.

Signature: RSA with SHA-256 over the base64 text of the body; the secret is the public key that the admin page shows
(Adobe, "Webhooks signature verification", whose words say HMAC and whose sample checks RSA). Needs the extra ``rsa``.
The body is what the webhook was set up to send: the order itself, or under one of the members that events have.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, ClassVar, Final, Literal

from pydantic import Field

from adapters.commerce.adobe_commerce.orders import read_order
from adapters.commerce.assembly import joined, order_in, snapshot_of
from adapters.commerce.calls import answer_of, get, number_or_text, path_of, send, whole
from adapters.commerce.platform import Options, Platform
from adapters.commerce.reading import Node
from adapters.commerce.signatures import PROFILES, SignatureProfile
from core.documents import ShopEvent
from core.storefront import HookDelivery, ShopCall, ShopNews, StoreAccess
from core.values import text

#: where webhooks and events (CloudEvents) have the order
_WHERE: Final = (("order",), ("data", "order"), ("event", "data", "value"), ("data", "value"), ("value",))

#: news that are a comment of the order; only a credit memo, which staff make, takes items back that were invoiced
_COMMENTED: Final = frozenset({"confirmed", "rest_cancelled"})


class AdobeCommerceOptions(Options):
    """Settings of a store of Adobe Commerce."""

    signed: Literal["base64_body", "body"] = Field(
        default="base64_body", description="what the signature is over; something between may have decoded the body"
    )
    store_view: str = Field(default="default", pattern=r"^[a-z0-9_]+$", description="code of the store view")
    carrier_code: str = Field(default="custom", pattern=r"^[a-z0-9_]+$", description="carrier code of our shipments")
    notify_customer: bool = Field(default=True, description="Adobe Commerce mails the customer when goods are sent")


class AdobeCommerce(Platform[AdobeCommerceOptions]):
    """Adobe Commerce (implements ``core.storefront.Storefront``)."""

    id: ClassVar[str] = "adobe_commerce"
    name: ClassVar[str] = "Adobe Commerce"
    options = AdobeCommerceOptions

    def profile(self, options: AdobeCommerceOptions) -> SignatureProfile:
        """Return how the store signs."""
        return replace(PROFILES[self.id], over_base64=options.signed == "base64_body")

    def event(self, node: Node, delivery: HookDelivery, options: AdobeCommerceOptions) -> ShopEvent | None:  # noqa: ARG002 - no topic is told
        """Return what a delivery tells: the order as it stands, or which order to fetch."""
        order = _order(node)
        if order["items"].there or not isinstance(order.value, dict):
            return self.snapshot(order, options)
        # an event that was set up without the items, or one of a shipment, an invoice or a credit memo
        shop_id = order.first("order_id", "entity_id").key()
        path = path_of("/rest/{view}/V1/orders/{shop_id}", view=options.store_view, shop_id=shop_id)
        return ShopEvent("snapshot", shop_id, order["updated_at"].instant(), fetch=path)

    def snapshot(self, node: Node, options: AdobeCommerceOptions) -> ShopEvent | None:  # noqa: ARG002 - no setting matters
        """Return how an order stands by ``GET /V1/orders/{id}``."""
        order = order_in(node)
        told = None if order is None else read_order(order)
        return None if told is None else snapshot_of(told)

    def asks(self, news: ShopNews, access: StoreAccess) -> Sequence[ShopCall]:
        """Return the call for the shipments, the comments, or the order's state that Adobe Commerce has."""
        options = self.settings(access)
        if news.kind == "shipped":
            place = "searchCriteria[filter_groups][0][filters][0]"
            query = {f"{place}[field]": "order_id", f"{place}[value]": news.shop_id}
            return (get(_path(options, "shipments"), query),)
        if news.kind in _COMMENTED:
            return (get(_path(options, "orders/{shop_id}/comments", news)),)
        if news.kind in {"cancelled", "declined"}:
            return (get(_path(options, "orders/{shop_id}", news), {"fields": "state"}),)
        return ()

    def tell(self, news: ShopNews, access: StoreAccess, answers: Sequence[bytes] = ()) -> Sequence[ShopCall]:
        """Return the shipment, comment or cancellation; none where Adobe Commerce has it."""
        options, found = self.settings(access), answer_of(answers[0]) if answers else Node(None, [])
        if news.kind == "shipped":
            known = any(_marked(news, shipment["comments"]) for shipment in found["items"].each())
            call = send("POST", _path(options, "order/{shop_id}/ship", news), _shipment(news, options))
        elif news.kind in _COMMENTED:
            known = _marked(news, found["items"])
            comment = _comment(news) | {"is_customer_notified": 0}
            call = send("POST", _path(options, "orders/{shop_id}/comments", news), {"statusHistory": comment})
        elif news.kind in {"cancelled", "declined"}:
            known = found["state"].text() == "canceled"
            call = send("POST", _path(options, "orders/{shop_id}/cancel", news), {})
        else:
            return ()
        return () if known else (call,)


def _order(node: Node) -> Node:
    return next((found for where in _WHERE if isinstance((found := node.at(*where)).value, dict)), node)


def _marked(news: ShopNews, comments: Node) -> bool:
    return any(f"[{news.reference}]" in comment["comment"].text() for comment in comments.each())


def _comment(news: ShopNews) -> dict[str, Any]:
    lines = ", ".join(f"{text(quantity)} of item {line_id}" for line_id, quantity in news.lines)
    told = {"rest_cancelled": joined(f": cancelled: {lines}", news.reason, by="; ")}.get(news.kind, "")
    return {"comment": f"{news.number}{told} [{news.reference}]", "is_visible_on_front": 0}


def _shipment(news: ShopNews, options: AdobeCommerceOptions) -> dict[str, Any]:
    """Return the shipment with our reference in its comment, so that it is known again."""
    shipment: dict[str, Any] = {
        "items": [
            {"order_item_id": number_or_text(line_id), "qty": whole(quantity)} for line_id, quantity in news.lines
        ],
        "notify": options.notify_customer,
        "comment": _comment(news),
    }
    if news.tracking_number:
        track = {"track_number": news.tracking_number, "title": news.carrier, "carrier_code": options.carrier_code}
        shipment["tracks"] = [track]
    return shipment


def _path(options: AdobeCommerceOptions, below: str, news: ShopNews | None = None) -> str:
    shop_id = "" if news is None else news.shop_id
    return path_of(f"/rest/{{view}}/V1/{below}", view=options.store_view, shop_id=shop_id)


ADAPTER: Final = AdobeCommerce()
