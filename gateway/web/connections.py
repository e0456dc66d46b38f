"""Connections that hold the door open: heads that drip, and one address that takes every place.

aiohttp limits how long a connection may idle between requests and how large a head may be; a body has its time in
``binding.read_body``. What it leaves open is a head that comes one byte at a time (slow loris) and how many connections
one address has. Both are seen here, between the socket and aiohttp's protocol, which sees the same bytes as before.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

import structlog
from aiohttp import web

from gateway.web.call import SETTINGS
from gateway.web.problems import Handler

_log = structlog.get_logger(__name__)

#: connections that wait to be let in
_BACKLOG: Final = 128
_TOO_SLOW: Final = b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
_TOO_MANY: Final = (
    b"HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 5\r\nContent-Length: 0\r\n\r\n"
)


@dataclass(slots=True)
class Connections:
    """The open connections of one server, by address; the limits are those of ``WebSettings``."""

    head_seconds: float
    per_address: int
    open: Counter[str] = field(default_factory=Counter)
    _of_protocol: dict[asyncio.BaseProtocol, Connection] = field(default_factory=dict)

    def take(self, address: str) -> bool:
        """Count one more connection of *address*; False when it has as many as it may."""
        if self.per_address and self.open[address] >= self.per_address:
            return False
        self.open[address] += 1
        return True

    def give_back(self, address: str) -> None:
        """Count one connection of *address* less."""
        self.open[address] -= 1
        if not self.open[address]:
            del self.open[address]

    def watch(self, protocol: asyncio.BaseProtocol, connection: Connection | None) -> None:
        """Remember which *connection* feeds *protocol*, or forget it."""
        if connection is None:
            self._of_protocol.pop(protocol, None)
        else:
            self._of_protocol[protocol] = connection

    def of(self, protocol: asyncio.BaseProtocol | None) -> Connection | None:
        """Return the connection that feeds *protocol*; None on a server that does not watch."""
        return None if protocol is None else self._of_protocol.get(protocol)


class Connection(asyncio.Protocol):
    """One connection: passes everything on to aiohttp's protocol, and looks at the clock."""

    def __init__(self, connections: Connections, server: web.Server) -> None:
        self._connections = connections
        self._server = server
        self._inner: asyncio.Protocol | None = None
        self._transport: asyncio.Transport | None = None
        self._address = ""
        self._heard = False
        self._running = 0
        self._deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Let the connection in, or turn it away when its address has too many."""
        assert isinstance(transport, asyncio.Transport)
        self._address = _address_of(transport)
        self._transport = transport
        if not self._connections.take(self._address):
            _log.warning("connection refused", address=self._address, open=self._connections.per_address)
            transport.write(_TOO_MANY)
            transport.close()
            return
        self._inner = self._server()
        self._connections.watch(self._inner, self)
        self._wait_for_head()
        self._inner.connection_made(transport)

    def data_received(self, data: bytes) -> None:
        """Pass *data* on; the first bytes since the last request start the time of a head."""
        if self._inner is None:
            return
        self._heard = True
        if not self._running and self._deadline is None:
            self._wait_for_head()
        self._inner.data_received(data)

    def eof_received(self) -> bool | None:
        """Pass on that nothing more will come."""
        return None if self._inner is None else self._inner.eof_received()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._wait_no_more()
        if self._inner is None:
            return
        self._connections.give_back(self._address)
        self._connections.watch(self._inner, None)
        self._inner.connection_lost(exc)

    def pause_writing(self) -> None:
        """Pass on that the peer reads too slowly."""
        if self._inner is not None:
            self._inner.pause_writing()

    def resume_writing(self) -> None:
        """Pass on that the peer reads again."""
        if self._inner is not None:
            self._inner.resume_writing()

    def begin(self) -> None:
        """Say that the head of a request was read: from here on the limits of bodies and handlers count."""
        self._running += 1
        self._heard = False
        self._wait_no_more()

    def end(self) -> None:
        """Say that a request was answered."""
        self._running -= 1

    def _wait_for_head(self) -> None:
        loop = asyncio.get_running_loop()
        self._deadline = loop.call_later(self._connections.head_seconds, self._give_up)

    def _wait_no_more(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _give_up(self) -> None:
        assert self._transport is not None
        _log.info("request given up: its head did not come in time", address=self._address)
        if self._heard:
            self._transport.write(_TOO_SLOW)
        self._transport.close()


CONNECTIONS: Final = web.AppKey("CONNECTIONS", Connections)


@web.middleware
async def running_middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Tell the connection of *request* while it is handled; the outermost of the middlewares."""
    connection = request.app[CONNECTIONS].of(request.protocol)
    if connection is None:
        return await handler(request)
    connection.begin()
    try:
        return await handler(request)
    finally:
        connection.end()


@asynccontextmanager
async def listening(app: web.Application, host: str, port: int, *, drain_seconds: float) -> AsyncIterator[str]:
    """Serve *app* on *host* and *port* (0 for a free one) and give its address, such as ``http://127.0.0.1:8080``.

    In the end nobody new is let in, and requests that run have *drain_seconds* to be answered.

    Raises:
        OSError: the address cannot be listened on.
    """
    runner = web.AppRunner(
        app,
        access_log=None,
        handle_signals=False,
        shutdown_timeout=drain_seconds,
        keepalive_timeout=app[SETTINGS].keep_alive_seconds,
    )
    await runner.setup()
    try:
        server = runner.server
        assert server is not None
        door = await asyncio.get_running_loop().create_server(
            lambda: Connection(app[CONNECTIONS], server), host, port, backlog=_BACKLOG
        )
        try:
            bound = door.sockets[0].getsockname()
            name = f"[{bound[0]}]" if ":" in bound[0] else bound[0]
            yield f"http://{name}:{bound[1]}"
        finally:
            door.close()
    finally:
        await runner.cleanup()


def _address_of(transport: asyncio.BaseTransport) -> str:
    peer = transport.get_extra_info("peername")
    return str(peer[0]) if isinstance(peer, tuple) else ""
