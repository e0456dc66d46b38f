"""Who sent a webhook: one table of how platforms sign, and the one place where signatures are compared.

Every refusal is the same ``SignatureRefused`` with the same words, and every secret is tried and compared in constant
time, so that no answer tells how near a forgery came. Nothing of a body is read before its signature holds.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Literal

from adapters.commerce.rsa import rsa_fault, rsa_holds
from core.errors import SignatureRefused
from core.storefront import HookRequest, SettingFault, StoreAccess

#: how far the time of a signed request may be from ours, both ways (Standard Webhooks leaves it to the receiver)
WINDOW_SECONDS: Final = 300
#: a shared token or HMAC key shorter than this can be guessed
SHORTEST_SECRET: Final = 16
#: how secrets of Standard Webhooks begin
WHSEC: Final = "whsec_"
_LONGEST_TIMESTAMP: Final = 12

Scheme = Literal["hmac", "standard", "rsa", "token"]
Encoding = Literal["base64", "hex"]


@dataclass(frozen=True, slots=True)
class SignatureProfile:
    """How one platform signs.

    ``scheme`` hmac: HMAC-SHA256 of the body in ``header``, as ``encoding`` says, behind ``prefix``. standard: Standard
    Webhooks 1.0, HMAC-SHA256 of "id.timestamp.body" behind "v1,", several in a row. rsa: PKCS #1 v1.5 with SHA-256
    over the body, or over its base64 text with ``over_base64``; the secret is the public key in PEM. token: the header
    holds the secret itself, which vouches for the sender and not for the body.
    ``id_header`` and ``topic_header`` are where a platform names the delivery and what it is about.
    """

    scheme: Scheme
    header: str
    encoding: Encoding = "base64"
    prefix: str = ""
    over_base64: bool = False
    id_header: str = ""
    topic_header: str = ""


#: sources: Shopify "Verify webhooks"; WooCommerce REST API "Webhooks"; BigCommerce "Webhooks overview" (sources differ:
#: confirm with a store); Adobe Commerce "Webhooks signature verification"; Amazon signs nothing that a webhook could
#: check, a destination of EventBridge sends an API key; Standard Webhooks specification 1.0.0
PROFILES: Final[Mapping[str, SignatureProfile]] = {
    "shopify": SignatureProfile(
        "hmac", "x-shopify-hmac-sha256", id_header="x-shopify-webhook-id", topic_header="x-shopify-topic"
    ),
    "woocommerce": SignatureProfile(
        "hmac", "x-wc-webhook-signature", id_header="x-wc-webhook-delivery-id", topic_header="x-wc-webhook-topic"
    ),
    "bigcommerce": SignatureProfile("standard", "webhook-signature", id_header="webhook-id"),
    "adobe_commerce": SignatureProfile("rsa", "x-adobe-commerce-webhook-signature", over_base64=True),
    "amazon": SignatureProfile("token", "x-api-key"),
    "standard_webhooks": SignatureProfile("standard", "webhook-signature", id_header="webhook-id"),
}


def verified(profile: SignatureProfile, request: HookRequest, access: StoreAccess, now: datetime) -> Mapping[str, str]:
    """Return the headers of a request, names in lower case, whose signature holds for one of the secrets.

    Raises:
        SignatureRefused: no signature, none of our secrets', or its time is more than 300 s from *now*.
        InstallationBroken: RSA is to be checked and the extra ``rsa`` is not installed.
    """
    headers = {name.lower(): value for name, value in request.headers.items()}
    if not _CHECKS[profile.scheme](profile, headers, request.body, access.secrets, now):
        raise SignatureRefused
    return headers


def delivery_id(profile: SignatureProfile, headers: Mapping[str, str], body: bytes) -> str:
    """Return the platform's id of a delivery; where it sends none, the body's hash: a repeat has the same body."""
    return headers.get(profile.id_header, "").strip() or f"sha256:{hashlib.sha256(body).hexdigest()}"


def secret_faults(profile: SignatureProfile, secrets: Iterable[str]) -> list[SettingFault]:
    """Return what is wrong with the secrets of a store. No word of them is told."""
    kept = tuple(secrets)
    faults = [] if kept else [SettingFault("secrets", "no secret is set; every delivery would be refused")]
    for place, secret in ((f"secrets.{index}", secret) for index, secret in enumerate(kept)):
        if fault := rsa_fault(secret) if profile.scheme == "rsa" else _shared_fault(secret):
            faults.append(SettingFault(place, fault))
    return faults


def signed(identity: str, body: bytes, secret: str, now: datetime) -> tuple[tuple[str, str], ...]:
    """Return the headers of a request of ours, signed by Standard Webhooks 1.0."""
    timestamp = str(int(now.timestamp()))
    digest = hmac.digest(_key(secret), f"{identity}.{timestamp}.".encode() + body, "sha256")
    return (
        ("webhook-id", identity),
        ("webhook-timestamp", timestamp),
        ("webhook-signature", f"v1,{_text(digest)}"),
    )


def _shared_fault(secret: str) -> str:
    if len(secret.strip()) < SHORTEST_SECRET:
        return f"shorter than {SHORTEST_SECRET} characters"
    if secret.startswith(WHSEC) and _decoded(secret.removeprefix(WHSEC)) is None:
        return f"what follows {WHSEC} is not base64"
    return ""


def _hmac(
    profile: SignatureProfile, headers: Mapping[str, str], body: bytes, secrets: Iterable[str], _now: datetime
) -> bool:
    sent = headers.get(profile.header.lower(), "").strip()
    if profile.encoding == "hex":
        sent = sent.lower()
    digests = (hmac.digest(secret.encode(), body, "sha256") for secret in secrets if secret)
    return _any_equal(
        (profile.prefix + (digest.hex() if profile.encoding == "hex" else _text(digest)) for digest in digests), [sent]
    )


def _standard(
    profile: SignatureProfile, headers: Mapping[str, str], body: bytes, secrets: Iterable[str], now: datetime
) -> bool:
    identity, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    sent = headers.get(profile.header.lower(), "").split()
    content = f"{identity}.{timestamp}.".encode(errors="replace") + body
    keys = (_key(secret) for secret in secrets if secret)
    expected = ("v1," + _text(hmac.digest(key, content, "sha256")) for key in keys)
    return _any_equal(expected, sent) & bool(identity) & _near(timestamp, now)


def _rsa(
    profile: SignatureProfile, headers: Mapping[str, str], body: bytes, secrets: Iterable[str], _now: datetime
) -> bool:
    signature = _decoded(headers.get(profile.header.lower(), "").strip()) or b""
    content = base64.b64encode(body) if profile.over_base64 else body
    held = [rsa_holds(pem, signature, content) for pem in secrets]
    return any(held)


def _token(
    profile: SignatureProfile, headers: Mapping[str, str], _body: bytes, secrets: Iterable[str], _now: datetime
) -> bool:
    sent = headers.get(profile.header.lower(), "").strip()
    return _any_equal((profile.prefix + secret for secret in secrets if secret), [sent])


_Check = Callable[[SignatureProfile, Mapping[str, str], bytes, Iterable[str], datetime], bool]
_CHECKS: Final[Mapping[Scheme, _Check]] = {"hmac": _hmac, "standard": _standard, "rsa": _rsa, "token": _token}


def _any_equal(expected: Iterable[str], sent: Iterable[str]) -> bool:
    """Tell whether anything sent is what was expected; all are compared, so that time tells nothing."""
    given = [text.encode(errors="replace") for text in sent]
    held = False
    for text in expected:
        for other in given:
            held |= hmac.compare_digest(text.encode(), other)
    return held


def _near(timestamp: str, now: datetime) -> bool:
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= _LONGEST_TIMESTAMP):
        return False
    return abs(now.astimezone(UTC).timestamp() - int(timestamp)) <= WINDOW_SECONDS


def _key(secret: str) -> bytes:
    """Return the key of Standard Webhooks: what is encoded behind "whsec_", else the secret as it stands."""
    if secret.startswith(WHSEC):
        return _decoded(secret.removeprefix(WHSEC)) or secret.encode()
    return secret.encode()


def _text(digest: bytes) -> str:
    return base64.b64encode(digest).decode()


def _decoded(sent: str) -> bytes | None:
    try:
        return base64.b64decode(sent, validate=True)
    except (binascii.Error, ValueError):
        return None
