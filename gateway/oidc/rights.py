"""What the claims of a token mean here: scopes, roles and the one partner, by the tables of the settings."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from core.errors import TokenRefused
from gateway.authentication import ROLE_SCOPES
from gateway.oidc.settings import OidcSettings
from gateway.oidc.tokens import Claims

#: what the columns of actors hold
_MAX_NAME: Final = 100
_DIGEST: Final = 16


class Rights(NamedTuple):
    """What a token may do; ``roles`` None: its scopes alone count. ``partner`` None: it is of the house.

    ``user`` is who it is in the master data, whose roles count then.
    """

    scopes: frozenset[str]
    roles: frozenset[str] | None
    partner: str | None
    user: str | None = None


class Holder(NamedTuple):
    """Who holds a token: ``name`` is the actor of what is done with it, ``key`` what no two holders share."""

    name: str
    key: str


def holder_of(claims: Claims) -> Holder:
    """Return the holder by issuer and subject, the pair that nobody else gets (OpenID Connect Core section 2).

    The name is ``subject@issuer`` without ``https://``; one that is too long for an actor ends in a digest.
    """
    issuer, subject = claims["iss"], claims["sub"]
    digest = hashlib.sha256(f"{issuer}\n{subject}".encode()).digest()
    name = f"{subject}@{issuer.partition('://')[2]}"
    if len(name) > _MAX_NAME:
        name = f"{name[: _MAX_NAME - _DIGEST - 1]}~{digest.hex()[:_DIGEST]}"
    # Prefixes of keys have ten signs, so that this is never one of theirs.
    return Holder(name, base64.b32encode(digest[:10]).decode().lower())


def rights_of(claims: Claims, settings: OidcSettings) -> Rights:
    """Return what *claims* allow by the tables of *settings*.

    Raises:
        TokenRefused: ``token.scope``, a required one is missing; ``token.claim_missing``, neither a partner nor a
            role of the house; ``token.no_rights``, nothing that it holds is in the tables.
    """
    given = _values(claims, settings.scope_claim, divided=True)
    if not given.issuperset(settings.required_scopes):
        raise TokenRefused("token.scope", holder=claims["sub"])
    scopes = _mapped(given, settings.scopes)
    partner = _partner(claims, settings)
    if partner is not None:
        # As with keys: no partner administers the house, and roles are for its own people.
        rights = Rights(scopes - {"admin"}, None, partner)
    else:
        user = _named(claims, settings.user_claim)
        roles = _mapped(_values(claims, settings.roles_claim), settings.roles) if settings.roles else None
        if settings.partner_claim and not (roles or user):
            raise TokenRefused("token.claim_missing", holder=claims["sub"])
        rights = Rights(scopes or (ROLE_SCOPES if roles or user else frozenset()), roles, None, user)
    if not rights.scopes:
        raise TokenRefused("token.no_rights", holder=claims["sub"])
    return rights


def _partner(claims: Claims, settings: OidcSettings) -> str | None:
    value = _named(claims, settings.partner_claim)
    return settings.partners.get(value) if value is not None and settings.partners else value


def _named(claims: Claims, path: str) -> str | None:
    value = _find(claims, path) if path else None
    if value is not None and (not isinstance(value, str) or not value):
        raise TokenRefused("token.claim_invalid", holder=claims["sub"])
    return value


def _mapped(given: frozenset[str], table: Mapping[str, list[Any]]) -> frozenset[str]:
    return frozenset(ours for theirs in given for ours in table.get(theirs, ()))


def _values(claims: Claims, path: str, *, divided: bool = False) -> frozenset[str]:
    found = _find(claims, path)
    if isinstance(found, str):
        return frozenset(found.split() if divided else [found])
    return frozenset(one for one in found if isinstance(one, str)) if isinstance(found, list) else frozenset()


def _find(claims: Claims, path: str) -> object:
    """Return the claim *path*: of that very name (`https://example.com/roles`), or step by step at its dots."""
    if path in claims:
        return claims[path]
    found: object = claims
    for step in path.split("."):
        found = found.get(step) if isinstance(found, Mapping) else None
    return found
