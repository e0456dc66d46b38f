"""Where a value or a fault stands: violations with a place, and the source of a field.

Shapes are those of ``V`` and ``/source/{field}`` in the public contracts. Offsets are zero-based bytes in the
source as received; segments count from UNH = 1; elements and components count from 1 (the tag is element 0).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, NamedTuple


class Severity(StrEnum):
    """What a violation does to its message: an error rejects it, a warning is only told."""

    ERROR = "error"
    WARNING = "warning"


class Level(StrEnum):
    """The part of an interchange that a violation is about (ISO 9735)."""

    INTERCHANGE = "interchange"
    GROUP = "group"
    MESSAGE = "message"
    SEGMENT = "segment"
    ELEMENT = "element"
    COMPONENT = "component"


class Violation(NamedTuple):
    """One fault and its place.

    ``syntax_code`` is the UN data element 0085 code which a CONTRL carries for it ("" where none fits).
    ``hold`` names the hold code when the fault does not reject the message but stops its order.
    """

    code: str
    message: str
    severity: Severity = Severity.ERROR
    level: Level = Level.MESSAGE
    segment: int | None = None
    tag: str | None = None
    element: int | None = None
    component: int | None = None
    offset: int | None = None
    value: str | None = None
    hint: str = ""
    syntax_code: str = ""
    hold: str = ""

    def as_json(self) -> dict[str, object]:
        """Return ``V`` of the contracts: exactly its eleven keys."""
        return {
            "code": self.code,
            "severity": self.severity.value,
            "level": self.level.value,
            "segment": self.segment,
            "tag": self.tag,
            "element": self.element,
            "component": self.component,
            "offset": self.offset,
            "value": self.value,
            "message": self.message,
            "hint": self.hint,
        }


@dataclass(frozen=True, slots=True)
class FieldSource:
    """The place in the received bytes that one canonical field was read from.

    ``value`` is the canonical text that decoding ``text`` again gives; the caller compares it with the stored
    value and only then says ``verified``. ``kind`` is ``edifact`` here; other adapters add json and page spans.
    """

    field: str
    value: str
    kind: Literal["edifact", "json", "page", "derived"]
    segment: int | None
    tag: str | None
    element: int | None
    component: int | None
    offset: int
    length: int
    text: str
