"""Tells everybody who waits that something changed, by asking one cheap question for all of them."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Final

import structlog

log = structlog.get_logger(__name__)

_RETRY_SECONDS: Final = 1.0


class Pulse:
    """Watches a text that changes with the store; rests while nobody waits.

    Args:
        ask: returns the present text.
        poll_seconds: how often to ask when nobody calls :meth:`wake`.
    """

    def __init__(self, ask: Callable[[], Awaitable[str]], *, poll_seconds: float) -> None:
        self._ask = ask
        self._poll_seconds = poll_seconds
        self._changed = asyncio.Condition()
        self._woken = asyncio.Event()
        self._waiting = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self.beat = ""
        self.closed = False

    def wake(self) -> None:
        """Say that something was committed; may be called from any thread."""
        loop = self._loop
        if loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop ended between the look and the call
                loop.call_soon_threadsafe(self._woken.set)

    async def changed(self, since: str, seconds: float) -> str:
        """Return the text once it differs from *since*, or *since* after *seconds*.

        Raises:
            EOFError: the server stops.
        """
        self._waiting += 1
        try:
            async with asyncio.timeout(seconds), self._changed:
                await self._changed.wait_for(lambda: self.closed or self.beat not in ("", since))
        except TimeoutError:
            return since
        finally:
            self._waiting -= 1
        if self.closed:
            raise EOFError
        return self.beat

    async def run(self) -> None:
        """Ask and tell until cancelled."""
        self._loop = asyncio.get_running_loop()
        while True:
            with contextlib.suppress(TimeoutError):  # nobody woke us: ask anyway
                async with asyncio.timeout(self._poll_seconds):
                    await self._woken.wait()
            self._woken.clear()
            if not self._waiting:
                continue
            try:
                beat = await self._ask()
            except Exception:
                # a store that does not answer for a while must not end the pages of everybody
                log.exception("pulse.unreadable")
                await asyncio.sleep(_RETRY_SECONDS)
                continue
            if beat != self.beat:
                self.beat = beat
                async with self._changed:
                    self._changed.notify_all()

    async def close(self) -> None:
        """End every wait, so that the server can stop."""
        self.closed = True
        async with self._changed:
            self._changed.notify_all()
