"""The life of an order on each platform: made, edited, paid, partly refunded and, where asked, cancelled.

It ends with two cups and two hundred lamps for 28.00 EUR, paid; the crate was taken away again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final

from shop_traffic import IDS, PRICES, Pieces, shopify, woocommerce
from shops import GENERIC_OPTIONS

from core.testing.shop_life import Sent
from core.testing.trade import CRATE, CUP, LAMP

MADE: Final[Pieces] = MappingProxyType({CUP: 4, CRATE: 1})
EDITED: Final[Pieces] = MappingProxyType({CUP: 2, LAMP: 200})
#: what the store of each platform has to be set to
OPTIONS: Final[Mapping[str, Mapping[str, Any]]] = MappingProxyType(
    {
        **{key: {} for key in ("shopify", "woocommerce", "bigcommerce", "adobe_commerce", "standard_webhooks")},
        "amazon": {"marketplace_id": "A1PA6795UKMFR9"},
        "generic": {**GENERIC_OPTIONS, "tell": None},
    }
)
_CITY, _CODE, _STREET = "Köln", "50667", "Am Markt 1"
_PAID: Final = ("paid", "refunded", "cancelled")
Step = tuple[str, int, Pieces]


def life(platform: str, shop_id: int, *, cancelled: bool) -> list[Sent]:
    """Return what *platform* sends of an order, the first first."""
    steps: list[Step] = [("made", 1, MADE), ("edited", 2, EDITED), ("paid", 3, EDITED), ("refunded", 4, EDITED)]
    if cancelled:
        steps.append(("cancelled", 5, EDITED))
    sends = _SENDS[platform]
    return [sends(shop_id, step, minute, pieces) for step, minute, pieces in steps]


def total(pieces: Pieces) -> str:
    """Return what the pieces cost."""
    return str(sum((Decimal(PRICES[sku]) * count for sku, count in pieces.items()), Decimal(0)))


def _json(told: Any) -> bytes:
    return json.dumps(told).encode()


def _time(minute: int) -> str:
    return f"2026-03-02T08:{minute:02}:00Z"


def _shopify(shop_id: int, step: str, minute: int, pieces: Pieces) -> Sent:
    if step == "refunded":
        given = [{"kind": "refund", "status": "success", "amount": "5.00"}]
        refund = {"id": 900, "order_id": shop_id, "processed_at": _time(minute), "note": "scratched"}
        return Sent("refunds/create", _json({**refund, "transactions": given, "refund_line_items": []}))
    topic = {"made": "orders/create", "paid": "orders/paid", "cancelled": "orders/cancelled"}.get(
        step, "orders/updated"
    )
    changes = {"financial_status": "paid" if step in _PAID else "pending"}
    if step == "cancelled":
        changes["cancelled_at"] = _time(minute)
    return Sent(*shopify(shop_id, minute, pieces, topic, **changes))


def _woocommerce(shop_id: int, step: str, minute: int, pieces: Pieces) -> Sent:
    status = {"made": "on-hold", "edited": "on-hold", "cancelled": "cancelled"}.get(step, "processing")
    paid = "2026-03-02T08:03:00" if step in _PAID else None
    refunds = [{"id": 900, "reason": "scratched", "total": "-5.00"}] if step in ("refunded", "cancelled") else []
    topic = "order.created" if step == "made" else "order.updated"
    return Sent(*woocommerce(shop_id, minute, pieces, topic, status=status, date_paid_gmt=paid, refunds=refunds))


def _bigcommerce(shop_id: int, step: str, minute: int, pieces: Pieces) -> Sent:
    scope = {"made": "created", "refunded": "refund/created", "edited": "updated"}.get(step, "statusUpdated")
    address = {
        "first_name": "Jo", "last_name": "Maß", "street_1": _STREET, "city": _CITY, "state": "NW", "zip": _CODE,
        "country_iso2": "DE", "phone": "0221 1",
    }  # fmt: skip
    lines = [
        {"id": IDS[sku], "sku": sku, "name": sku, "quantity": count, "price_ex_tax": PRICES[sku]}
        for sku, count in pieces.items()
    ]
    order = {
        "id": shop_id,
        "status_id": {"paid": 11, "refunded": 14, "cancelled": 5}.get(step, 7),
        "status": "Cancelled" if step == "cancelled" else "",
        "payment_status": "captured" if step in _PAID else "",
        "date_created": "Mon, 02 Mar 2026 08:00:00 +0000",
        "date_modified": f"Mon, 02 Mar 2026 08:{minute:02}:00 +0000",
        "currency_code": "EUR",
        "total_inc_tax": total(pieces),
        "refunded_amount": "5.0000" if step in ("refunded", "cancelled") else "0.0000",
        "billing_address": address,
        "consignments": [{"shipping": [{"id": 1, **address, "line_items": lines}]}],
    }
    told = {"scope": f"store/order/{scope}", "data": {"type": "order", "id": shop_id}, "created_at": 1772438400}
    return Sent(f"store/order/{scope}", _json(told), _json(order))


def _adobe_commerce(shop_id: int, step: str, minute: int, pieces: Pieces) -> Sent:
    address = {
        "firstname": "Jo", "lastname": "Maß", "street": [_STREET], "city": _CITY, "region_code": "NW",
        "postcode": _CODE, "country_id": "DE", "telephone": "0221 1",
    }  # fmt: skip
    items = [
        {
            "item_id": IDS[sku], "sku": sku, "name": sku, "qty_ordered": count,
            "row_total": str(Decimal(PRICES[sku]) * count),
        }
        for sku, count in pieces.items()
    ]  # fmt: skip
    order = {
        "entity_id": shop_id,
        "increment_id": f"{shop_id:09}",
        "state": {"cancelled": "canceled", "made": "new", "edited": "new"}.get(step, "processing"),
        "status": "canceled" if step == "cancelled" else "processing",
        "created_at": "2026-03-02 08:00:00",
        "updated_at": f"2026-03-02 08:{minute:02}:00",
        "order_currency_code": "EUR",
        "grand_total": total(pieces),
        "total_paid": total(pieces) if step in _PAID else "0",
        "total_refunded": "5.00" if step in ("refunded", "cancelled") else "0",
        "billing_address": address,
        "items": items,
        "extension_attributes": {"shipping_assignments": [{"shipping": {"address": address}}]},
    }
    return Sent("", _json({"order": order}))


def _amazon(shop_id: int, step: str, minute: int, pieces: Pieces) -> Sent:
    """Return an ORDER_CHANGE: Amazon shows sellers paid orders alone, and tells no refunds in them."""
    identity = f"303-0000001-{shop_id:07}"
    items = [
        {
            "orderItemId": str(IDS[sku]), "quantityOrdered": count,
            "product": {
                "sellerSku": sku, "title": sku, "price": {"unitPrice": {"amount": PRICES[sku], "currencyCode": "EUR"}},
            },
        }
        for sku, count in pieces.items()
    ]  # fmt: skip
    address = {
        "name": "Jo Maß", "addressLine1": _STREET, "city": _CITY, "stateOrRegion": "NW", "postalCode": _CODE,
        "countryCode": "DE", "phone": "0221 1",
    }  # fmt: skip
    order = {
        "orderId": identity,
        "createdTime": _time(0),
        "lastUpdatedTime": _time(minute),
        "buyer": {"buyerName": "Jo Maß", "buyerEmail": "jo@marketplace.example"},
        "recipient": {"deliveryAddress": address},
        "proceeds": {"grandTotal": {"amount": total(pieces), "currencyCode": "EUR"}},
        "fulfillment": {
            "fulfillmentStatus": "CANCELLED" if step == "cancelled" else "UNSHIPPED", "fulfilledBy": "MERCHANT",
        },
        "orderItems": items,
    }  # fmt: skip
    change = {"AmazonOrderId": identity, "OrderChangeType": "OrderStatusChange"}
    notification = {
        "NotificationType": "ORDER_CHANGE",
        "EventTime": _time(minute),
        "Payload": {"OrderChangeNotification": change},
        "NotificationMetadata": {"NotificationId": f"n-{shop_id}-{minute}"},
    }
    return Sent("ORDER_CHANGE", _json({"detail": notification}), _json({"order": order}))


def _standard_webhooks(shop_id: int, step: str, minute: int, pieces: Pieces) -> Sent:
    kind = {"made": "created", "paid": "paid", "cancelled": "cancelled"}.get(step, "updated")
    address = {
        "name": "Jo Maß", "street": _STREET, "city": _CITY, "region": "NW", "postal_code": _CODE, "country": "DE",
        "phone": "0221 1",
    }  # fmt: skip
    refunds = [{"id": "900", "amount": "5.00", "reason": "scratched", "at": _time(4)}]
    order = {
        "id": str(shop_id),
        "created_at": _time(0),
        "updated_at": _time(minute),
        "currency": "EUR",
        "state": "cancelled" if step == "cancelled" else "open",
        "payment": "paid" if step in _PAID else "pending",
        "total": total(pieces),
        "billing": address,
        "shipping": address,
        "lines": [
            {"id": str(IDS[sku]), "sku": sku, "quantity": count, "price": PRICES[sku]} for sku, count in pieces.items()
        ],
        "refunds": refunds if step in ("refunded", "cancelled") else [],
    }
    return Sent(f"order.{kind}", _json({"type": f"order.{kind}", "timestamp": _time(minute), "data": order}))


def _generic(shop_id: int, step: str, minute: int, pieces: Pieces) -> Sent:
    kind = "bestellung.storno" if step == "cancelled" else "bestellung.neu"
    address = {"firma": "Jo Maß", "strasse": _STREET, "ort": _CITY, "plz": _CODE, "land": "DE", "region": "NW"}
    order = {
        "kind": kind,
        "nr": str(shop_id),
        "kopf": {
            "waehrung": "EUR", "summe": total(pieces), "datum": _time(0),
            "status": "storniert" if step == "cancelled" else "neu",
        },
        "updated_at": _time(minute),
        "payment": "paid" if step in _PAID else "pending",
        "kunde": {"liefer": {**address, "phone": "0221 1"}},
        "billing": {**address, "phone": "0221 1"},
        "pos": [
            {
                "zeile": IDS[sku], "artikel": {"nr": sku}, "menge": str(count),
                "gesamt": str(Decimal(PRICES[sku]) * count),
            }
            for sku, count in pieces.items()
        ],
        "refunds": [{"id": "900", "amount": "5.00"}] if step in ("refunded", "cancelled") else [],
    }  # fmt: skip
    return Sent(kind, _json(order))


_SENDS: Final[Mapping[str, Callable[[int, str, int, Pieces], Sent]]] = MappingProxyType(
    {
        "shopify": _shopify,
        "woocommerce": _woocommerce,
        "bigcommerce": _bigcommerce,
        "adobe_commerce": _adobe_commerce,
        "amazon": _amazon,
        "standard_webhooks": _standard_webhooks,
        "generic": _generic,
    }
)
PLATFORMS: Final = tuple(_SENDS)
