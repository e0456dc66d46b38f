"""Deliveries of every e-commerce platform, made for the tests and signed as the platforms sign."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from core.testing.storefront import Sample

GOLDEN: Final = Path(__file__).parents[1] / "golden" / "commerce"
SECRETS: Final = ("a secret of the tests, kept by nobody", "the secret of the tests before that one")
WHSEC: Final = tuple("whsec_" + base64.b64encode(secret.encode()).decode() for secret in SECRETS)

#: how the shop of ``generic/order.json`` writes its orders
GENERIC_OPTIONS: Final[Mapping[str, Any]] = {
    "signature": {"scheme": "hmac", "header": "X-Kontor-Signature", "encoding": "hex", "prefix": "sha256="},
    "event": "kind",
    "events": {"bestellung.neu": "snapshot", "bestellung.storno": "cancelled"},
    "root": "",
    "states": {"neu": "open", "storniert": "cancelled"},
    "order": {
        "id": "nr",
        "name": "nr",
        "created_at": "kopf.datum",
        "currency": "kopf.waehrung",
        "state": "kopf.status",
        "total": "kopf.summe",
        "shipping": "kunde.liefer",
        "lines": "pos[?to_number(menge) != `0`]",
    },
    "line": {"id": "to_string(zeile)", "quantity": "menge", "price": "", "amount": "gesamt", "sku": "artikel.nr"},
    "address": {"name": "firma", "street": "strasse", "city": "ort", "postal_code": "plz", "country": "land"},
    "tell": "/bestellungen/{shop_id}/meldungen",
}


def body(platform: str, name: str = "order") -> bytes:
    """Return one of the payloads that the golden files hold."""
    return (GOLDEN / platform / f"{name}.json").read_bytes()


def _digest(secret: str, content: bytes) -> bytes:
    return hmac.new(secret.encode(), content, hashlib.sha256).digest()


def shopify(content: bytes, secret: str, _now: datetime, topic: str = "orders/create") -> dict[str, str]:
    """Return the headers of Shopify."""
    signature = base64.b64encode(_digest(secret, content)).decode()
    return {"x-shopify-hmac-sha256": signature, "x-shopify-topic": topic, "x-shopify-webhook-id": "d-1"}


def woocommerce(content: bytes, secret: str, _now: datetime, topic: str = "order.created") -> dict[str, str]:
    """Return the headers of WooCommerce."""
    signature = base64.b64encode(_digest(secret, content)).decode()
    return {"x-wc-webhook-signature": signature, "x-wc-webhook-topic": topic, "x-wc-webhook-delivery-id": "d-1"}


def standard(content: bytes, secret: str, now: datetime, identity: str = "msg_1") -> dict[str, str]:
    """Return the headers of Standard Webhooks; a secret without "whsec_" is the key itself."""
    timestamp = str(int(now.timestamp()))
    key = base64.b64decode(secret.removeprefix("whsec_")) if secret.startswith("whsec_") else secret.encode()
    signed = hmac.new(key, f"{identity}.{timestamp}.".encode() + content, hashlib.sha256).digest()
    signature = f"v1,{base64.b64encode(signed).decode()}"
    return {"webhook-id": identity, "webhook-timestamp": timestamp, "webhook-signature": signature}


def generic(content: bytes, secret: str, _now: datetime) -> dict[str, str]:
    """Return the header of the shop that the generic channel is shown with."""
    return {"x-kontor-signature": f"sha256={_digest(secret, content).hex()}"}


def token(_content: bytes, secret: str, _now: datetime) -> dict[str, str]:
    """Return the header of an API destination of EventBridge."""
    return {"x-api-key": secret}


@cache
def rsa_keys() -> dict[str, rsa.RSAPrivateKey]:
    """Return two RSA keys by their public half in PEM."""
    keys = [rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2)]
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return {key.public_key().public_bytes(serialization.Encoding.PEM, form).decode(): key for key in keys}


def adobe(content: bytes, secret: str, _now: datetime) -> dict[str, str]:
    """Return the header of Adobe Commerce."""
    key = rsa_keys()[secret]
    signature = key.sign(base64.b64encode(content), padding.PKCS1v15(), hashes.SHA256())
    return {"x-adobe-commerce-webhook-signature": base64.b64encode(signature).decode()}


def thin_bigcommerce(scope: str = "store/order/created") -> bytes:
    """Return the body of a webhook of BigCommerce."""
    told = {"scope": scope, "data": {"type": "order", "id": 250}, "hash": "f00d", "created_at": 1772446500}
    return json.dumps(told).encode()


def thin_amazon() -> bytes:
    """Return an ORDER_CHANGE as EventBridge sends it."""
    change = {"AmazonOrderId": "303-0000001-0000002", "OrderChangeType": "OrderStatusChange"}
    notification = {
        "NotificationType": "ORDER_CHANGE",
        "EventTime": "2026-03-02T11:00:00Z",
        "Payload": {"OrderChangeNotification": change},
        "NotificationMetadata": {"NotificationId": "n-1"},
    }
    return json.dumps({"version": "0", "detail-type": "ORDER_CHANGE", "detail": notification}).encode()


def sample(platform: str) -> Sample:
    """Return a delivery of *platform* for the exerciser of the port."""
    made: dict[str, Callable[[], Sample]] = {
        "shopify": lambda: Sample(shopify, SECRETS, body("shopify")),
        "woocommerce": lambda: Sample(woocommerce, SECRETS, body("woocommerce"), token="ck_key:cs_secret"),
        "bigcommerce": lambda: Sample(standard, SECRETS, thin_bigcommerce(), body("bigcommerce"), timed=True),
        "adobe_commerce": lambda: Sample(adobe, _two(rsa_keys()), body("adobe_commerce")),
        "amazon": lambda: Sample(
            token,
            SECRETS,
            thin_amazon(),
            body("amazon"),
            {"marketplace_id": "A1PA6795UKMFR9"},
            signs_body=False,
            token="client:secret:refresh",
        ),
        "standard_webhooks": lambda: Sample(standard, _two(WHSEC), body("standard_webhooks"), timed=True),
        "generic": lambda: Sample(generic, SECRETS, body("generic"), options=GENERIC_OPTIONS),
    }
    return made[platform]()


def _two(secrets: Any) -> tuple[str, str]:
    first, second = secrets
    return first, second
