"""Pages that live: when something changed, the parts of the page that differ are sent again."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Final

from aiohttp import web

from gateway.console import home, order_page
from gateway.console.access import visitor_of
from gateway.console.counts import COUNTS
from gateway.console.fragments import Fragment, Seen
from gateway.web.call import PULSE, SETTINGS, STORE, VIEWS
from gateway.web.sse import EventStream, message

#: changes that follow each other faster than this are sent together
_TOGETHER_SECONDS: Final = 0.1
#: of its time a page may keep the store busy one part in so many
_SHARE: Final = 5


async def live_home(request: web.Request) -> web.StreamResponse:
    """Keep the first page, with the filter of its address, as it is in the store."""
    visitor = await visitor_of(request)
    query = home.asked(request.query)
    views, store, counts = request.app[VIEWS], request.app[STORE], request.app[COUNTS]

    def look() -> list[Fragment]:
        shown = store.read(lambda tx: home.look(views, tx, query, visitor.partner, counts))
        return home.fragments(visitor.principal.shown(shown))

    return await _keep(request, lambda: asyncio.to_thread(look))


async def live_order(request: web.Request) -> web.StreamResponse:
    """Keep the page of one order as it is in the store."""
    visitor = await visitor_of(request)
    number = request.match_info["number"]
    token = order_page.form_token(request, visitor)
    views, store = request.app[VIEWS], request.app[STORE]

    def look() -> list[Fragment]:
        shown = store.read(lambda tx: order_page.look(views, tx, number, visitor.partner))
        return order_page.fragments(visitor.principal.shown(shown), visitor, token)

    await asyncio.to_thread(look)  # an order that is not there answers 404, not an empty stream
    return await _keep(request, lambda: asyncio.to_thread(look))


async def _keep(request: web.Request, look: Callable[[], Awaitable[list[Fragment]]]) -> web.StreamResponse:
    """Send what differs, at first everything: the browser leaves alone what it shows already."""
    app = request.app
    pulse, heartbeat_seconds = app[PULSE], app[SETTINGS].heartbeat_seconds
    stream = await EventStream.open(request)
    seen = Seen()
    beat = pulse.beat
    loop = asyncio.get_running_loop()
    # The browser goes away, or the server stops: both are how a live page ends.
    with contextlib.suppress(ConnectionError, EOFError):
        while True:
            started = loop.time()
            fresh = seen.fresh(await look())
            if fresh:
                await stream.send(b"".join(message("fragment", fragment.html) for fragment in fresh))
            else:
                await stream.heartbeat()
            await asyncio.sleep(max(_TOGETHER_SECONDS, (loop.time() - started) * _SHARE))
            # Nothing changed for a while: look all the same, for what the pulse does not count.
            beat = await pulse.changed(beat, heartbeat_seconds)
    return stream.response
