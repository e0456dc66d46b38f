"""The service segments of the envelope as values: UNB, UNH, UNT, UNZ, UNG, UNE, and the faults in each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final, NamedTuple

from adapters.edi.dialect import CODECS, NON_PRINTING, PADDING, Dialect, Separators, is_wrapped, read_una, with_syntax
from adapters.edi.inference import foreign_opening, inferred
from adapters.edi.lexer import find_terminator, shown, values
from adapters.edi.trailing import trailing_places
from adapters.edi.window import LONGEST
from core.provenance import Level, Parameters, Severity, Violation, fault

#: so much of an interchange shows whether its lines are cut at one column
SAMPLE: Final = 8192
_SYNTAX_VERSIONS: Final = frozenset("1234")


class Service(NamedTuple):
    """One service segment: elements with the tag as first, and where it lies (``end`` is after the terminator)."""

    elements: list[list[str]]
    offset: int
    end: int

    def value(self, element: int, component: int = 1) -> str:
        """Return the component, "" where it was not sent."""
        if element < len(self.elements) and component <= len(self.elements[element]):
            return self.elements[element][component - 1].strip()
        return ""


def read_service(held: bytes, at: int, separators: Separators, base: int = 0) -> Service:
    """Read the segment at held[at], which ends at its terminator or is cut after ``LONGEST`` bytes.

    *base* is the offset of held[0] in the source.
    """
    limit = min(at + LONGEST, len(held))
    stop = find_terminator(held, at, limit, separators)
    end = limit if stop < 0 else stop + 1
    return Service(values(held[at : limit if stop < 0 else stop], separators), base + at, base + end)


class Opening(NamedTuple):
    """The start of an interchange: UNA if any, UNB, and the dialect that they set.

    ``readable`` says that UNB names who, to whom and under which reference, so that it can be answered.
    """

    unb: Service
    dialect: Dialect
    readable: bool
    violations: list[Violation]


def read_opening(held: bytes, at: int, unb_at: int, base: int = 0) -> Opening:
    """Read UNA (when *at* is not *unb_at*) and UNB; *base* is the offset of held[0] in the source."""
    violations: list[Violation] = []
    advised = unb_at != at
    separators = read_una(held, at) if advised else None
    if separators is None:
        if advised:
            violations.append(envelope_fault("envelope.una_invalid", {}, base + at, "UNA", "22"))
        separators = NON_PRINTING if held[unb_at + 3 : unb_at + 4] == b"\x1d" else inferred(held, unb_at)
        if separators is None:
            separators = Separators()
        elif separators is not NON_PRINTING:
            violations.append(_inferred(separators, base + unb_at))
    unb = read_service(held, unb_at, separators, base)
    syntax_id, version = unb.value(1).upper(), unb.value(1, 2)
    separators = with_syntax(separators, version, advised=advised)
    dialect = Dialect(separators, syntax_id, CODECS.get(syntax_id, ""), is_wrapped(held[at : at + SAMPLE]))
    missing = _missing(unb)
    violations += [*missing, *_unb_faults(unb, dialect)]
    if separators.repetition:
        violations += _trailing(unb)
    return Opening(unb, dialect, not missing, violations)


def _trailing(unb: Service) -> Iterator[Violation]:
    for element, component in trailing_places(unb.elements[1:]):
        yield envelope_fault(
            "syntax.trailing_separator",
            {"tag": "UNB"},
            unb.offset,
            "UNB",
            "45",
            severity=Severity.WARNING,
            element=element,
            component=component,
        )


def _inferred(separators: Separators, offset: int) -> Violation:
    shown = repr(separators.component + separators.element + separators.terminator)
    return envelope_fault(
        "envelope.separators_inferred", {"separators": shown}, offset, "UNB", "22", severity=Severity.WARNING
    )


#: mandatory parts of UNB: element, component, data element and its name
_UNB_PARTS: Final = (
    (1, 1, "0001", "Syntax identifier"),
    (2, 1, "0004", "Sender identification"),
    (3, 1, "0010", "Recipient identification"),
    (5, 1, "0020", "Interchange control reference"),
)

#: longest values: element, component, characters. 0020 is an..14; who numbers longer is understood up to what is kept.
_UNB_LENGTHS: Final = (
    (2, 1, 35, "0004", "Sender identification"),
    (2, 2, 4, "0007", "Qualifier of the sender"),
    (3, 1, 35, "0010", "Recipient identification"),
    (3, 2, 4, "0007", "Qualifier of the recipient"),
    (5, 1, 35, "0020", "Interchange control reference"),
)


def _missing(unb: Service) -> list[Violation]:
    return [
        envelope_fault(
            "envelope.unb_incomplete",
            {"id": data_element, "name": name},
            unb.offset,
            "UNB",
            "13",
            element=element,
            component=component if element < 5 else None,
        )
        for element, component, data_element, name in _UNB_PARTS
        if not unb.value(element, component)
    ]


def _unb_faults(unb: Service, dialect: Dialect) -> list[Violation]:
    faults = [
        envelope_fault(
            "envelope.unb_too_long",
            {"id": data_element, "name": name, "most": limit},
            unb.offset,
            "UNB",
            "39",
            element=element,
            component=component if element < 5 else None,
            value=unb.value(element, component)[:limit],
        )
        for element, component, limit, data_element, name in _UNB_LENGTHS
        if len(unb.value(element, component)) > limit
    ]
    syntax_id, version = dialect.syntax_id, unb.value(1, 2)
    if syntax_id and not dialect.codec:
        faults.append(
            envelope_fault(
                "charset.unsupported",
                {"syntax_id": syntax_id[:10], "readable": ", ".join(CODECS)},
                unb.offset,
                "UNB",
                "46",
                element=1,
                component=1,
                value=syntax_id[:10],
            )
        )
    if version and version not in _SYNTAX_VERSIONS:
        faults.append(
            envelope_fault(
                "envelope.syntax_version",
                {"sent": version[:10]},
                unb.offset,
                "UNB",
                "2",
                element=1,
                component=2,
                value=version[:10],
            )
        )
    if unb.value(5) and prepared_at(unb) is None:
        faults.append(
            envelope_fault(
                "envelope.prepared_at",
                {"sent": ":".join(unb.elements[4][:2])[:20]},
                unb.offset,
                "UNB",
                "12",
                severity=Severity.WARNING,
                element=4,
            )
            if len(unb.elements) > 4
            else envelope_fault(
                "envelope.prepared_at",
                {},
                unb.offset,
                "UNB",
                "13",
                variant="absent",
                severity=Severity.WARNING,
                element=4,
            )
        )
    return faults


def prepared_at(unb: Service) -> datetime | None:
    """Return S004: YYMMDD or CCYYMMDD and HHMM, None where it is no time. UNB has no zone; it is kept as UTC."""
    return _instant(unb.value(4) + unb.value(4, 2))


@lru_cache(maxsize=256)
def _instant(digits: str) -> datetime | None:
    pattern = {10: "%y%m%d%H%M", 12: "%Y%m%d%H%M"}.get(len(digits))
    if pattern is None or not (digits.isascii() and digits.isdigit()):
        return None
    try:
        return datetime.strptime(digits, pattern).replace(tzinfo=UTC)
    except ValueError:
        return None


def envelope_fault(
    code: str,
    parameters: Parameters,
    offset: int,
    tag: str | None,
    syntax_code: str,
    *,
    variant: str = "",
    severity: Severity = Severity.ERROR,
    level: Level = Level.INTERCHANGE,
    element: int | None = None,
    component: int | None = None,
    segment: int | None = None,
    value: str | None = None,
    hold: str = "",
) -> Violation:
    """Return a violation on the envelope, which by default refuses the whole interchange."""
    return fault(
        code,
        parameters,
        variant=variant,
        severity=severity,
        level=level,
        segment=segment,
        tag=tag,
        element=element,
        component=component,
        offset=offset,
        value=value,
        syntax_code=syntax_code,
        hold=hold,
    )


def una_repeated(una: bytes, offset: int) -> Violation:
    """Return the warning about *una*, which stands at *offset* where none belongs: not right before its UNB."""
    value = shown(una.decode("latin-1"))
    return envelope_fault("envelope.una_repeated", {}, offset, "UNA", "15", severity=Severity.WARNING, value=value)


def counts(sent: str, found: int) -> bool:
    """Tell whether the count that a trailer *sent* is the one *found*."""
    return sent.isascii() and sent.isdigit() and int(sent[:18]) == found


def opening_pattern() -> re.Pattern[bytes]:
    """Return the pattern of the first bytes of an interchange: UNA with the UNB that uses it, or UNB alone."""
    fold = rb"[\r\n]{0,4}+"
    unb = fold + rb"N" + fold + rb"B"
    padding = rb"[\s\x00]{0,%d}+" % LONGEST
    # it begins with a plain letter, which the search finds at the speed of memory
    alone = unb + rb"(?:\+|\x1d)[A-Z:+']|" + foreign_opening()
    return re.compile(rb"U(?:NA.(.).{4}" + padding + rb"U" + unb + rb"\1|" + alone + rb")", re.DOTALL)


def padding_end(source: bytes, offset: int, skipped: Sequence[int] = PADDING) -> int:
    """Return the offset of the first byte from *offset* on that is not padding."""
    end = len(source)
    while offset < end:
        window = source[offset : offset + 4096]
        kept = window.lstrip(bytes(skipped))
        if kept:
            return offset + len(window) - len(kept)
        offset += len(window)
    return end
