"""Shopify as the gateway takes it: ``ADAPTER``.

Signature: HMAC-SHA256 of the raw body under the app's secret (Shopify, "Verify webhook deliveries"). The headers with
topic and delivery id are not part of what is signed: what an event is follows from its body, and a repeat under another
id is known by the order's state.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar, Final

from pydantic import Field

from adapters.commerce.api_token import one_word
from adapters.commerce.assembly import bare, contradicted, order_in, snapshot_of
from adapters.commerce.calls import path_of
from adapters.commerce.platform import Options, Platform, ignored
from adapters.commerce.reading import Node
from adapters.commerce.shopify import rest
from adapters.commerce.shopify.fulfilment import LOOKED_AT, answer_to, ask
from adapters.commerce.shopify.graphql import refusal_in
from adapters.commerce.shopify.orders import read_order, read_refund
from core.documents import ShopEvent, ShopEventKind
from core.storefront import HookDelivery, ShopCall, ShopNews, StoreAccess

#: topics whose body is the order as it stands, and what befell it
_SNAPSHOTS: Final[dict[str, ShopEventKind]] = {
    "orders/create": "snapshot",
    "orders/updated": "snapshot",
    "orders/paid": "paid",
    "orders/cancelled": "cancelled",
    "orders/fulfilled": "fulfilled",
    "orders/partially_fulfilled": "snapshot",
}
#: topics that name an order, by where its id is; the order as it stands is fetched
_THIN: Final[dict[str, tuple[str, ...]]] = {
    "orders/edited": ("order_edit", "order_id"),
    "order_transactions/create": ("order_id",),
    "fulfillments/create": ("order_id",),
    "fulfillments/update": ("order_id",),
}


#: what the body of an order that is paid says never
_UNPAID: Final = frozenset({"pending", "authorized", "voided"})


class ShopifyOptions(Options):
    """Settings of a Shopify store."""

    api_version: str = Field(default="2025-10", pattern=r"^(?:20\d\d-(?:01|04|07|10)|unstable)$")
    notify_customer: bool = Field(default=True, description="Shopify mails the customer when goods are sent")
    refund_on_cancel: bool = Field(default=False, description="a cancellation by us gives the money back")
    restock_on_cancel: bool = Field(
        default=True, description="a cancellation by us of the whole order gives the stock back"
    )


class Shopify(Platform[ShopifyOptions]):
    """Shopify (implements ``core.storefront.Storefront``)."""

    id: ClassVar[str] = "shopify"
    name: ClassVar[str] = "Shopify"
    options = ShopifyOptions

    def event(self, node: Node, delivery: HookDelivery, options: ShopifyOptions) -> ShopEvent | None:
        """Return what a delivery tells, by its topic."""
        if (kind := _SNAPSHOTS.get(delivery.topic)) is not None:
            found = self._snapshot(node, kind)
            return None if found is None else _by_its_body(node, found, delivery.topic)
        if (where := _THIN.get(delivery.topic)) is not None:
            shop_id = node.at(*where).key()
            return ShopEvent("snapshot", shop_id, fetch=_order_path(shop_id, options))
        if delivery.topic == "orders/delete":
            shop_id = bare(node, delivery.topic)
            return ShopEvent("deleted", shop_id, delivery.at) if shop_id else None
        if delivery.topic == "refunds/create":
            shop_id, refund = node["order_id"].key(), read_refund(node)
            return None if refund is None else ShopEvent("refunded", shop_id, refund.at, refund=refund)
        return ignored("", f"the topic {delivery.topic!r} tells nothing of an order")

    def snapshot(self, node: Node, options: ShopifyOptions) -> ShopEvent | None:  # noqa: ARG002 - no setting matters
        """Return how an order stands by ``GET orders/{id}.json``."""
        return self._snapshot(node, "snapshot")

    def authorise(self, call: ShopCall, token: str, access: StoreAccess, now: datetime) -> tuple[tuple[str, str], ...]:  # noqa: ARG002 - the token alone
        """Return the access token of the app (Shopify, "Admin API authentication")."""
        return (("X-Shopify-Access-Token", one_word(token)),)

    def asks(self, news: ShopNews, access: StoreAccess) -> Sequence[ShopCall]:
        """Return the query for what Shopify has of the order: what is still to be sent, and what was."""
        options = self.settings(access)
        path = _graphql_path(options)
        if news.kind == "rest_cancelled":
            return (rest.ask(news, path, refund=options.refund_on_cancel),)
        return (ask(news, path),) if news.kind in LOOKED_AT else ()

    def tell(self, news: ShopNews, access: StoreAccess, answers: Sequence[bytes] = ()) -> Sequence[ShopCall]:
        """Return the mutations that write *news* back; none where Shopify has it, or has no place for it."""
        options = self.settings(access)
        if news.kind == "rest_cancelled":
            return rest.answer_to(
                news,
                _graphql_path(options),
                answers,
                notify=options.notify_customer,
                refund=options.refund_on_cancel,
            )
        if news.kind not in LOOKED_AT:
            return ()
        return answer_to(
            news,
            _graphql_path(options),
            answers,
            notify=options.notify_customer,
            refund=options.refund_on_cancel,
            restock=options.restock_on_cancel,
        )

    def refusal(self, answer: bytes) -> str:
        """Return the errors of a GraphQL answer: Shopify says them with the status 200."""
        return refusal_in(answer)

    @staticmethod
    def _snapshot(node: Node, kind: ShopEventKind) -> ShopEvent | None:
        order = order_in(node)
        told = None if order is None else read_order(order)
        return None if told is None else snapshot_of(told, kind)


def _by_its_body(node: Node, event: ShopEvent, topic: str) -> ShopEvent | None:
    """Return what a snapshot tells by what is signed: its body. None after noting that the topic says otherwise.

    A cancellation whose order is not cancelled is refused; whether an order is paid, or sent, the body tells alone.
    """
    if topic == "orders/cancelled" and event.order is not None and event.order.state != "cancelled":
        contradicted(node["cancelled_at"], topic)
        return None
    if event.kind == "paid" and event.order is not None and event.order.payment in _UNPAID:
        return event._replace(kind="snapshot")
    return event


def _order_path(shop_id: str, options: ShopifyOptions) -> str:
    return path_of("/admin/api/{version}/orders/{shop_id}.json", version=options.api_version, shop_id=shop_id)


def _graphql_path(options: ShopifyOptions) -> str:
    return path_of("/admin/api/{version}/graphql.json", version=options.api_version)


ADAPTER: Final = Shopify()
