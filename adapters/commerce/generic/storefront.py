"""A shop whose JSON is mapped by data: what all such channels do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar, Final

from adapters.commerce.api_token import one_word
from adapters.commerce.assembly import snapshot_of
from adapters.commerce.calls import path_of, send
from adapters.commerce.generic.mapping import MappedOptions
from adapters.commerce.generic.orders import Mapped, found, read_order
from adapters.commerce.json_body import parse
from adapters.commerce.platform import Platform, ignored
from adapters.commerce.reading import Node
from adapters.commerce.signatures import WHSEC, SignatureProfile, signed
from core.clock import iso
from core.documents import ShopEvent, ShopEventKind
from core.storefront import HookDelivery, ShopCall, ShopNews, StoreAccess
from core.values import text

_KEY: Final = "Idempotency-Key"


class MappedStorefront(Platform[MappedOptions]):
    """A shop whose JSON is mapped by data (implements ``core.storefront.Storefront``)."""

    id: ClassVar[str] = "generic"
    name: ClassVar[str] = "Generic JSON"
    options = MappedOptions
    located: ClassVar[bool] = False  # the pointers are those of the mapping's fields

    def fetches(self, access: StoreAccess) -> bool:
        """Tell whether the settings say from where orders are fetched."""
        return self.settings(access).fetch is not None

    def profile(self, options: MappedOptions) -> SignatureProfile:
        """Return how the shop signs: as its settings say."""
        return options.signature.profile()

    def delivered(self, delivery: HookDelivery, body: bytes, options: MappedOptions) -> HookDelivery:
        """Return the delivery with the event and the id that the body has, where no header has them."""
        value, _ = parse(body)
        identity, topic = (
            Node(found(expression, value, "", []), []).text() for expression in (options.event_id, options.event)
        )
        return HookDelivery(identity or delivery.id, delivery.topic or topic)

    def event(self, node: Node, delivery: HookDelivery, options: MappedOptions) -> ShopEvent | None:
        """Return what a delivery tells, by what its event is in the settings."""
        kind = options.events.get(delivery.topic, "ignored") if delivery.topic else options.unnamed
        if kind == "ignored":
            return ignored("", f"the event {delivery.topic!r} tells nothing of an order")
        value = _root(node, options)
        if kind == "deleted" or options.fetch is not None:
            shop_id = Mapped(value, options.order, "/order", node.faults)["id"].key()
            path = "" if kind == "deleted" or options.fetch is None else path_of(options.fetch, shop_id=shop_id)
            return ShopEvent(kind, shop_id, fetch=path)
        return _snapshot(value, node, options, kind)

    def snapshot(self, node: Node, options: MappedOptions) -> ShopEvent | None:
        """Return how an order stands by what a call back answered."""
        return _snapshot(_root(node, options), node, options, "snapshot")

    def authorise(self, call: ShopCall, token: str, access: StoreAccess, now: datetime) -> tuple[tuple[str, str], ...]:
        """Return the token as a bearer; one of Standard Webhooks (whsec_) signs the call instead; none, nothing."""
        if not token:
            return ()
        if not token.startswith(WHSEC):
            return super().authorise(call, token, access, now)
        # our reference is the id, so that a repeat is known; a call that reads has none
        return signed(dict(call.headers).get(_KEY) or f"{call.method} {call.path}", call.body, one_word(token), now)

    def tell(self, news: ShopNews, access: StoreAccess, answers: Sequence[bytes] = ()) -> Sequence[ShopCall]:  # noqa: ARG002 - nothing is asked
        """Return one POST of the news, our reference its idempotency key; none where the shop has no place for it."""
        template = self.settings(access).tell
        if template is None:
            return ()
        path = path_of(template, shop_id=news.shop_id)
        return (send("POST", path, _written(news), (_KEY, news.reference)),)


def _root(node: Node, options: MappedOptions) -> Any:
    """Return the value that has the order: where the settings say, else the body itself."""
    below = found(options.root, node.value, "/root", node.faults)
    return node.value if below is None else below


def _snapshot(value: Any, node: Node, options: MappedOptions, kind: ShopEventKind) -> ShopEvent | None:
    told = read_order(value, options, node.faults)
    if told is None:
        return None
    return snapshot_of(replace(told, state="cancelled") if kind == "cancelled" else told, kind)


def _written(news: ShopNews) -> dict[str, Any]:
    """Return news as JSON: quantities are texts, as in all our documents."""
    return {
        "reference": news.reference,
        "kind": news.kind,
        "order": news.shop_id,
        "number": news.number,
        "at": None if news.at is None else iso(news.at),
        "lines": _lines(news.lines),
        "complete": news.complete,
        "carrier": news.carrier,
        "tracking_number": news.tracking_number,
        "tracking_url": news.tracking_url,
        "shipments": [
            {
                "reference": one.reference,
                "lines": _lines(one.lines),
                "carrier": one.carrier,
                "tracking_number": one.tracking_number,
            }
            for one in news.shipments
        ],
        "reason": news.reason,
    }


def _lines(told: Sequence[tuple[str, Decimal]]) -> list[dict[str, str]]:
    return [{"id": line_id, "quantity": text(quantity)} for line_id, quantity in told]
