"""The service segments of the envelope as values: UNB, UNH, UNT, UNZ, UNG, UNE, and the faults in each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final, NamedTuple

from adapters.edi.dialect import CODECS, NON_PRINTING, PADDING, Dialect, Separators, is_wrapped, read_una, with_syntax
from adapters.edi.lexer import find_terminator, values
from core.provenance import Level, Parameters, Severity, Violation, fault

#: a service segment beyond this many bytes is not read further
_LONGEST: Final = 2000
_SAMPLE: Final = 8192
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


def read_service(source: bytes, offset: int, end: int, separators: Separators) -> Service:
    """Read the segment at *offset*, which ends at its terminator or at *end*."""
    at = find_terminator(source, offset, end, separators)
    stop = end if at < 0 else at
    return Service(values(source[offset : min(stop, offset + _LONGEST)], separators), offset, stop + (at >= 0))


class Opening(NamedTuple):
    """The start of an interchange: UNA if any, UNB, and the dialect that they set."""

    unb: Service
    dialect: Dialect
    violations: list[Violation]


def read_opening(source: bytes, offset: int, unb_offset: int) -> Opening:
    """Read UNA (when *offset* is not *unb_offset*) and UNB."""
    violations: list[Violation] = []
    advised = unb_offset != offset
    separators = read_una(source, offset) if advised else None
    if separators is None:
        if advised:
            violations.append(envelope_fault("envelope.una_invalid", {}, offset, "UNA", "22"))
        separators = NON_PRINTING if source[unb_offset + 3 : unb_offset + 4] == b"\x1d" else Separators()
    unb = read_service(source, unb_offset, len(source), separators)
    syntax_id, version = unb.value(1).upper(), unb.value(1, 2)
    separators = with_syntax(separators, version, advised=advised)
    dialect = Dialect(separators, syntax_id, CODECS.get(syntax_id, ""), is_wrapped(source[offset : offset + _SAMPLE]))
    violations += _unb_faults(unb, dialect)
    return Opening(unb, dialect, violations)


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


def _unb_faults(unb: Service, dialect: Dialect) -> list[Violation]:
    faults = [
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
    faults += [
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


def is_readable(unb: Service) -> bool:
    """Tell whether UNB names who, to whom and under which reference, so that it can be answered."""
    return all(unb.value(element, component) for element, component, *_ in _UNB_PARTS)


def prepared_at(unb: Service) -> datetime | None:
    """Return S004: YYMMDD or CCYYMMDD and HHMM, None where it is no time. UNB has no zone; it is kept as UTC."""
    digits = unb.value(4) + unb.value(4, 2)
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


def counts(sent: str, found: int) -> bool:
    """Tell whether the count that a trailer *sent* is the one *found*."""
    return sent.isascii() and sent.isdigit() and int(sent[:18]) == found


def opening_pattern() -> re.Pattern[bytes]:
    """Return the pattern of the first bytes of an interchange: UNA with the UNB that uses it, or UNB alone."""
    unb = rb"N[\r\n]*B"
    # it begins with a plain letter, which the search finds at the speed of memory
    return re.compile(
        rb"U(?:NA.(.).{4}[\s\x00]*U[\r\n]*" + unb + rb"\1|[\r\n]*" + unb + rb"(?:\+|\x1d)[A-Z:+'])", re.DOTALL
    )


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
