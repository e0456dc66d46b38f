"""Who calls: ``Authorization: Bearer`` with an API key or a token of the identity provider, and nothing else."""

from __future__ import annotations

import asyncio
from typing import Final

from aiohttp import web

from core.errors import OrdergateError, TokenRefused, Unauthenticated
from gateway.web.call import AUTHENTICATOR, TOKEN_DOOR
from gateway.web.limits import charge_failure
from gateway.web.ports import Principal
from gateway.web.problems import Problem
from gateway.web.refused_calls import TURNED_AWAY

#: names under which clients like to put a key into the address, where proxies and logs keep it
_KEY_PARAMETERS: Final = frozenset({"key", "api_key", "apikey", "api-key", "token", "access_token", "authorization"})


async def principal_of(request: web.Request) -> Principal:
    """Return whose key or token the request carries.

    Raises:
        Unauthenticated: none, an unknown one, one that does not count, or one in the address.
        IssuerUnavailable: a token, and no keys to judge it by.
        Problem: 429, after too many failures from one address.
    """
    try:
        given = _given(request)
        door = request.app.get(TOKEN_DOOR)
        if door is not None and _is_token(given):
            return await door.admit(given)
        return await asyncio.to_thread(request.app[AUTHENTICATOR].authenticate, given)
    except Unauthenticated as refusal:
        if isinstance(refusal, TokenRefused):
            request[TURNED_AWAY] = refusal
        charge_failure(request)
        raise


async def is_still_admitted(request: web.Request, principal: Principal) -> bool:
    """Tell whether the key or token of *request* still counts, for reading the same: a stream asks at times."""
    try:
        found = await principal_of(request)
    except (OrdergateError, Problem):
        return False
    return found.partner == principal.partner and found.roles == principal.roles and found.may("read")


def _given(request: web.Request) -> str:
    if any(name.lower() in _KEY_PARAMETERS for name in request.query):
        raise Unauthenticated(
            "a key in the address is refused: proxies and logs would keep it",
            hint="Send it as header: Authorization: Bearer <key>. Revoke the key you sent.",
        )
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    given = given.strip()
    if scheme.lower() != "bearer" or not given:
        raise Unauthenticated("a key is needed", hint="Send it as header: Authorization: Bearer <key>.")
    return given


def _is_token(given: str) -> bool:
    """Tell whether *given* has the form of a JWT (RFC 7519 section 3), which no API key has."""
    return given.count(".") == 2
