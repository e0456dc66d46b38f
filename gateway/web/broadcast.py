"""The event stream for many listeners: one reader of the store, a bounded queue a listener.

The store's stream position is the event id, so that a listener who comes back with the last id it has
misses nothing and gets nothing twice. A listener that does not keep up is dropped; it comes back by its id.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Final, NamedTuple

import orjson
import structlog

from gateway.web.ports import Json
from gateway.web.sse import message

log = structlog.get_logger(__name__)

PAGE: Final = 500
#: events a listener may be behind before it is dropped
BACKLOG: Final = 2_000
_RETRY_SECONDS: Final = 1.0


class Told(NamedTuple):
    """An event of the stream, and its bytes on the wire: the same for every listener, so made once."""

    event: Json
    content: bytes


class Listener:
    """One open stream: events are offered from the loop and awaited in batches."""

    def __init__(self, backlog: int) -> None:
        self._waiting: list[Told] = []
        self._backlog = backlog
        self._news = asyncio.Event()
        self.closed = False

    def offer(self, events: list[Told]) -> None:
        """Queue *events*, or close this listener when it is too far behind."""
        if len(self._waiting) + len(events) > self._backlog:
            self.close()
            return
        self._waiting += events
        self._news.set()

    def close(self) -> None:
        """End the stream: :meth:`batch` raises from now on."""
        self.closed = True
        self._waiting.clear()
        self._news.set()

    async def batch(self, seconds: float) -> list[Told]:
        """Return what is waiting, at the latest after *seconds* an empty list.

        Raises:
            EOFError: the listener was dropped or the server stops.
        """
        with contextlib.suppress(TimeoutError):  # nothing happened: the caller sends a heartbeat
            async with asyncio.timeout(seconds):
                await self._news.wait()
        if self.closed:
            raise EOFError
        self._news.clear()
        waiting, self._waiting = self._waiting, []
        return waiting


class Broadcaster:
    """Reads new events once and hands them to every listener.

    Args:
        head: the newest position of the stream.
        after: the page of events after a position.
        poll_seconds: how often to look when nobody calls :meth:`wake`.
        backlog: events a listener may be behind.
    """

    def __init__(
        self,
        head: Callable[[], Awaitable[int]],
        after: Callable[[int, int], Awaitable[list[Json]]],
        *,
        poll_seconds: float,
        backlog: int = BACKLOG,
    ) -> None:
        self._head = head
        self._after = after
        self._poll_seconds = poll_seconds
        self._backlog = backlog
        self._listeners: set[Listener] = set()
        self._position = 0
        self._woken = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    def wake(self) -> None:
        """Say that something was committed; may be called from any thread."""
        loop = self._loop
        if loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop ended between the look and the call
                loop.call_soon_threadsafe(self._woken.set)

    async def run(self) -> None:
        """Read and hand out until cancelled."""
        self._loop = asyncio.get_running_loop()
        try:
            while True:
                try:
                    await self._turn()
                except Exception:
                    # a store that does not answer for a while must not end the stream of everybody
                    log.exception("events.unreadable")
                    await asyncio.sleep(_RETRY_SECONDS)
        finally:
            self._loop = None
            self.close()

    async def _turn(self) -> None:
        with contextlib.suppress(TimeoutError):  # nobody woke us: look anyway
            async with asyncio.timeout(self._poll_seconds):
                await self._woken.wait()
        self._woken.clear()
        if not self._listeners:
            return
        while events := await self._page(self._position):
            self._position = events[-1].event["id"]
            for listener in list(self._listeners):
                listener.offer(events)
                if listener.closed:
                    self._listeners.discard(listener)

    async def _page(self, after: int) -> list[Told]:
        found = await self._after(after, PAGE)
        return [Told(one, message(one["event"], orjson.dumps(one).decode(), one["id"])) for one in found]

    def close(self) -> None:
        """End every stream, so that the server can stop."""
        for listener in self._listeners:
            listener.close()
        self._listeners.clear()

    async def events(self, after: int | None, heartbeat_seconds: float) -> AsyncGenerator[list[Told]]:
        """Yield batches of events after position *after* (None: only new ones); an empty batch is a heartbeat.

        Ends when the listener is dropped or the server stops.
        """
        listener = Listener(self._backlog)
        head = await self._head()
        if not self._listeners:  # nobody comes in between here and the adding, who would miss what is passed over
            self._position = head
        position = head if after is None else after
        self._listeners.add(listener)
        try:
            while events := await self._page(position):
                position = events[-1].event["id"]
                yield events
            yield []
            while True:
                batch = await listener.batch(heartbeat_seconds)
                fresh = [told for told in batch if told.event["id"] > position]
                if fresh or not batch:
                    position = fresh[-1].event["id"] if fresh else position
                    yield fresh
        except EOFError:
            return
        finally:
            self._listeners.discard(listener)
