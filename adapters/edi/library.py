"""EDIFACT for scripts: the messages of a file of any size, one at a time, in constant memory, without a home.

.. code-block:: python

    for interchange in read("orders.edi"):
        for message in interchange:
            print(message.type, message.reference, message.document or message.violations)
        print(interchange.control_reference, interchange.violations)

What this module offers is kept stable for users (``docs/how-to/read-edifact.md``), the rest of the package is not.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Final, Protocol

from adapters.edi.decoder import SegmentView, decode_alone
from adapters.edi.dialect import Dialect, Separators, read_text
from adapters.edi.envelope import Event, Opened, envelopes
from adapters.edi.lexer import MAX_SEGMENT
from adapters.edi.splitter import Splitter
from adapters.edi.walk import NOT_KEPT, Closed
from adapters.edi.window import CHUNK, Window
from core.documents import Inbound
from core.ports import Decoded, Interchange, MessageSpan, PartnerGuide, judged
from core.provenance import Violation

__all__ = [
    "MESSAGE_LIMIT",
    "GuideOrFile",
    "InterchangeStream",
    "Message",
    "Readable",
    "SegmentView",
    "Source",
    "messages",
    "read",
]

#: bytes of the largest message that is kept and decoded, unless the caller says otherwise
MESSAGE_LIMIT: Final = 16 * 1024 * 1024


class Readable(Protocol):
    """A file opened for reading bytes, as far as it is used; ``b""`` is its end."""

    def read(self, size: int, /) -> bytes:
        """Return at most *size* bytes."""
        ...


Source = bytes | str | os.PathLike[str] | Readable
#: a partner guide, or the file that it stands in
GuideOrFile = PartnerGuide | str | os.PathLike[str]


class Message:
    """One message with its bytes; it stays valid when reading has gone on.

    Attributes:
        span: what the envelope says of it; its offset counts from the beginning of the source.
        content: its bytes from UNH to UNT; none where there is no UNH, or more than the limit.
        dialect: the separators and the character set of its interchange.
    """

    def __init__(self, span: MessageSpan, content: bytes, dialect: Dialect, guide: PartnerGuide | None) -> None:
        self.span = span
        self.content = content
        self.dialect = dialect
        self._guide = guide

    @property
    def type(self) -> str:
        """Such as ``ORDERS`` (0065)."""
        return self.span.type

    @property
    def release(self) -> str:
        """Such as ``D.96A`` (0052 and 0054)."""
        return self.span.release_name

    @property
    def reference(self) -> str:
        """The message reference (0062)."""
        return self.span.reference

    @property
    def offset(self) -> int:
        """Its first byte in the source."""
        return self.span.offset

    @cached_property
    def decoded(self) -> Decoded:
        """The canonical document and all faults; the message is read when they are first asked for."""
        if not self.content:
            return Decoded(self.span, None, self.span.violations)
        return decode_alone(self.content, self.span, self.dialect, self._guide)

    @property
    def document(self) -> Inbound | None:
        """The canonical document; None where errors forbid it or messages of this type are not mapped."""
        return self.decoded.document

    @property
    def violations(self) -> tuple[Violation, ...]:
        """All faults, each with its place in the source."""
        return self.decoded.violations

    @property
    def failed(self) -> bool:
        """Tell whether it is rejected for what it says."""
        return self.decoded.failed

    def segments(self) -> Iterator[SegmentView]:
        """Yield its segments from UNH to UNT, whatever is wrong with them."""
        text, codec, *_ = read_text(self.content, self.dialect)
        splitter = _splitter(self.dialect.separators)
        one_byte = codec != "utf-8" or text.isascii()
        seen, offset = 0, self.span.offset
        for position, (at, raw) in enumerate(splitter.segments(text), 1):
            offset += at - seen if one_byte else len(text[seen:at].encode())
            seen = at
            length = len(raw) if one_byte else len(raw.encode())
            elements = splitter.elements(raw[:MAX_SEGMENT])
            tag = elements.pop(0)[0]
            yield SegmentView(position, tag, offset, length, elements)


class InterchangeStream:
    """One interchange while it is read: iterate its messages, once and in order, then ask for its own violations.

    Attributes:
        envelope: the interchange as UNB tells it, without messages and groups. Its length and its violations are
            complete when all messages were iterated.
    """

    def __init__(
        self, first: Opened | Interchange, events: Iterator[Event], window: Window, guide: PartnerGuide | None
    ) -> None:
        self._events, self._window, self._guide = events, window, guide
        self._passed_over = False
        #: how its messages are written, None when there are no more of them
        self._dialect = first.dialect if isinstance(first, Opened) else None
        self._unjudged = first.interchange if isinstance(first, Opened) else first
        self.envelope: Interchange = judged(self._unjudged, guide)

    def __iter__(self) -> Iterator[Message]:
        """Go on with the messages where the last iteration stopped.

        Raises:
            RuntimeError: messages are left, and reading has gone on to the next interchange.
        """
        if self._passed_over:
            raise RuntimeError("iterate the messages of an interchange before you go on to the next one")
        while self._dialect is not None:
            event = next(self._events)
            if isinstance(event, MessageSpan):
                yield self._message(event, self._dialect)
            elif isinstance(event, Closed):
                self._dialect = None
                self.envelope = judged(replace(self._unjudged, **event._asdict()), self._guide)

    @property
    def sender(self) -> str:
        """Who sent it (0004)."""
        return self.envelope.sender

    @property
    def recipient(self) -> str:
        """Whom it is for (0010)."""
        return self.envelope.recipient

    @property
    def control_reference(self) -> str:
        """Its reference (0020)."""
        return self.envelope.control_reference

    @property
    def test(self) -> bool:
        """Tell whether the test indicator (0035) is set."""
        return self.envelope.test

    @property
    def violations(self) -> tuple[Violation, ...]:
        """Its own faults, such as a wrong count in UNZ; those of its messages are with the messages.

        Raises:
            RuntimeError: it was not read to its end, where most of them are found.
        """
        if self._dialect is not None:
            raise RuntimeError("iterate all messages of the interchange before you ask for its violations")
        return self.envelope.violations

    @property
    def failed(self) -> bool:
        """Tell whether it is refused as a whole with all its messages, for want of UNZ for instance.

        Raises:
            RuntimeError: it was not read to its end.
        """
        return bool(self.violations) and self.envelope.failed

    def pass_over(self) -> None:
        """Read to the end of the interchange; its messages are gone, its violations are known."""
        for _ in self:
            self._passed_over = True

    def _message(self, span: MessageSpan, dialect: Dialect) -> Message:
        kept = not any(violation.code in NOT_KEPT for violation in span.violations)
        content = self._window.cut(span.offset, span.length) if kept else b""
        if self._guide is not None and span.violations:
            span = span._replace(violations=tuple(self._guide.judged(span.violations)))
        return Message(span, content, dialect, self._guide)


def read(
    source: Source,
    *,
    guide: GuideOrFile | None = None,
    message_limit: int = MESSAGE_LIMIT,
    chunk_bytes: int = CHUNK,
) -> Iterator[InterchangeStream]:
    """Yield the interchanges of *source*: a path, bytes, or a file opened for reading bytes, which stays open.

    Messages are judged by the partner's *guide* where one is given. Never more than one message of up to
    *message_limit* bytes and some chunks of *chunk_bytes* are in memory; a larger message is passed over with the
    error ``message.too_large``. A source without any interchange gives one that failed and says why. Going on to the
    next interchange passes over the messages that were not iterated.

    Raises:
        OSError: the file cannot be read. Whatever its bytes are, they raise nothing.
        GuideInvalid: the guide cannot be read, or says what its directory cannot mean.
    """
    if isinstance(guide, (str, os.PathLike)):
        from adapters.edi.guides.loading import load_guide  # noqa: PLC0415 - 10 MB that few scripts need

        guide = load_guide(Path(guide))
    with _window(source, chunk_bytes) as window:
        events = envelopes(window, message_limit)
        for first in events:
            assert isinstance(first, (Opened, Interchange))
            stream = InterchangeStream(first, events, window, guide)
            yield stream
            stream.pass_over()


def messages(
    source: Source, *, guide: GuideOrFile | None = None, message_limit: int = MESSAGE_LIMIT
) -> Iterator[Message]:
    """Yield the messages of all interchanges of *source*; see :func:`read`. Faults of the envelopes are not told."""
    for interchange in read(source, guide=guide, message_limit=message_limit):
        yield from interchange


@contextmanager
def _window(source: Source, chunk: int) -> Iterator[Window]:
    if isinstance(source, bytes):
        yield Window(source)
    elif isinstance(source, (str, os.PathLike)):
        with Path(source).open("rb", buffering=0) as file:
            yield Window(read=file.read, chunk=chunk)
    else:
        yield Window(read=source.read, chunk=chunk)


@lru_cache(maxsize=64)
def _splitter(separators: Separators) -> Splitter:
    return Splitter(separators)
