"""A stand-in of a shop behind a real socket, with the faults that networks and servers have."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Literal

from aiohttp import web

from core.testing.shops.standin import Asked, ShopStandIn

#: what goes wrong with a request: a status in its place, done but not answered, or nothing ever
Fault = int | Literal["lost", "hang"]


class ShopServer:
    """Serves a stand-in; ``fault`` says of each request what goes wrong with it, None for nothing."""

    def __init__(self, shop: ShopStandIn) -> None:
        self.shop = shop
        self.asked: list[Asked] = []
        self.fault: Callable[[Asked], Fault | None] = lambda _: None
        self.retry_after = ""
        self.url = ""
        self.released = asyncio.Event()
        self._arrived = asyncio.Condition()

    async def take(self, request: web.Request) -> web.StreamResponse:
        """Answer one request."""
        asked = Asked(
            request.method,
            request.rel_url.raw_path,
            dict(request.query),
            {name.lower(): value for name, value in request.headers.items()},
            await request.read(),
        )
        self.asked.append(asked)
        async with self._arrived:
            self._arrived.notify_all()
        fault = self.fault(asked)
        if fault == "hang":
            await self.released.wait()
        if isinstance(fault, int):
            headers = {"Retry-After": self.retry_after} if self.retry_after else {}
            return web.Response(status=fault, headers=headers, text="not now")
        told = self.shop.answer(asked)
        if fault == "lost":
            assert request.transport is not None
            request.transport.abort()
        return web.Response(status=told.status, body=told.body, content_type="application/json")

    async def has_been_asked(self, count: int) -> None:
        """Wait until *count* requests have come, at most for a while."""
        async with asyncio.timeout(20), self._arrived:
            await self._arrived.wait_for(lambda: len(self.asked) >= count)

    def writes(self) -> list[Asked]:
        """Return the requests that were no GET."""
        return [asked for asked in self.asked if asked.method != "GET"]


@asynccontextmanager
async def serving(shop: ShopStandIn) -> AsyncIterator[ShopServer]:
    """Serve *shop* at ``url``."""
    server = ShopServer(shop)
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", server.take)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield server
    finally:
        server.released.set()
        await runner.cleanup()
