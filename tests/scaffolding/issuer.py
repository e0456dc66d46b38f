"""An identity provider on a real socket: discovery, keys that rotate, tokens good and bad, and outages."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, Literal

from aiohttp import web
from joserfc import jwt
from joserfc.jwk import ECKey, OKPKey, RSAKey
from joserfc.jws import JWSRegistry

SigningKey = RSAKey | ECKey | OKPKey
Outage = int | Literal["hang", "nonsense"]

#: made once: an RSA key takes a while
RSA = RSAKey.generate_key(2048, {"kid": "rsa-1"})


def ec_key(kid: str) -> ECKey:
    """Return a fresh key for ES256."""
    return ECKey.generate_key("P-256", {"kid": kid})


class Issuer:
    """Serves what OpenID Connect Discovery 1.0 and RFC 7517 say; ``outage`` says what it answers instead."""

    def __init__(self) -> None:
        self.url = ""
        self.keys: list[SigningKey] = [RSA]
        self.published: list[dict[str, Any]] | None = None
        self.discovery: dict[str, Any] = {}
        self.outage: Outage | None = None
        self.asked: list[str] = []
        self.released = asyncio.Event()

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Answer one request."""
        self.asked.append(request.path)
        if self.outage == "hang":
            await self.released.wait()
        if isinstance(self.outage, int):
            return web.Response(status=self.outage)
        if self.outage == "nonsense":
            return web.Response(text="<html>Login</html>", content_type="text/html")
        if request.path == "/realm/.well-known/openid-configuration":
            return web.json_response({"issuer": self.url, "jwks_uri": f"{self.url}/keys", **self.discovery})
        if request.path == "/realm/keys":
            keys = [{**key.as_dict(private=False), "use": "sig"} for key in self.keys]
            return web.json_response({"keys": keys if self.published is None else self.published})
        return web.Response(status=404)

    def token(self, now: datetime, *, key: SigningKey = RSA, head: dict[str, Any] | None = None, **claims: Any) -> str:
        """Return a token for the audience ``ordergate``, good for five minutes; a claim that is None is left out."""
        at = int(now.timestamp())
        given = {"iss": self.url, "aud": "ordergate", "sub": "s-1", "iat": at, "nbf": at, "exp": at + 300, **claims}
        header = {"alg": "RS256" if isinstance(key, RSAKey) else "ES256", "kid": key.kid, **(head or {})}
        told = {name: value for name, value in header.items() if value is not None}
        registry = JWSRegistry(algorithms=[told["alg"]], strict_check_header=False)
        return jwt.encode(told, {n: v for n, v in given.items() if v is not None}, key, registry=registry)


@asynccontextmanager
async def serving() -> AsyncIterator[Issuer]:
    """Serve an issuer at ``url``."""
    issuer = Issuer()
    app = web.Application()
    app.router.add_get("/{path:.*}", issuer.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    issuer.url = f"http://127.0.0.1:{runner.addresses[0][1]}/realm"
    try:
        yield issuer
    finally:
        issuer.released.set()
        await runner.cleanup()
