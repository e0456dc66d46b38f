"""Reads the body of a request within its limits of size and time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Final

from aiohttp import web

from gateway.web.problems import Problem

#: a body that is kept as it arrives may take this many times as long as one that is read into memory
_PATIENCE: Final = 10
_IDENTITY: Final = "identity"


class BodyStream:
    """A body that is read piece by piece, so that a large one is never in memory; it can be read once."""

    def __init__(self, request: web.Request, *, limit: int, seconds: float) -> None:
        self._request = request
        self._limit = limit
        self._seconds = seconds

    async def pieces(self) -> AsyncIterator[bytes]:
        """Yield the body as it arrives.

        Raises:
            Problem: 413 it is larger than the limit, told before more of it is taken; 408 nothing came for too long, or
                all of it takes too long.
        """
        check_size(self._request.content_length, self._limit)
        taken, clock = 0, asyncio.get_running_loop()
        ends = clock.time() + _PATIENCE * self._seconds
        while True:
            # No timeout may stand around the yield: it would end whatever the caller does with the piece.
            try:
                async with asyncio.timeout(min(self._seconds, ends - clock.time())):
                    piece = await self._request.content.readany()
            except TimeoutError:
                raise Problem(408, "request.timeout", "the body did not arrive in time") from None
            if not piece:
                return
            taken += len(piece)
            check_size(taken, self._limit)
            yield piece


async def whole_body(request: web.Request, *, limit: int, seconds: float) -> bytes:
    """Return a body of at most *limit* bytes.

    Raises:
        Problem: 413 too large, 408 not there after *seconds*.
    """
    check_size(request.content_length, limit)
    content = bytearray()
    try:
        async with asyncio.timeout(seconds):
            async for chunk in request.content.iter_any():
                content += chunk
                check_size(len(content), limit)
    except TimeoutError:
        raise Problem(408, "request.timeout", "the body did not arrive in time") from None
    return bytes(content)


def check_encoding(request: web.Request) -> None:
    """Refuse a body that is packed.

    Raises:
        Problem: 415.
    """
    if request.headers.get("Content-Encoding", _IDENTITY) != _IDENTITY:
        raise Problem(415, "media_type.unsupported", "send the body without Content-Encoding")


def check_size(size: int | None, limit: int) -> None:
    """Refuse a body of more than *limit* bytes.

    Raises:
        Problem: 413, and the connection is closed.
    """
    if (size or 0) > limit:
        raise Problem(413, "body.too_large", f"the body may have {limit} bytes", headers={"Connection": "close"})
