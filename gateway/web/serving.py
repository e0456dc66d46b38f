"""The application on a socket."""

from __future__ import annotations

import ipaddress
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from aiohttp import web

from core.errors import SystemFailed

_KEEPALIVE_SECONDS: Final = 75.0
#: what requests that are running get when the server stops; event streams are ended before
_DRAIN_SECONDS: Final = 10.0


def is_loopback(host: str) -> bool:
    """Tell whether a server bound to *host* is reached from this machine only."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@asynccontextmanager
async def serving(app: web.Application, host: str, port: int) -> AsyncIterator[int]:
    """Serve *app* while the context is open; yield the port, which the system chooses for port 0.

    On the way out no new request is taken, streams end, running requests may finish.

    Raises:
        SystemFailed: the address cannot be bound.
    """
    runner = web.AppRunner(
        app,
        access_log=None,
        # A caller who hangs up must not leave an act half told: acts run to their end.
        handler_cancellation=False,
        keepalive_timeout=_KEEPALIVE_SECONDS,
        shutdown_timeout=_DRAIN_SECONDS,
    )
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            raise SystemFailed(
                f"cannot listen on {host} port {port}: {error.strerror}", hint="Choose another with --port."
            ) from error
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()
