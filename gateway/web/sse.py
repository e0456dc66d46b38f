"""Server-Sent Events on the wire (WHATWG HTML, section 9.2)."""

from __future__ import annotations

import asyncio
import re
from typing import Final, Self

from aiohttp import web

#: a listener whose connection takes nothing for so long is gone
WRITE_SECONDS: Final = 20.0
#: what ends a line of a stream; other separators of Unicode stand in the text like any sign
_END_OF_LINE: Final = re.compile("\r\n|\r|\n")


def message(event: str, text: str, event_id: int | None = None) -> bytes:
    """Return one event; every line of *text* becomes a data line."""
    head = f"id: {event_id}\n" if event_id is not None else ""
    lines = "".join(f"data: {line}\n" for line in _END_OF_LINE.split(text))
    return f"{head}event: {event}\n{lines}\n".encode()


class EventStream:
    """An open answer of type ``text/event-stream``."""

    def __init__(self, request: web.Request, response: web.StreamResponse) -> None:
        self.response = response
        self._request = request

    @classmethod
    async def open(cls, request: web.Request, retry_milliseconds: int = 1000, *, position: int | None = None) -> Self:
        """Send the headers, how soon to come back after a break, and from where if that is before the first event."""
        response = web.StreamResponse(
            headers={
                "Content-Type": "text/event-stream; charset=utf-8",
                "Cache-Control": "no-store",
                "X-Accel-Buffering": "no",
            }
        )
        await response.prepare(request)
        stream = cls(request, response)
        begins = "" if position is None else f"id: {position}\n"
        await stream.send(f"retry: {retry_milliseconds}\n{begins}\n".encode())
        return stream

    async def send(self, content: bytes) -> None:
        """Write; a connection that takes nothing is cut off, with what waits to be written to it.

        Raises:
            ConnectionError: the listener is gone or too slow.
        """
        try:
            async with asyncio.timeout(WRITE_SECONDS):
                await self.response.write(content)
        except TimeoutError:
            # Closed in order, it would wait for the peer to read what is buffered, which may be never.
            if (transport := self._request.transport) is not None:
                transport.abort()
            raise ConnectionResetError("the listener takes nothing") from None

    async def heartbeat(self, position: int | None = None) -> None:
        """Write a comment, so that proxies keep the connection and we notice a dead one.

        *position* is up to where everything was looked at, so that a listener comes back from there.
        """
        reached = "" if position is None else f"id: {position}\n"
        await self.send(f": still here\n{reached}\n".encode())
