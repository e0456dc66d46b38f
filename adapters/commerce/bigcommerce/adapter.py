"""BigCommerce as the gateway takes it: ``ADAPTER``.

A webhook names an order and nothing of it; the order is fetched. How BigCommerce signs is told in several ways, so it
is a setting: Standard Webhooks under the app's client secret unless told otherwise. A custom header of the webhook
("headers" of Create a Webhook) can hold a token in its place.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar, Final

from pydantic import Field

from adapters.commerce.api_token import one_word
from adapters.commerce.assembly import joined, order_in, snapshot_of
from adapters.commerce.bigcommerce.orders import INCOMPLETE, read_order
from adapters.commerce.calls import answer_of, get, number_or_text, path_of, send, whole
from adapters.commerce.json_body import parse
from adapters.commerce.platform import Options, Platform, ignored
from adapters.commerce.reading import Node
from adapters.commerce.signatures import SignatureProfile
from adapters.commerce.signing import Signing
from core.documents import ShopEvent
from core.errors import ValueRefused
from core.storefront import HookDelivery, ShopCall, ShopNews, StoreAccess
from core.values import text

#: scopes by which an order may have changed; messages to customers are none
_CHANGED: Final = (
    "store/order/created",
    "store/order/updated",
    "store/order/statusUpdated",
    "store/order/refund/created",
    "store/order/transaction/created",
    "store/order/transaction/updated",
    "store/shipment/created",
    "store/shipment/updated",
    "store/shipment/deleted",
)
#: ``status_id`` of Cancelled and Declined
_STATUS: Final = {"cancelled": 5, "declined": 6}
#: ``status_id`` of Shipped
_SHIPPED: Final = 2


class BigCommerceOptions(Options):
    """Settings of a BigCommerce store."""

    signature: Signing = Field(default_factory=Signing)


class BigCommerce(Platform[BigCommerceOptions]):
    """BigCommerce (implements ``core.storefront.Storefront``)."""

    id: ClassVar[str] = "bigcommerce"
    name: ClassVar[str] = "BigCommerce"
    options = BigCommerceOptions

    def fetches(self, access: StoreAccess) -> bool:  # noqa: ARG002 - whatever the settings
        """Return True: what is delivered names an order alone."""
        return True

    def profile(self, options: BigCommerceOptions) -> SignatureProfile:
        """Return how the store signs: as its settings say."""
        return options.signature.profile()

    def delivered(self, delivery: HookDelivery, body: bytes, options: BigCommerceOptions) -> HookDelivery:  # noqa: ARG002 - all is in the body
        """Return the delivery by the body's scope and hash."""
        node = Node(parse(body)[0], [])
        found = node["hash"].text() if delivery.id.startswith("sha256:") else ""
        return HookDelivery(found or delivery.id, node["scope"].text(), node["created_at"].instant())

    def event(self, node: Node, delivery: HookDelivery, options: BigCommerceOptions) -> ShopEvent | None:  # noqa: ARG002 - no setting matters
        """Return what a delivery tells: which order to fetch, or that it is archived."""
        scope, subject = node["scope"].needed(), node["data"]
        if scope == "store/order/archived":
            return ShopEvent("deleted", subject["id"].key(), delivery.at)
        if scope not in _CHANGED:
            return ignored("", f"the scope {scope!r} tells nothing of an order")
        named = subject.first("orderId", "order_id")  # of a shipment, whose own id is "id"
        shop_id = (named if named.there else subject["id"]).key()
        path = path_of("/v2/orders/{shop_id}", shop_id=shop_id)
        return ShopEvent("snapshot", shop_id, delivery.at, fetch=get(path, {"include": "consignments.line_items"}).path)

    def snapshot(self, node: Node, options: BigCommerceOptions) -> ShopEvent | None:  # noqa: ARG002 - no setting matters
        """Return how an order stands by ``GET /v2/orders/{id}?include=consignments.line_items``."""
        if (order := order_in(node)) is None:
            return None
        if order["status_id"].text() == INCOMPLETE:
            return ignored(order["id"].text(), "the customer has not finished the order")
        told = read_order(order)
        return None if told is None else snapshot_of(told)

    def authorise(self, call: ShopCall, token: str, access: StoreAccess, now: datetime) -> tuple[tuple[str, str], ...]:  # noqa: ARG002 - the token alone
        """Return the token of the API account (BigCommerce, "Authenticating REST"); without Accept it answers XML."""
        return (("X-Auth-Token", one_word(token)), ("Accept", "application/json"))

    def asks(self, news: ShopNews, access: StoreAccess) -> Sequence[ShopCall]:  # noqa: ARG002 - no setting matters
        """Return the calls for the lines by address, and for the shipments that BigCommerce has."""
        if news.kind == "rest_cancelled":
            return (get(_path(news)),)
        if news.kind != "shipped":
            return ()
        return (get(_path(news), {"include": "consignments.line_items"}), get(_path(news, "/shipments")))

    def tell(self, news: ShopNews, access: StoreAccess, answers: Sequence[bytes] = ()) -> Sequence[ShopCall]:  # noqa: ARG002 - no setting matters
        """Return one shipment an address, those left out that have our reference; or the state of the order."""
        if (status := _STATUS.get(news.kind)) is not None:
            return (send("PUT", _path(news), {"status_id": status}),)
        if news.kind == "rest_cancelled":
            return _ended_short(news, answers)
        if news.kind != "shipped":
            return ()
        if not answers:
            raise ValueRefused("BigCommerce was not asked where the lines go")
        shipments = answer_of(answers[1]) if answers[1:] and answers[1].strip() else Node(None, [])
        told = {(shipment["order_address_id"].text(), shipment["comments"].text()) for shipment in shipments.each()}
        return [
            send("POST", _path(news, "/shipments"), _shipment(news, address, items))
            for address, items in _by_address(answer_of(answers[0]), news).items()
            if (address, news.reference) not in told
        ]


def _ended_short(news: ShopNews, answers: Sequence[bytes]) -> Sequence[ShopCall]:
    """Return the order as sent, with a note of what is not to come; none where its notes have our reference.

    A refund, which alone takes lines back, needs the payment that it is of: staff make it.
    """
    notes = (answer_of(answers[0]) if answers else Node(None, []))["staff_notes"].text()
    if (mark := f"[{news.reference}]") in notes:
        return ()
    lines = ", ".join(f"{text(quantity)} of line {line_id}" for line_id, quantity in news.lines)
    told = joined(f"{news.number}: cancelled: {lines}", news.reason, by="; ")
    return (send("PUT", _path(news), {"status_id": _SHIPPED, "staff_notes": joined(notes, f"{told} {mark}", by="\n")}),)


def _by_address(order: Node, news: ShopNews) -> dict[str, list[dict[str, Any]]]:
    """Return the sent lines as items of a shipment, by the address that they go to.

    Raises:
        ValueRefused: a line that was sent is not among those of the order.
    """
    wanted, found = dict(news.lines), dict[str, list[dict[str, Any]]]()
    groups = order["consignments"]
    for group in groups.each() if isinstance(groups.value, list) else (groups,):
        for consignment in group["shipping"].each():
            for line in consignment["line_items"].each():
                if quantity := wanted.pop(line["id"].text(), None):
                    item = {"order_product_id": number_or_text(line["id"].text()), "quantity": whole(quantity)}
                    found.setdefault(consignment["id"].text(), []).append(item)
    if wanted:
        raise ValueRefused(f"BigCommerce has no lines {', '.join(wanted)} to send in the order {news.shop_id}")
    return found


def _shipment(news: ShopNews, address: str, items: list[dict[str, Any]]) -> dict[str, Any]:
    shipment = {
        "order_address_id": number_or_text(address),
        "tracking_number": news.tracking_number,
        "shipping_provider": "",  # none of those that BigCommerce has a contract with
        "shipping_method": news.carrier,
        "comments": news.reference,
        "items": items,
    }
    return shipment | ({"tracking_link": news.tracking_url} if news.tracking_url else {})


def _path(news: ShopNews, below: str = "") -> str:
    return path_of("/v2/orders/{shop_id}", shop_id=news.shop_id) + below


ADAPTER: Final = BigCommerce()
