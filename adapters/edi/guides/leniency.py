"""Leniency is a policy: what becomes of a violation, by its code, and how far a guide may go with each.

Defaults are those of the fault table (architecture, section 2): structure rejects, counts and references that differ
hold the order, unknown codes and odd characters warn.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from core.provenance import Severity, Violation

_HOLD: Final = "document.count_mismatch"
#: what holds by another code than that of counts
_HOLDS: Final = {"order.allowance_claimed": "charges.claimed"}


class Treatment(StrEnum):
    """What becomes of a violation: it rejects, it is told and holds the order, it is told, it is left out."""

    ERROR = "error"
    HOLD = "hold"
    WARNING = "warning"
    IGNORED = "ignored"


_ANY: Final = frozenset(Treatment)
_WITHOUT_HOLD: Final = _ANY - {Treatment.HOLD}

#: what holds an order by default, and what leaves doubt whether all of it arrived
_COUNTS: Final = (
    "document.line_count",
    "document.quantity_total",
    "envelope.une_count",
    "envelope.une_missing",
    "envelope.une_reference",
    "envelope.unt_count",
    "envelope.unt_reference",
    "envelope.unz_count",
    "envelope.unz_missing",
    "envelope.unz_reference",
)
#: what holds by default, as it is for a person to agree to
_CLAIMS: Final = ("order.allowance_claimed",)
#: what rejects by default and leaves a message that can be read all the same
_BEARABLE: Final = (
    "component.missing",
    "component.too_many",
    "date.ahead",
    "date.too_far",
    "date.too_old",
    "element.missing",
    "element.too_many",
    "envelope.syntax_version",
    "envelope.una_invalid",
    "group.too_many",
    "guide.code_not_agreed",
    "guide.element_forbidden",
    "guide.element_missing",
    "guide.format",
    "guide.release",
    "guide.segment_forbidden",
    "guide.segment_missing",
    "guide.segment_not_agreed",
    "guide.segment_too_many",
    "segment.misplaced",
    "segment.missing",
    "segment.too_many",
    "segment.unknown",
    "value.control_character",
    "value.decimal_mark",
    "value.not_alphabetic",
    "value.not_numeric",
    "value.too_long",
    "value.too_short",
)
#: what is only told by default
_TOLD: Final = (
    "charset.level",
    "charset.mismatch",
    "code.unknown",
    "date.format_unknown",
    "document.amount_total",
    "envelope.junk",
    "envelope.message_reference_repeated",
    "envelope.prepared_at",
    "envelope.separators_inferred",
    "envelope.una_repeated",
    "envelope.une_unopened",
    "envelope.unz_unterminated",
    "line.number_missing",
    "message.release_stand_in",
    "order.buyer_missing",
    "syntax.line_break",
    "syntax.trailing_separator",
    "value.decimal_digit",
)
#: code -> what a guide may make of it. All others stand: they are of what cannot be read, or has no document.
ALLOWED: Final[dict[str, frozenset[Treatment]]] = {
    **dict.fromkeys((*_COUNTS, *_CLAIMS), _ANY),
    **dict.fromkeys(_BEARABLE, _WITHOUT_HOLD),
    **dict.fromkeys(_TOLD, _WITHOUT_HOLD),
}
#: what becomes of them where no guide says otherwise
DEFAULTS: Final[dict[str, Treatment]] = {
    **dict.fromkeys((*_COUNTS, *_CLAIMS), Treatment.HOLD),
    **dict.fromkeys(_BEARABLE, Treatment.ERROR),
    **dict.fromkeys(_TOLD, Treatment.WARNING),
    "envelope.unz_missing": Treatment.ERROR,
}


def treated(violation: Violation, treatment: Treatment) -> Violation | None:
    """Return *violation* as *treatment* has it, None where it is left out."""
    if treatment is Treatment.IGNORED:
        return None
    severity = Severity.ERROR if treatment is Treatment.ERROR else Severity.WARNING
    hold = _HOLDS.get(violation.code, _HOLD) if treatment is Treatment.HOLD else ""
    return violation._replace(severity=severity, hold=hold)
