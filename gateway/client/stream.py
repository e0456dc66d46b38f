"""The event stream as an iterator that comes back where it was broken off (WHATWG HTML, section 9.2)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import orjson
import urllib3
from urllib3.exceptions import HTTPError

from gateway.client.caller import Caller
from gateway.client.connection import Request
from gateway.client.errors import AnswerUnreadable, ConnectionFailed, RateLimited, Unavailable
from gateway.client.values import Answer, query_text

_TYPE: Final = "text/event-stream"
_PIECE: Final = 64 * 1024


class StreamEvent(Answer):
    """One fact: ``id`` is its position in the stream, ``event`` its name (docs/reference/events.md)."""

    id: int
    event: str
    at: str
    summary: str
    partner: str | None = None
    number: str | None = None
    channel: str | None = None
    document_id: str | None = None


@dataclass(slots=True)
class Lines:
    """Makes events of the lines of a stream, whatever pieces they come in.

    ``last_id`` is the position up to which everything was seen; ``pause`` is what the gateway asks to wait after a
    break, in seconds.
    """

    last_id: str | None = None
    pause: float = 1.0
    _rest: bytes = b""
    _text: list[str] = field(default_factory=list)
    _id: str | None = None

    def begin(self) -> None:
        """Forget what was broken off: it comes again as a whole."""
        self._rest, self._text, self._id = b"", [], None

    def take(self, piece: bytes) -> Iterator[str]:
        """Yield the text of every event that *piece* completes; a comment, which is a sign of life, is none."""
        *lines, self._rest = (self._rest + piece).split(b"\n")
        for line in lines:
            yield from self._line(line.rstrip(b"\r").decode())

    def _line(self, line: str) -> Iterator[str]:
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if not line:
            # The id counts from here on: an event that was broken off comes again.
            self.last_id, self._id = self._id or self.last_id, None
            text, self._text = "\n".join(self._text), []
            if text:
                yield text
        elif name == "data":
            self._text.append(value)
        elif name == "id" and value.isdigit():
            self._id = value
        elif name == "retry" and value.isdigit():
            self.pause = int(value) / 1000


class EventCalls(Caller):
    """The event stream."""

    def events(
        self,
        *,
        after: int | None = None,
        events: str | None = None,
        channel: str | None = None,
        partner: str | None = None,
        order: str | None = None,
    ) -> Iterator[StreamEvent]:
        """Yield events for as long as it is iterated: those after position *after*, or from now on.

        A broken connection is made again where it was broken off, for ever: nothing is missed and nothing comes twice.
        *events* are names, or beginnings with a star, with commas between; *order* are numbers, likewise.

        ``GET /api/v1/events``, scope ``read``.

        Raises:
            Problem: the key or a filter is refused.
            ConnectionFailed: the gateway was not reached from the beginning.
        """
        asked = {"after": after, "events": events, "channel": channel, "partner": partner, "order": order}
        query = {name: query_text(value) for name, value in asked.items() if value is not None}
        lines, attempt, reached = Lines(), 0, False
        while True:
            headers = {"Accept": _TYPE} | ({"Last-Event-ID": lines.last_id} if lines.last_id else {})
            attempt += 1
            try:
                response = self._connection.open(Request("GET", "/api/v1/events", query, headers))
                if response.headers.get("Content-Type", "").partition(";")[0] != _TYPE:
                    response.close()
                    raise AnswerUnreadable(response.status, "something else than the gateway answered: no stream")
                for event in _events(response, lines):
                    reached, attempt = True, 0
                    yield event
                reached, attempt = True, 0
                self._connection.pause(lines.pause)
            except (ConnectionFailed, RateLimited, Unavailable) as failed:
                retries = self._connection.retries
                seconds = retries.pause(attempt, getattr(failed, "retry_after", None))
                if seconds is None and not reached:
                    raise
                self._connection.pause(retries.longest_seconds if seconds is None else seconds)


def _events(response: urllib3.BaseHTTPResponse, lines: Lines) -> Iterator[StreamEvent]:
    """Yield what comes until the stream ends or breaks."""
    lines.begin()
    try:
        while piece := response.read1(_PIECE):
            for text in lines.take(piece):
                yield StreamEvent.model_validate(orjson.loads(text))
    except (HTTPError, OSError):
        return  # broken, or silent for longer than a sign of life takes
    finally:
        response.close()
