"""Amazon as the gateway takes it: ``ADAPTER``.

Notifications (SP-API, ORDER_CHANGE) reach a web address through an API destination of EventBridge, which signs nothing
but sends an API key; a forwarder of one's own may sign as it likes. They name the order; it is fetched in version
2026-01-01 of the Orders API, which tells the items with it. Version 0 tells none, so what comes in it is fetched anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, ClassVar, Final
from urllib.parse import urlencode

from pydantic import Field

from adapters.commerce.amazon.orders import read_order
from adapters.commerce.api_token import one_word, parts_of
from adapters.commerce.assembly import no_order, order_in, snapshot_of
from adapters.commerce.calls import answer_of, get, path_of, send, whole
from adapters.commerce.json_body import parse
from adapters.commerce.platform import Options, Platform, ignored
from adapters.commerce.reading import Node
from adapters.commerce.signatures import PROFILES, SignatureProfile
from adapters.commerce.signing import Signing
from core.documents import ShopEvent
from core.errors import ValueRefused
from core.storefront import HookDelivery, ShopCall, ShopLogin, ShopNews, ShopSession, StoreAccess

_INCLUDED: Final = {"includedData": "BUYER,RECIPIENT,PROCEEDS,FULFILLMENT"}
#: orders that are not ours to send yet: the payment does not stand, and Amazon withholds address and prices
_PENDING: Final = frozenset({"PENDING", "PENDING_AVAILABILITY"})
#: package references of confirmShipment are positive numbers
_REFERENCES: Final = 10**12
_FORM: Final = ("Content-Type", "application/x-www-form-urlencoded")
_LONGEST_SECONDS: Final = 9


class AmazonOptions(Options):
    """Settings of a seller account in one marketplace."""

    marketplace_id: str = Field(min_length=1, max_length=20, pattern=r"^[A-Z0-9]+$")
    login_url: str = Field(
        default="https://api.amazon.com/auth/o2/token",
        max_length=500,
        pattern=r"^https?://\S+$",
        description="where the refresh token is exchanged",
    )
    signature: Signing | None = Field(default=None, description="how a forwarder signs; none: EventBridge's API key")
    carriers: dict[str, str] = Field(
        default_factory=dict, description="our names of carriers by Amazon's carrier codes; others are told by name"
    )


class Amazon(Platform[AmazonOptions]):
    """Amazon's marketplaces (implements ``core.storefront.Storefront``)."""

    id: ClassVar[str] = "amazon"
    name: ClassVar[str] = "Amazon"
    options = AmazonOptions

    def fetches(self, access: StoreAccess) -> bool:  # noqa: ARG002 - whatever the settings
        """Return True: what is delivered names an order alone."""
        return True

    def profile(self, options: AmazonOptions) -> SignatureProfile:
        """Return how the notifications are signed."""
        return PROFILES[self.id] if options.signature is None else options.signature.profile()

    def delivered(self, delivery: HookDelivery, body: bytes, options: AmazonOptions) -> HookDelivery:  # noqa: ARG002 - all is in the body
        """Return the delivery by the notification's type and id."""
        node = _notification(Node(parse(body)[0], []))
        found = node.at("NotificationMetadata", "NotificationId").text()
        return HookDelivery(found or delivery.id, node["NotificationType"].text(), node["EventTime"].instant())

    def event(self, node: Node, delivery: HookDelivery, options: AmazonOptions) -> ShopEvent | None:
        """Return what a delivery tells: which order to fetch, or the order itself."""
        notification = _notification(node)
        kind = notification["NotificationType"].text()
        if not kind:
            return self.snapshot(node, options)
        if kind != "ORDER_CHANGE":
            return ignored("", f"a notification {kind} tells nothing of an order that we send")
        change = notification.at("Payload", "OrderChangeNotification")
        shop_id = change["AmazonOrderId"].key()
        reason = change.at("OrderChangeTrigger", "ChangeReason").text()
        return ShopEvent("snapshot", shop_id, delivery.at, reason=reason, fetch=_order_path(shop_id))

    def snapshot(self, node: Node, options: AmazonOptions) -> ShopEvent | None:  # noqa: ARG002 - no setting matters
        """Return how an order stands by getOrder, or by the only member of a list of orders."""
        listed = node.first("orders", "Orders") if node["payload"].value is None else _version_0(node["payload"])
        order = order_in(listed if listed.there else node)
        if order is None:
            return None
        if (shop_id := order["AmazonOrderId"].text()) and not order["orderItems"].there:
            return ShopEvent("snapshot", shop_id, order["LastUpdateDate"].instant(), fetch=_order_path(shop_id))
        if not order["orderId"].there:  # purchase orders of Amazon as a retailer, for one
            no_order(order)
            return None
        fulfilment = order["fulfillment"]
        if (status := fulfilment["fulfillmentStatus"].text()) in _PENDING:
            return ignored(order["orderId"].text(), f"the payment does not stand yet: {status}")
        if fulfilment["fulfilledBy"].text() == "AMAZON":
            return ignored(order["orderId"].text(), "Amazon sends this order itself")
        told = read_order(order)
        return None if told is None else snapshot_of(told)

    def login(self, token: str, access: StoreAccess) -> ShopLogin | None:
        """Return the exchange of the refresh token (SP-API, "Connect to the Selling Partner API", Login with Amazon).

        The token is written "client_id:client_secret:refresh_token".
        """
        client_id, client_secret, refresh_token = parts_of(token, "client_id", "client_secret", "refresh_token")
        form = {
            "grant_type": "refresh_token",
            "refresh_token": refresh_token,
            "client_id": client_id,
            "client_secret": client_secret,
        }
        return ShopLogin(self.settings(access).login_url, urlencode(form).encode(), (_FORM,))

    def session(self, answer: bytes) -> ShopSession:
        """Return the access token and how long it counts."""
        answered = answer_of(answer)
        token, seconds = answered["access_token"].text(), answered["expires_in"].text()
        if not token or not (seconds.isascii() and seconds.isdigit() and len(seconds) <= _LONGEST_SECONDS):
            raise ValueRefused("Login with Amazon gave no access token")
        return ShopSession(token, int(seconds))

    def authorise(self, call: ShopCall, token: str, access: StoreAccess, now: datetime) -> tuple[tuple[str, str], ...]:  # noqa: ARG002 - the token alone
        """Return the access token of a login."""
        return (("x-amz-access-token", one_word(token)),)

    def tell(self, news: ShopNews, access: StoreAccess, answers: Sequence[bytes] = ()) -> Sequence[ShopCall]:  # noqa: ARG002 - nothing is asked
        """Return confirmShipment for a shipment; Amazon has no call for sellers that confirms or cancels an order.

        The package reference follows from our reference, and a second confirmation of it edits the first: no package
        is told twice.

        Raises:
            ValueRefused: a shipment without the time that Amazon wants.
        """
        if news.kind != "shipped":
            return ()
        if news.at is None:
            raise ValueRefused("Amazon wants to know when a package was sent")
        options = self.settings(access)
        code = options.carriers.get(news.carrier)
        package: dict[str, Any] = {
            "packageReferenceId": _package_reference(news.reference),
            "carrierCode": code or "Other",
            "trackingNumber": news.tracking_number,
            "shipDate": news.at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
            "orderItems": [{"orderItemId": line_id, "quantity": whole(quantity)} for line_id, quantity in news.lines],
        }
        if code is None:
            package["carrierName"] = news.carrier
        path = path_of("/orders/v0/orders/{shop_id}/shipmentConfirmation", shop_id=news.shop_id)
        return (send("POST", path, {"marketplaceId": options.marketplace_id, "packageDetail": package}),)


def _notification(node: Node) -> Node:
    """Return the notification itself; EventBridge has it under "detail"."""
    return node["detail"] if isinstance(node["detail"].value, dict) else node


def _version_0(payload: Node) -> Node:
    return payload["Orders"] if payload["Orders"].there else payload


def _order_path(shop_id: str) -> str:
    return get(path_of("/orders/2026-01-01/orders/{shop_id}", shop_id=shop_id), _INCLUDED).path


def _package_reference(reference: str) -> str:
    return str(int.from_bytes(hashlib.sha256(reference.encode()).digest()) % _REFERENCES + 1)


ADAPTER: Final = Amazon()
