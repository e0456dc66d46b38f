"""The event stream: every fact once, in order, resumable."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import NamedTuple

from aiohttp import web

from core.subscriptions.catalogue import event_types
from core.subscriptions.model import check_patterns, matches
from gateway.web.auth import is_still_admitted
from gateway.web.broadcast import Told
from gateway.web.call import BROADCASTER, SETTINGS, Call
from gateway.web.contract import Contract
from gateway.web.ports import Json
from gateway.web.shapes.evidence import StreamHeaders, StreamQuery
from gateway.web.sse import EventStream

routes = Contract("events")


@routes.get("/api/v1/events", answers={200: "text/event-stream"}, streams=True)
async def events(call: Call, *, query: StreamQuery, headers: StreamHeaders) -> web.StreamResponse:
    """Server-Sent Events: `id` is the position in the stream, `event` the name, `data` a JSON object.

    Without a position it begins now, and the first `id`, which comes without an event, says where that is. Come back
    with `Last-Event-ID` and the same filters to miss nothing. A listener that does not keep up is disconnected, and so
    is one whose key was revoked or whose token expired. A key of a partner hears of that partner only.
    """
    app = call.request.app
    wanted = _Wanted.of(query, call.partner_asked(query.partner))
    after = int(headers.last_event_id) if headers.last_event_id is not None else query.after
    begins = await call.read(call.views.stream_head) if after is None else None
    stream = await EventStream.open(call.request, position=begins)
    position = begins if after is None else after
    settings = app[SETTINGS]
    pause = min(settings.heartbeat_seconds, settings.recheck_seconds or settings.heartbeat_seconds)
    # Closed at once, so that nothing is kept for a listener that is gone.
    async with contextlib.aclosing(app[BROADCASTER].events(position, pause)) as batches:
        with contextlib.suppress(ConnectionError):  # the listener went away, which is how streams end
            await _tell(call, stream, batches, wanted, position)
    return stream.response


async def _tell(
    call: Call, stream: EventStream, batches: AsyncIterator[list[Told]], wanted: _Wanted, position: int | None
) -> None:
    """Send what is *wanted* of *batches*, signs of life between, and look now and then whether the key still counts."""
    settings = call.request.app[SETTINGS]
    clock = asyncio.get_running_loop().time
    written = judged = clock()
    async for batch in batches:
        if clock() - judged >= settings.recheck_seconds:
            if not await is_still_admitted(call.request, call.principal):
                await stream.send(b": the key has ended\n\n")
                return
            judged = clock()
        position = batch[-1].event["id"] if batch else position
        if visible := [told.content for told in batch if wanted.has(told.event)]:
            await stream.send(b"".join(visible))
        elif not batch or clock() - written >= settings.heartbeat_seconds:
            await stream.heartbeat(position)
        else:
            continue  # what others do is no sign of life to this listener
        written = clock()


class _Wanted(NamedTuple):
    """What a listener wants to hear of; what is None or empty leaves nothing out."""

    partner: str | None
    channel: str | None
    patterns: tuple[str, ...]
    orders: frozenset[str]

    @classmethod
    def of(cls, query: StreamQuery, partner: str | None) -> _Wanted:
        patterns = check_patterns(query.events.split(","), tuple(event_types())) if query.events else ()
        orders = frozenset(query.order.split(",")) if query.order else frozenset()
        return cls(partner, query.channel, patterns, orders)

    def has(self, event: Json) -> bool:
        return (
            self.partner in (None, event["partner"])
            and self.channel in (None, event["channel"])
            and (not self.orders or event["number"] in self.orders)
            and (not self.patterns or any(matches(pattern, event["event"]) for pattern in self.patterns))
        )
