"""The issuer's keys, fetched through the guarded client and read with suspicion.

Sources: OpenID Connect Discovery 1.0 section 4, RFC 7517 section 5.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any, Final, NamedTuple

from joserfc.errors import JoseError
from joserfc.jwk import Key, import_key

from core.errors import IssuerUnavailable
from gateway.oidc.settings import OidcSettings
from gateway.transports.http_out.client import HttpOut

#: of a document of the issuer: a hundred keys with their certificates
_LIMIT: Final = 512 * 1024
_MOST_KEYS: Final = 100
#: base64 signs of a modulus of 2048 and of 16384 bits (RFC 7518 section 3.3 asks for 2048 at least)
_MODULUS: Final = range(342, 2732)
#: which keys an algorithm takes: their type and curve (RFC 7518 section 3.1, RFC 8037, RFC 9864)
_KINDS: Final[Mapping[str, tuple[str, str | None]]] = {
    **dict.fromkeys(("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"), ("RSA", None)),
    "ES256": ("EC", "P-256"),
    "ES384": ("EC", "P-384"),
    "ES512": ("EC", "P-521"),
    "EdDSA": ("OKP", "Ed25519"),
    "Ed25519": ("OKP", "Ed25519"),
}


class IssuerKey(NamedTuple):
    """A public key of the issuer, and the allowed algorithms that it may be used with."""

    kid: str | None
    algorithms: frozenset[str]
    key: Key


async def fetch_keys(out: HttpOut, settings: OidcSettings) -> tuple[IssuerKey, ...]:
    """Return the keys that the issuer publishes and that can sign tokens by *settings*; there is at least one.

    Raises:
        DeliveryFailed: it cannot be reached, or must not be called.
        IssuerUnavailable: its answer is not what the standards say, or holds no key that can be used.
    """
    url = settings.jwks_url or await _published_at(out, settings.issuer)
    document = await _document(out, url)
    keys = document.get("keys")
    if not isinstance(keys, list):
        raise IssuerUnavailable(f"{url} is no set of keys")
    found = usable_keys(keys, settings.algorithms)
    if not found:
        raise IssuerUnavailable(f"{url} holds no key for {', '.join(settings.algorithms)}")
    return found


def usable_keys(keys: Collection[object], algorithms: Collection[str]) -> tuple[IssuerKey, ...]:
    """Return those of *keys* (JWK, RFC 7517) that sign with one of *algorithms*; others are passed over.

    A symmetric key is none of them, and neither is one whose private part is published.
    """
    found = []
    for jwk in list(keys)[:_MOST_KEYS]:
        if not isinstance(jwk, dict) or jwk.get("use", "sig") != "sig" or "d" in jwk:
            continue
        kid, own = jwk.get("kid"), jwk.get("alg")
        curve = None if jwk.get("kty") == "RSA" else jwk.get("crv")
        fitting = frozenset(one for one in algorithms if _KINDS[one] == (jwk.get("kty"), curve) and own in (None, one))
        if fitting and isinstance(kid, str | None) and (key := _imported(jwk)) is not None:
            found.append(IssuerKey(kid, fitting, key))
    return tuple(found)


def _imported(jwk: Mapping[str, Any]) -> Key | None:
    modulus = jwk.get("n")
    if jwk["kty"] == "RSA" and not (isinstance(modulus, str) and len(modulus) in _MODULUS):
        return None
    try:
        return import_key(dict(jwk))
    except (JoseError, ValueError, TypeError, KeyError):
        return None


async def _published_at(out: HttpOut, issuer: str) -> str:
    url = f"{issuer.rstrip('/')}/.well-known/openid-configuration"
    document = await _document(out, url)
    if document.get("issuer") != issuer:
        raise IssuerUnavailable(f"{url} is of the issuer {str(document.get('issuer'))[:200]!r}, not {issuer!r}")
    jwks_url = document.get("jwks_uri")
    if not isinstance(jwks_url, str):
        raise IssuerUnavailable(f"{url} names no jwks_uri")
    return jwks_url


async def _document(out: HttpOut, url: str) -> Mapping[str, Any]:
    reply = await out.send("GET", url, headers={"Accept": "application/json"}, limit=_LIMIT)
    if reply.status != 200 or reply.cut:
        raise IssuerUnavailable(f"{url} answers {'more than can be read' if reply.cut else reply.status}")
    try:
        document = json.loads(reply.body)
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        raise IssuerUnavailable(f"{url} is no JSON object")
    return document
