"""The event stream: every fact once, in order, resumable."""

from __future__ import annotations

import contextlib
import time

from aiohttp import web

from core.subscriptions.catalogue import event_types
from core.subscriptions.model import check_patterns, matches
from gateway.web.auth import is_still_admitted
from gateway.web.call import BROADCASTER, SETTINGS, Call
from gateway.web.contract import Contract
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
    patterns = check_patterns(query.events.split(","), tuple(event_types())) if query.events else ()
    after = int(headers.last_event_id) if headers.last_event_id is not None else query.after
    begins = await call.read(call.views.stream_head) if after is None else None
    checked = time.monotonic()
    stream = await EventStream.open(call.request, position=begins)
    with contextlib.suppress(ConnectionError):  # the listener went away, which is how streams end
        async for batch in app[BROADCASTER].events(begins if after is None else after, app[SETTINGS].heartbeat_seconds):
            if time.monotonic() - checked >= app[SETTINGS].recheck_seconds:
                if not await is_still_admitted(call.request, call.principal):
                    break
                checked = time.monotonic()
            visible = [
                told.content
                for told in batch
                if call.partner in (None, told.event["partner"])
                and query.channel in (None, told.event["channel"])
                and (not patterns or any(matches(pattern, told.event["event"]) for pattern in patterns))
            ]
            if visible:
                await stream.send(b"".join(visible))
            else:
                await stream.heartbeat()
    return stream.response
