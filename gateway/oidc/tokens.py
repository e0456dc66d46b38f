"""A bearer token is a JWT (RFC 7519) that the issuer signed: its head read, its signature and claims checked.

What a token says of itself chooses nothing: the algorithm has to be allowed, the key comes from the issuer's own set,
and ``jku``, ``jwk``, ``x5c`` and ``x5u`` are not looked at (RFC 8725 sections 3.1 and 3.10).
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from joserfc import jwt
from joserfc.errors import (
    BadSignatureError,
    ClaimError,
    ExpiredTokenError,
    JoseError,
    MissingClaimError,
)
from joserfc.jwk import Key
from joserfc.jws import JWSRegistry
from joserfc.jwt import JWTClaimsRegistry
from joserfc.util import urlsafe_b64decode

from core.errors import TokenRefused

#: characters; request heads end not far above
MAX_TOKEN: Final = 8_000
#: what an access or id token calls itself; others (logout, DPoP, events) are for other ends (RFC 8725 section 3.11)
_TYPES: Final = frozenset({"jwt", "at+jwt", "application/at+jwt"})
#: OpenID Connect Core section 2
_MAX_SUBJECT: Final = 255

Claims = Mapping[str, Any]


class TokenHead(NamedTuple):
    """What a token says about its signature; nothing of it is proven yet."""

    algorithm: str
    kid: str | None


class _Signatures(JWSRegistry):
    """Allows one algorithm, whatever the library would recommend; unknown members of a head are ignored (RFC 7515)."""

    max_header_length = MAX_TOKEN
    max_payload_length = MAX_TOKEN

    def __init__(self, algorithm: str) -> None:
        super().__init__(algorithms=[algorithm], strict_check_header=False)

    def get_alg(self, name: str) -> Any:
        assert self.allowed is not None
        if name not in self.allowed:
            raise JoseError(f"{name} is not allowed")
        return self.algorithms[name]


def read_head(token: str, algorithms: Collection[str]) -> TokenHead:
    """Return the head of *token*.

    Raises:
        TokenRefused: ``token.too_large``, ``token.malformed``, ``token.type`` or ``token.algorithm``.
    """
    if len(token) > MAX_TOKEN:
        raise TokenRefused("token.too_large")
    head = _json(token.partition(".")[0])
    # A critical extension that we do not know forbids the token, and we know none (RFC 7515 section 4.1.11).
    if not isinstance(head, dict) or "crit" in head or not token.isascii():
        raise TokenRefused("token.malformed")
    kind, algorithm, kid = head.get("typ", "JWT"), head.get("alg"), head.get("kid")
    if not isinstance(kind, str) or kind.lower() not in _TYPES:
        raise TokenRefused("token.type")
    if not isinstance(algorithm, str) or algorithm not in algorithms:
        raise TokenRefused("token.algorithm")
    if not isinstance(kid, str | None):
        raise TokenRefused("token.malformed")
    return TokenHead(algorithm, kid)


def checked_claims(
    token: str, head: TokenHead, key: Key, *, issuer: str, audience: list[str], leeway_seconds: int, now: datetime
) -> Claims:
    """Return the claims of *token*, which *key* signed, *issuer* issued for one of *audience*, and counts *now*.

    Raises:
        TokenRefused: ``token.malformed``, ``token.signature``, ``token.expired``, ``token.not_yet_valid``,
            ``token.issuer``, ``token.audience``, ``token.claim_missing`` or ``token.claim_invalid``.
    """
    try:
        claims = jwt.decode(token, key, registry=_Signatures(head.algorithm)).claims
    except BadSignatureError:
        raise TokenRefused("token.signature") from None
    except (JoseError, ValueError, RecursionError):
        raise TokenRefused("token.malformed") from None
    rules = JWTClaimsRegistry(
        now=int(now.timestamp()),
        leeway=leeway_seconds,
        iss={"essential": True, "value": issuer},
        aud={"essential": True, "values": list(audience)},
        sub={"essential": True},
        exp={"essential": True},
    )
    try:
        rules.validate(dict(claims))
    except ClaimError as error:
        raise TokenRefused(_reason(error, claims), holder=_holder(claims)) from None
    subject = claims["sub"]
    if not (len(subject) <= _MAX_SUBJECT and subject.isascii() and subject.isprintable()):
        raise TokenRefused("token.claim_invalid")
    return claims


def _reason(error: ClaimError, claims: Claims) -> str:
    if isinstance(error, ExpiredTokenError):
        return "token.expired"
    if isinstance(error, MissingClaimError):
        return "token.claim_missing"
    if error.claim in ("nbf", "iat") and isinstance(claims[error.claim], int | float):
        return "token.not_yet_valid"
    return {"iss": "token.issuer", "aud": "token.audience"}.get(error.claim, "token.claim_invalid")


def _holder(claims: Claims) -> str:
    """Return the subject of a token with a good signature, for the log of refused calls."""
    subject = claims.get("sub")
    return subject if isinstance(subject, str) and subject.isprintable() else ""


def _json(part: str) -> object:
    try:
        return json.loads(urlsafe_b64decode(part.encode("ascii")))
    except (ValueError, RecursionError):
        raise TokenRefused("token.malformed") from None
