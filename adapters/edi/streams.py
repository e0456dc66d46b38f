"""What scripts get of a file: its interchanges and their messages, made from the events of the envelope walk."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property, lru_cache

from adapters.edi.decoder import SegmentView, decode_alone
from adapters.edi.dialect import Dialect, Separators, read_text
from adapters.edi.envelope import Event, Opened
from adapters.edi.lexer import MAX_SEGMENT
from adapters.edi.splitter import Splitter
from adapters.edi.walk import NOT_KEPT, Closed, Group
from adapters.edi.window import Window
from core.documents import Inbound
from core.ports import Decoded, GroupSpan, Interchange, MessageSpan, PartnerGuide, judged
from core.provenance import Violation


class Message:
    """One message with its bytes; it stays valid when reading has gone on.

    Attributes:
        span: what the envelope says of it; its offset counts from the beginning of the source.
        content: its bytes from UNH to UNT; none where there is no UNH, or more than the limit.
        dialect: the separators and the character set of its interchange.
        group: the functional group that it stands in, None in most interchanges.
    """

    def __init__(
        self,
        span: MessageSpan,
        content: bytes,
        dialect: Dialect,
        guide: PartnerGuide | None,
        group: Group | None = None,
    ) -> None:
        self.span = span
        self.content = content
        self.dialect = dialect
        self.group = group
        self._guide = guide
        #: what was found by reading it, see :meth:`settle`
        self._verdict: tuple[tuple[Violation, ...], bool] | None = None

    def judge(self) -> None:
        """Read it now and keep what is wrong with it, but not its document, of which many would cost memory."""
        decoded = self._read()
        self.settle(decoded.violations, failed=decoded.failed)

    def settle(self, violations: tuple[Violation, ...], *, failed: bool) -> None:
        """Take what was found by reading the same bytes, so that they are not read for that again."""
        self._verdict = violations, failed

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
        return self._read()

    def _read(self) -> Decoded:
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
        return self.decoded.violations if self._verdict is None else self._verdict[0]

    @property
    def failed(self) -> bool:
        """Tell whether it is rejected for what it says."""
        return self.decoded.failed if self._verdict is None else self._verdict[1]

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

    def __init__(self, first: Opened | Interchange, events: Iterator[Told], guide: PartnerGuide | None) -> None:
        self._events, self._guide = events, guide
        self._passed_over = False
        #: it was read to its end
        self._complete = not isinstance(first, Opened)
        self._unjudged = first.interchange if isinstance(first, Opened) else first
        self.envelope: Interchange = judged(self._unjudged, guide)

    def __iter__(self) -> Iterator[Message]:
        """Go on with the messages where the last iteration stopped.

        Raises:
            RuntimeError: messages are left, and reading has gone on to the next interchange.
        """
        if self._passed_over:
            raise RuntimeError("iterate the messages of an interchange before you go on to the next one")
        while not self._complete:
            event = next(self._events)
            if isinstance(event, Message):
                yield event
            elif isinstance(event, Closed):
                self._complete = True
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
        if not self._complete:
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


#: the events of :mod:`adapters.edi.envelope` with messages instead of their spans
Told = Opened | Message | Group | GroupSpan | Closed | Interchange


def is_kept(span: MessageSpan) -> bool:
    """Tell whether the bytes of a message are kept: it has a UNH, and is not larger than the limit."""
    return not any(violation.code in NOT_KEPT for violation in span.violations)


def with_messages(events: Iterator[Event], window: Window, guide: PartnerGuide | None) -> Iterator[Told]:
    """Yield *events*, those of *window*, with the bytes of each message, and its envelope as *guide* judges it."""
    dialect: Dialect | None = None
    group: Group | None = None
    for event in events:
        if isinstance(event, MessageSpan):
            assert dialect is not None
            content = window.cut(event.offset, event.length) if is_kept(event) else b""
            span = event
            if guide is not None and span.violations:
                span = span._replace(violations=tuple(guide.judged(span.violations)))
            yield Message(span, content, dialect, guide, group)
        else:
            if isinstance(event, Opened):
                dialect = event.dialect
            elif isinstance(event, Group):
                group = event
            elif isinstance(event, GroupSpan):
                group = None
            yield event


def interchanges(events: Iterator[Told], guide: PartnerGuide | None) -> Iterator[InterchangeStream]:
    """Yield the interchanges of *events*; going on to the next one passes over what was not iterated."""
    for first in events:
        assert isinstance(first, (Opened, Interchange))
        stream = InterchangeStream(first, events, guide)
        yield stream
        stream.pass_over()


@lru_cache(maxsize=64)
def _splitter(separators: Separators) -> Splitter:
    return Splitter(separators)
