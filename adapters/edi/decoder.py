"""The EDIFACT decoder: ``core.ports.Decoder`` on the fast path, the exact validator and one mapping a message."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from adapters.edi import envelope
from adapters.edi.collect import RawDocument
from adapters.edi.dialect import BOM, PADDING, Dialect, Reading, Separators, read_text
from adapters.edi.directory.compiled import CompiledMessage
from adapters.edi.directory.releases import directory_of, stands_in
from adapters.edi.directory.tables import RELEASES, load
from adapters.edi.guides.checks import Guided, guided, release_fault
from adapters.edi.guides.model import Guide
from adapters.edi.lexer import MAX_SEGMENT, Stretch, parse, parse_all, split
from adapters.edi.locator import locate_field
from adapters.edi.mapping import Mapping
from adapters.edi.messages.registry import MAPPINGS
from adapters.edi.trailing import trailing_separators
from adapters.edi.unmapped import read_along, unmapped_values, used_texts, watched
from adapters.edi.validator import Validator, check_codes
from core.documents import Inbound
from core.ports import Decoded, Interchange, MessageSpan, PartnerGuide
from core.provenance import FieldSource, Severity, UnmappedValue, Violation, fault

_SNIFF: Final = re.compile(rb"UN[ABHG]|U[\r\n]+N")
#: a message beyond this many bytes is looked at before the fast path takes it
_LARGE: Final = 1_000_000


class SegmentView(NamedTuple):
    """One segment for a page or a listing; ``elements`` are lists of component texts, the tag left out."""

    position: int
    tag: str
    offset: int
    length: int
    elements: list[list[str]]


class EdifactDecoder:
    """Reads UN/EDIFACT: the message types of ``registry.MAPPINGS`` in every release that has a table, and CONTRL."""

    id = "edifact"

    def sniff(self, source: bytes) -> bool:
        """Tell by the first bytes whether *source* claims to be EDIFACT."""
        head = source[:4096].removeprefix(BOM).lstrip(PADDING)
        return _SNIFF.match(head) is not None

    def scan(self, source: bytes) -> tuple[Interchange, ...]:
        """First pass: the envelopes, counts and references (see ``envelope``). Never raises."""
        return envelope.scan(source)

    def decode(
        self,
        source: bytes,
        interchange: Interchange,
        messages: Sequence[MessageSpan],
        guide: PartnerGuide | None = None,
    ) -> Iterator[Decoded]:
        """Second pass, one message at a time; ``violations`` begin with those of the span. Never raises."""
        dialect, own = envelope.dialect_at(source, interchange.offset), _own(guide)
        for span in messages:
            yield _decode(source, span, dialect, own)

    def locate(
        self,
        source: bytes,
        interchange: Interchange,
        message: MessageSpan,
        field: str,
        guide: PartnerGuide | None = None,
    ) -> FieldSource | None:
        """Return the place that *field* was read from, found by reading the message again."""
        dialect = envelope.dialect_at(source, interchange.offset)
        directory = directory_of(message.type, message.version, message.release)
        if directory is None or message.type not in MAPPINGS:
            return None
        compiled, mapping, _ = _way(directory, message, dialect.separators, _own(guide))
        target = mapping.collect()
        start, end = message.offset, message.offset + message.length
        codec = read_text(source[start:end], dialect).codec
        Validator(Stretch(source, start, end, dialect, codec), compiled).read(target)
        raw = target.settled() if isinstance(target, Guided) else target
        if not isinstance(raw, RawDocument):
            return None
        return locate_field(Stretch(source, start, end, dialect, codec), raw, field)

    def unmapped(
        self, source: bytes, interchange: Interchange, message: MessageSpan, guide: PartnerGuide | None = None
    ) -> list[UnmappedValue]:
        """Return what *message* says and no field of its document takes (see ``unmapped``), in its order."""
        dialect = envelope.dialect_at(source, interchange.offset)
        directory = directory_of(message.type, message.version, message.release)
        if directory is None or message.type not in MAPPINGS:
            return []
        compiled, mapping, _ = _way(directory, message, dialect.separators, _own(guide))
        target, own = mapping.collect(), MAPPINGS[message.type]
        start, end = message.offset, message.offset + message.length
        codec = read_text(source[start:end], dialect).codec
        sent = read_along(Validator(Stretch(source, start, end, dialect, codec), compiled), compiled, target)
        raw = watched(target.settled() if isinstance(target, Guided) else target)
        document, _ = own.assemble(raw, dialect.separators.decimal)
        return list(unmapped_values(sent, own.readers, used_texts(raw, refused=document is None)))


def decode_alone(content: bytes, span: MessageSpan, dialect: Dialect, guide: PartnerGuide | None = None) -> Decoded:
    """Return what :meth:`EdifactDecoder.decode` would of the message *span*, of which only the bytes are there."""
    alone = span._replace(offset=0, violations=_moved(span.violations, -span.offset))
    decoded = _decode(content, alone, dialect, _own(guide))
    return Decoded(span, decoded.document, _moved(decoded.violations, span.offset))


def _moved(violations: tuple[Violation, ...], by: int) -> tuple[Violation, ...]:
    return tuple(found if found.offset is None else found._replace(offset=found.offset + by) for found in violations)


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


class _Way(NamedTuple):
    """How a message is read: its table with the readers of a mapping, and the number of its entry in a guide."""

    compiled: CompiledMessage
    mapping: Mapping
    entry: int | None


def _own(guide: PartnerGuide | None) -> Guide | None:
    return guide if isinstance(guide, Guide) else None


def _way(directory: str, span: MessageSpan, separators: Separators, guide: Guide | None) -> _Way:
    if guide is None:
        return _compiled(directory, span.type, separators)
    number = guide.entry(span.type, span.version + span.release, span.association)
    if number is None:
        return _compiled(directory, span.type, separators)
    return _narrowed(directory, guide, number, separators)


@lru_cache(maxsize=64)
def _compiled(directory: str, message_type: str, separators: Separators) -> _Way:
    mapping = MAPPINGS[message_type]
    blank = RawDocument if mapping.collect is RawDocument else None
    return _Way(CompiledMessage(load(directory), message_type, separators, mapping.readers, blank), mapping, None)


@lru_cache(maxsize=64)
def _narrowed(directory: str, guide: Guide, number: int, separators: Separators) -> _Way:
    mapping, kind = guided(guide, number, directory), guide.messages[number].type
    return _Way(CompiledMessage(load(directory), kind, separators, mapping.readers), mapping, number)


def _decode(source: bytes, span: MessageSpan, dialect: Dialect, guide: Guide | None) -> Decoded:
    if not span.type or (span.violations and any(one.code == "envelope.unh_incomplete" for one in span.violations)):
        return Decoded(span, None, span.violations)
    directory = directory_of(span.type, span.version, span.release)
    if directory is None or span.type not in MAPPINGS:
        return Decoded(span, None, (*span.violations, _unsupported(span)))
    start, end = span.offset, span.offset + span.length
    content = source[start:end]
    reading = read_text(content, dialect)
    stretch = Stretch(source, start, end, dialect, reading.codec)
    compiled, mapping, entry = _way(directory, span, dialect.separators, guide)
    text, broken = _unfold(reading.text, dialect)
    violations = [*span.violations, *_of_the_form(stretch, span, directory, reading, text)]
    if broken:
        violations.append(_line_break(span))
    if guide is not None and entry is not None:
        violations += release_fault(guide.messages[entry], span)
    target = mapping.collect()
    unknown = compiled.read(text, target) if _is_plain(content, dialect.separators) else None
    document: Inbound | None = None
    faults: list[Violation] = []
    if unknown is not None:
        if unknown:
            violations += _unknown_codes(stretch, compiled, set(unknown))
        document, faults = mapping.assemble(target, dialect.separators.decimal)
    if unknown is None or faults:
        document, faults = _exactly(stretch, compiled, mapping, guide, codes_known=unknown is not None)
    violations = [*_judged(guide, violations), *faults]
    if violations and any(violation.severity is Severity.ERROR for violation in violations):
        document = None
    return Decoded(span, document, tuple(violations))


def _of_the_form(
    stretch: Stretch, span: MessageSpan, directory: str, reading: Reading, text: str
) -> Iterator[Violation]:
    """Yield what is to be said of a message's release, character set and separators before it is read."""
    if stands_in(span.type, span.version, span.release):
        yield _stand_in(span, directory)
    if reading.fault:
        yield _charset(reading, span, stretch.dialect)
    yield from trailing_separators(stretch, text)


def _exactly(
    stretch: Stretch, compiled: CompiledMessage, mapping: Mapping, guide: Guide | None, *, codes_known: bool
) -> tuple[Inbound | None, list[Violation]]:
    """Read a message by the exact validator; return its document and every fault, in their order.

    Its codes are not told again where they are *codes_known* from the fast path.
    """
    target = mapping.collect()
    validator = Validator(stretch, compiled)
    validator.read(target)
    document, faults = mapping.assemble(target, stretch.dialect.separators.decimal)
    codes = [] if codes_known else _judged(guide, validator.violations)
    told = {violation.offset for violation in codes if violation.severity is Severity.ERROR}
    faults = faults if guide is None else guide.judged(faults, errors_stand=document is None)
    placed = [found if found.offset is not None else found._replace(offset=stretch.start) for found in faults]
    placed = [
        found for found, sent in zip(placed, faults, strict=True) if sent.offset is None or found.offset not in told
    ]
    return document, sorted([*codes, *placed], key=lambda violation: violation.offset or 0)


def _judged(guide: Guide | None, violations: list[Violation]) -> list[Violation]:
    return violations if guide is None or not violations else guide.judged(violations)


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


def _stand_in(span: MessageSpan, directory: str) -> Violation:
    name = f"{span.type} {span.release_name}"[:40]
    return fault(
        "message.release_stand_in",
        {"type": name, "release": f"{directory[0]}.{directory[1:]}"},
        severity=Severity.WARNING,
        segment=1,
        tag="UNH",
        element=2,
        offset=span.offset,
        value=name,
    )


def _charset(reading: Reading, span: MessageSpan, dialect: Dialect) -> Violation:
    if reading.fault == "charset.mismatch":
        found = fault("charset.mismatch", {"syntax_id": dialect.syntax_id, "codec": reading.codec})
    else:
        found = fault("charset.level", {"syntax_id": dialect.syntax_id})
    return found._replace(severity=Severity.WARNING, offset=span.offset + reading.at, syntax_code="21")


def _line_break(span: MessageSpan) -> Violation:
    return fault("syntax.line_break", severity=Severity.WARNING, offset=span.offset, syntax_code="21")


def _unsupported(span: MessageSpan) -> Violation:
    name = f"{span.type} {span.release_name}"[:40]
    first, last = (f"{release[0]}.{release[1:]}" for release in (RELEASES[0], RELEASES[-1]))
    types = ", ".join(name for name in MAPPINGS if name != "CONTRL")
    return fault(
        "message.unsupported",
        {"type": name, "readable": f"{types} {first}-{last}, CONTRL"},
        segment=1,
        tag="UNH",
        element=2,
        offset=span.offset,
        value=name,
        syntax_code="3",
    )
