"""WooCommerce as the gateway takes it: ``ADAPTER``.

Signature: HMAC-SHA256 of the raw body under the webhook's secret (WooCommerce REST API, "Webhooks"). The first delivery
of a new webhook is a ping that nobody signs, a form with the webhook's id and nothing else. It is let through, for
WooCommerce takes a refusal for a wrong address; it tells nothing and changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar, Final

from pydantic import Field

from adapters.commerce.api_token import basic, parts_of
from adapters.commerce.assembly import bare, order_in, snapshot_of
from adapters.commerce.calls import answer_of, get, path_of, send
from adapters.commerce.platform import Options, Platform, ignored
from adapters.commerce.reading import Node
from adapters.commerce.woocommerce.orders import DRAFTS, read_order
from core.documents import ShopEvent
from core.storefront import HookDelivery, HookRequest, ShopCall, ShopNews, ShopRead, StoreAccess

_PING: Final = re.compile(rb"webhook_id=(\d{1,18})")
_SNAPSHOTS: Final = frozenset({"order.created", "order.updated", "order.restored"})
#: the news that are told to staff and customer as a note of the order
_NOTED: Final = {
    "confirmed": "Order confirmed: {number}",
    "shipped": "Order {number} shipped",
    "rest_cancelled": "Order {number}: what has not been shipped is cancelled",
}


class WooCommerceOptions(Options):
    """Settings of a WooCommerce store."""

    shipment_tracking: bool = Field(
        default=False, description="the shop has an extension with the Shipment Tracking REST API"
    )
    shipped_status: str = Field(
        default="completed", pattern=r"^[a-z-]*$", description="status of an order that is sent whole; empty: none"
    )


class WooCommerce(Platform[WooCommerceOptions]):
    """WooCommerce (implements ``core.storefront.Storefront``)."""

    id: ClassVar[str] = "woocommerce"
    name: ClassVar[str] = "WooCommerce"
    options = WooCommerceOptions

    def verify(self, request: HookRequest, access: StoreAccess, now: datetime) -> HookDelivery:
        """Return what was delivered, once its signature holds; a bare ping needs none."""
        if (ping := _PING.fullmatch(request.body)) is not None:
            return HookDelivery(f"ping-{ping[1].decode()}", "ping")
        return super().verify(request, access, now)

    def read(self, delivery: HookDelivery, body: bytes, access: StoreAccess) -> ShopRead:
        """Return what a delivery tells; a ping tells nothing."""
        if delivery.topic == "ping":
            return ShopRead(ignored("", "ping"))
        return super().read(delivery, body, access)

    def event(self, node: Node, delivery: HookDelivery, options: WooCommerceOptions) -> ShopEvent | None:
        """Return what a delivery tells, by its topic."""
        if delivery.topic in _SNAPSHOTS:
            return self.snapshot(node, options)
        if delivery.topic == "order.deleted":
            shop_id = bare(node, delivery.topic)
            return ShopEvent("deleted", shop_id, delivery.at) if shop_id else None
        return ignored("", f"the topic {delivery.topic!r} tells nothing of an order")

    def snapshot(self, node: Node, options: WooCommerceOptions) -> ShopEvent | None:  # noqa: ARG002 - no setting matters
        """Return how an order stands by ``GET orders/{id}``."""
        if (order := order_in(node)) is None:
            return None
        if (status := order["status"].text()) in DRAFTS:
            return ignored(order["id"].text(), f"a draft: {status}")
        told = read_order(order)
        return None if told is None else snapshot_of(told)

    def authorise(self, call: ShopCall, token: str, access: StoreAccess, now: datetime) -> tuple[tuple[str, str], ...]:  # noqa: ARG002 - the token alone
        """Return consumer key and secret, written "key:secret" (WooCommerce REST API, "Authentication over HTTPS")."""
        key, secret = parts_of(token, "consumer_key", "consumer_secret")
        return (basic(key, secret),)

    def asks(self, news: ShopNews, access: StoreAccess) -> Sequence[ShopCall]:
        """Return the calls for the notes of the order and, with the extension, its tracking numbers."""
        if news.kind not in _NOTED:
            return ()
        notes = get(_path(news, "/notes"))
        tracked = news.kind == "shipped" and self.settings(access).shipment_tracking
        return (notes, get(_tracking_path(news))) if tracked else (notes,)

    def tell(self, news: ShopNews, access: StoreAccess, answers: Sequence[bytes] = ()) -> Sequence[ShopCall]:
        """Return notes, tracking and status of an order; setting a status again changes nothing."""
        if news.kind in {"cancelled", "declined"}:
            return (send("PUT", _path(news), {"status": "cancelled"}),)
        if news.kind not in _NOTED:
            return ()
        options, found = self.settings(access), [answer_of(answer) for answer in answers]
        calls = []
        if not any(_marked(news) in note["note"].text() for notes in found[:1] for note in notes.each()):
            calls.append(send("POST", _path(news, "/notes"), _note(news)))
        if news.kind == "shipped":
            known = {item["tracking_number"].text() for items in found[1:] for item in items.each()}
            if options.shipment_tracking and news.tracking_number and news.tracking_number not in known:
                calls.append(send("POST", _tracking_path(news), _tracking(news)))
        if news.kind != "confirmed" and news.complete and options.shipped_status:
            calls.append(send("PUT", _path(news), {"status": options.shipped_status}))
        return calls


def _path(news: ShopNews, below: str = "") -> str:
    return path_of("/wp-json/wc/v3/orders/{shop_id}", shop_id=news.shop_id) + below


def _tracking_path(news: ShopNews) -> str:
    return path_of("/wp-json/wc-shipment-tracking/v3/orders/{shop_id}/shipment-trackings", shop_id=news.shop_id)


def _note(news: ShopNews) -> dict[str, object]:
    """Return a note that ends with our reference, so that it is known again; the customer sees all but the first."""
    told = [_NOTED[news.kind].format(number=news.number)]
    told += [
        part for part in (f"{news.carrier} {news.tracking_number}".strip(), news.tracking_url, news.reason) if part
    ]
    return {"note": f"{', '.join(told)} {_marked(news)}", "customer_note": news.kind != "confirmed"}


def _marked(news: ShopNews) -> str:
    return f"[{news.reference}]"


def _tracking(news: ShopNews) -> dict[str, object]:
    told: dict[str, object] = {"tracking_number": news.tracking_number}
    if news.tracking_url:
        told |= {"custom_tracking_provider": news.carrier, "custom_tracking_link": news.tracking_url}
    else:
        told["tracking_provider"] = news.carrier
    if news.at is not None:
        told["date_shipped"] = news.at.date().isoformat()
    return told


ADAPTER: Final = WooCommerce()
