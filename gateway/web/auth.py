"""API keys on the wire: ``Authorization: Bearer <key>`` and nothing else."""

from __future__ import annotations

import asyncio
from typing import Final

from aiohttp import web

from core.errors import Unauthenticated
from gateway.web.call import AUTHENTICATOR
from gateway.web.limits import charge_failure
from gateway.web.ports import Principal

#: names under which clients like to put a key into the address, where proxies and logs keep it
_KEY_PARAMETERS: Final = frozenset({"key", "api_key", "apikey", "api-key", "token", "access_token", "authorization"})
_MAX_KEY: Final = 512


async def principal_of(request: web.Request) -> Principal:
    """Return whose key the request carries.

    Raises:
        Unauthenticated: no key, an unknown one, or a key in the address.
        Problem: 429, after too many failures from one address.
    """
    try:
        return await asyncio.to_thread(request.app[AUTHENTICATOR].authenticate, _token(request))
    except Unauthenticated:
        charge_failure(request)
        raise


def _token(request: web.Request) -> str:
    if any(name.lower() in _KEY_PARAMETERS for name in request.query):
        raise Unauthenticated(
            "a key in the address is refused: proxies and logs would keep it",
            hint="Send it as header: Authorization: Bearer <key>. Revoke the key you sent.",
        )
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    token = token.strip()
    if scheme.lower() != "bearer" or not token or len(token) > _MAX_KEY:
        raise Unauthenticated("a key is needed", hint="Send it as header: Authorization: Bearer <key>.")
    return token
