"""Where a value or a fault stands: violations with a place, and the source of a field.

Shapes are those of ``V`` and ``/source/{field}`` in the public contracts. Offsets are zero-based bytes in the
source as received; segments count from UNH = 1; elements and components count from 1 (the tag is element 0).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, Literal, NamedTuple

from core.texts.catalogue import LANGUAGES, VARIANT, Parameter, Text, catalogue, text_of

#: what is told where nobody asks for another language, and what is kept
ENGLISH: Final = LANGUAGES[0]

#: the named values in the words of a violation, ready for JSON
Parameters = Mapping[str, Parameter]


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
    """One fault and its place; :func:`fault` makes those that the catalogue has words for.

    ``message`` and ``hint`` are English. ``parameters`` are what they name, so that they can be told in another
    language; None where the words are not of the catalogue.
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
    parameters: dict[str, Parameter] | None = None

    def told(self, language: str) -> Text:
        """Return message and hint in one of ``LANGUAGES``, the English ones where the catalogue has no others."""
        english = Text(self.message, self.hint)
        return english if language == ENGLISH else text_of(self.code, self.parameters, language) or english

    def as_json(self, language: str = ENGLISH) -> dict[str, object]:
        """Return ``V`` of the contracts, exactly its eleven keys, told in *language*."""
        message, hint = self.told(language)
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
            "message": message,
            "hint": hint,
        }

    def kept(self) -> dict[str, object]:
        """Return what a document's row keeps: ``V``, the code that a CONTRL says, and the parameters of the words."""
        return {**self.as_json(), "syntax_code": self.syntax_code, "parameters": self.parameters}


#: what :meth:`Violation.kept` says besides ``V``
_NOT_OF_V: Final = ("syntax_code", "parameters")


def told_again(kept: Mapping[str, Any], language: str = ENGLISH) -> dict[str, Any]:
    """Return ``V`` of a violation as a row keeps it, told in *language*, in English as it was told then."""
    shown = {name: value for name, value in kept.items() if name not in _NOT_OF_V}
    if language != ENGLISH and (words := text_of(kept["code"], kept.get("parameters"), language)) is not None:
        shown |= words._asdict()
    return shown


def _printable(given: str) -> str:
    """Return plain text that every database can keep, and that moves no terminal's cursor."""
    text = str(given)  # it may be one that knows its place in the file, which no row can keep
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in text)


def fault(
    code: str,
    parameters: Parameters | None = None,
    *,
    variant: str = "",
    severity: Severity = Severity.ERROR,
    level: Level = Level.MESSAGE,
    segment: int | None = None,
    tag: str | None = None,
    element: int | None = None,
    component: int | None = None,
    offset: int | None = None,
    value: str | None = None,
    syntax_code: str = "",
    hold: str = "",
) -> Violation:
    """Return the violation *code* in the words of the catalogue (``core/texts/*.toml``).

    ``fault("order.quantity_missing", {"line": 3}, segment=12, tag="LIN", ...)``; *variant* chooses between several
    wordings of one code.

    Raises:
        KeyError: the catalogue has no such code or variant, or its words name another parameter.
    """
    named: dict[str, Parameter] = {
        name: given if isinstance(given, int) else _printable(given) for name, given in (parameters or {}).items()
    }
    if variant:
        named[VARIANT] = variant
    message, hint = catalogue(ENGLISH).tell(code, named)
    return Violation(
        code,
        message,
        severity,
        level,
        segment,
        tag,
        element,
        component,
        offset,
        value,
        hint,
        syntax_code,
        hold,
        named,
    )


class UnmappedValue(NamedTuple):
    """A value of a message that no field of its canonical document takes: kept with the bytes, and shown on demand.

    ``path`` names the segment's place in the message table, its groups included (``LIN/QTY``), "" where it has none;
    ``id`` and ``name`` are the data element's (6060, Quantity), "" beyond the table.
    """

    segment: int
    tag: str
    path: str
    element: int
    component: int | None
    offset: int
    id: str
    name: str
    text: str


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
