"""The EDIFACT decoder: ``core.ports.Decoder`` on the fast path, the exact validator and one mapping a message."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from adapters.edi import contrl_in, envelope, orders
from adapters.edi.assembly import OrderAssembly
from adapters.edi.dialect import BOM, PADDING, Dialect, Reading, Separators, read_text
from adapters.edi.directory.compiled import CompiledMessage, Reader
from adapters.edi.directory.releases import directory_of, stands_in
from adapters.edi.directory.tables import RELEASES, load
from adapters.edi.lexer import MAX_SEGMENT, Stretch, parse, parse_all, split
from adapters.edi.locator import locate_field
from adapters.edi.validator import Validator, check_codes
from core.documents import Acknowledgement, Order
from core.ports import Decoded, Interchange, MessageSpan
from core.provenance import FieldSource, Level, Severity, Violation

_READERS: Final[dict[str, Mapping[str, Reader]]] = {"ORDERS": orders.READERS, "CONTRL": contrl_in.READERS}
_SNIFF: Final = re.compile(rb"UN[ABHG]|U[\r\n]+N")
#: a message beyond this many bytes is looked at before the fast path takes it
_LARGE: Final = 1_000_000

Document = Order | Acknowledgement


class SegmentView(NamedTuple):
    """One segment for a page or a listing; ``elements`` are lists of component texts, the tag left out."""

    position: int
    tag: str
    offset: int
    length: int
    elements: list[list[str]]


class EdifactDecoder:
    """Reads UN/EDIFACT: ORDERS of D.96A and D.01B (EANCOM included) and CONTRL."""

    id = "edifact"

    def sniff(self, source: bytes) -> bool:
        """Tell by the first bytes whether *source* claims to be EDIFACT."""
        head = source[:4096].removeprefix(BOM).lstrip(PADDING)
        return _SNIFF.match(head) is not None

    def scan(self, source: bytes) -> tuple[Interchange, ...]:
        """First pass: the envelopes, counts and references (see ``envelope``). Never raises."""
        return envelope.scan(source)

    def decode(self, source: bytes, interchange: Interchange, messages: Sequence[MessageSpan]) -> Iterator[Decoded]:
        """Second pass, one message at a time; ``violations`` begin with those of the span. Never raises."""
        dialect = envelope.dialect_at(source, interchange.offset)
        for span in messages:
            yield _decode(source, span, dialect)

    def locate(self, source: bytes, interchange: Interchange, message: MessageSpan, field: str) -> FieldSource | None:
        """Return the place that *field* was read from, found by reading the message again."""
        dialect = envelope.dialect_at(source, interchange.offset)
        directory = directory_of(message.type, message.version, message.release)
        if directory is None or message.type != "ORDERS":
            return None
        start, end = message.offset, message.offset + message.length
        codec = read_text(source[start:end], dialect).codec
        compiled = _compiled(directory, message.type, dialect.separators)
        raw = orders.RawOrder()
        Validator(Stretch(source, start, end, dialect, codec), compiled).read(raw)
        return locate_field(Stretch(source, start, end, dialect, codec), raw, field)


def segments(source: bytes, interchange: Interchange) -> Iterator[SegmentView]:
    """Yield every segment of an interchange, UNB and UNZ included; UNA is no segment.

    Positions count from UNH = 1 inside a message and are 0 outside of messages.
    """
    dialect = envelope.dialect_at(source, interchange.offset)
    start, end = interchange.offset, interchange.offset + interchange.length
    codec = read_text(source[start:end], dialect).codec
    if source.startswith(b"UNA", start):
        start += 9
    position = 0
    for segment in parse_all(Stretch(source, start, end, dialect, codec)):
        position = 1 if segment.tag == "UNH" else position + bool(position)
        elements = [[str(value) for value in element] for element in segment.elements]
        yield SegmentView(position, segment.tag, segment.offset, segment.length, elements)
        if segment.tag == "UNT":
            position = 0


@lru_cache(maxsize=64)
def _compiled(directory: str, message_type: str, separators: Separators) -> CompiledMessage:
    return CompiledMessage(load(directory), message_type, separators, _READERS[message_type])


def _decode(source: bytes, span: MessageSpan, dialect: Dialect) -> Decoded:
    if not span.type or any(violation.code == "envelope.unh_incomplete" for violation in span.violations):
        return Decoded(span, None, span.violations)
    directory = directory_of(span.type, span.version, span.release)
    if directory is None or span.type not in _READERS:
        return Decoded(span, None, (*span.violations, _unsupported(span)))
    start, end = span.offset, span.offset + span.length
    content = source[start:end]
    reading = read_text(content, dialect)
    stretch = Stretch(source, start, end, dialect, reading.codec)
    compiled = _compiled(directory, span.type, dialect.separators)
    violations = [*span.violations, *_stand_in(span, directory), *_charset(reading, span, dialect)]
    text, broken = _unfold(reading.text, dialect)
    if broken:
        violations.append(_line_break(span))
    target = _target(span.type)
    unknown = compiled.read(text, target) if _is_plain(content, dialect.separators) else None
    document: Document | None = None
    faults: list[Violation] = []
    if unknown is not None:
        if unknown:
            violations += _unknown_codes(stretch, compiled, set(unknown))
        document, faults = _assemble(target, dialect)
    if unknown is None or faults:
        target = _target(span.type)
        validator = Validator(stretch, compiled)
        validator.read(target)
        document, faults = _assemble(target, dialect)
        told = {violation.offset for violation in validator.violations if violation.severity is Severity.ERROR}
        faults = [
            fault if fault.offset is not None else fault._replace(offset=span.offset)
            for fault in faults
            if fault.offset is None or fault.offset not in told
        ]
        codes = [] if unknown is not None else validator.violations
        violations += sorted([*codes, *faults], key=lambda violation: violation.offset or 0)
    if any(violation.severity is Severity.ERROR for violation in violations):
        document = None
    return Decoded(span, document, tuple(violations))


def _target(message_type: str) -> orders.RawOrder | contrl_in.RawAcknowledgement:
    return orders.RawOrder() if message_type == "ORDERS" else contrl_in.RawAcknowledgement()


def _assemble(
    target: orders.RawOrder | contrl_in.RawAcknowledgement, dialect: Dialect
) -> tuple[Document | None, list[Violation]]:
    if isinstance(target, contrl_in.RawAcknowledgement):
        return contrl_in.assemble(target)
    assembly = OrderAssembly(target, dialect.separators.decimal)
    return assembly.order(), assembly.violations


def _unfold(text: str, dialect: Dialect) -> tuple[str, bool]:
    """Take the line ends out of a message; tell whether one cuts a segment of a file that is not wrapped."""
    carriage, feed = text.count("\r"), text.count("\n")
    if not carriage and not feed:
        return text, False
    terminator = dialect.separators.terminator
    if not dialect.newline_is_layout:
        return text.replace("\r" if terminator == "\n" else "\n", ""), False
    unfolded = text.replace("\r", "").replace("\n", "")
    if dialect.wrapped or feed <= text.count(terminator + "\n") + text.count(terminator + "\r\n"):
        return unfolded, False
    return unfolded, re.search(f"[^{re.escape(terminator)}\\s]\\s*[\\r\\n]\\s*[^\\s]", text) is not None


def _is_plain(content: bytes, separators: Separators) -> bool:
    """Tell whether a large message is made of segments of a sane length and number, fit for the fast path."""
    if len(content) < _LARGE:
        return True
    terminator = separators.terminator.encode()
    if content.count(terminator) * 6 > len(content):
        return False
    if separators.release and content.count(separators.release.encode()) * 8 > len(content):
        return False
    offset = 0
    while offset < len(content):
        at = content.rfind(terminator, offset, offset + MAX_SEGMENT)
        if at < 0:
            return False
        offset = at + 1
    return True


def _unknown_codes(stretch: Stretch, compiled: CompiledMessage, positions: set[int]) -> Iterator[Violation]:
    last = max(positions)
    for span in split(stretch.source, stretch.start, stretch.end, stretch.dialect.separators):
        if span.position in positions:
            segment = parse(stretch, span)
            yield from check_codes(segment, compiled.table(segment.tag))
        if span.position >= last:
            return


def _stand_in(span: MessageSpan, directory: str) -> Iterator[Violation]:
    if stands_in(span.type, span.version, span.release):
        name = f"{span.type} {span.release_name}"[:40]
        yield Violation(
            "message.release_stand_in",
            f"There is no directory for {name}; it was read by {directory[0]}.{directory[1:]}, the nearest.",
            Severity.WARNING,
            Level.MESSAGE,
            segment=1,
            tag="UNH",
            element=2,
            offset=span.offset,
            value=name,
            hint="Check the message against that release, or send one that is listed.",
        )


def _charset(reading: Reading, span: MessageSpan, dialect: Dialect) -> Iterator[Violation]:
    if not reading.fault:
        return
    if reading.fault == "charset.mismatch":
        text = f"The bytes are not {dialect.syntax_id}, as UNB says; they were read as {reading.codec}."
        hint = "Name the character set that is really sent in UNB."
    else:
        text = f"A character is outside of the repertoire of {dialect.syntax_id}; it was read as sent."
        hint = "Send UNOB or UNOC for lower case, UNOC or UNOY for more."
    yield Violation(
        reading.fault,
        text,
        Severity.WARNING,
        Level.MESSAGE,
        offset=span.offset + reading.at,
        hint=hint,
        syntax_code="21",
    )


def _line_break(span: MessageSpan) -> Violation:
    return Violation(
        "syntax.line_break",
        "A line end stands inside a segment; it was left out.",
        Severity.WARNING,
        Level.MESSAGE,
        offset=span.offset,
        hint="Break lines after a terminator only, or at one fixed column.",
        syntax_code="21",
    )


def _unsupported(span: MessageSpan) -> Violation:
    name = f"{span.type} {span.release_name}"[:40]
    first, last = (f"{release[0]}.{release[1:]}" for release in (RELEASES[0], RELEASES[-1]))
    return Violation(
        "message.unsupported",
        f"{name} is not read here.",
        level=Level.MESSAGE,
        segment=1,
        tag="UNH",
        element=2,
        offset=span.offset,
        value=name,
        hint=f"Send ORDERS of {first} to {last}, or CONTRL.",
        syntax_code="3",
    )
