"""A partner guide as the reader uses it; ``loading`` reads one from TOML, ``checks`` holds messages against it.

A *path* names the segments at one place of a message table, the triggers of its groups included: ``LIN/QTY``. Places
inside a segment are (element, component), counted from 1.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from adapters.edi.directory.captures import Place
from adapters.edi.guides.leniency import Treatment, treated
from core.provenance import Severity, Violation


class Format(NamedTuple):
    """The format of a value as the directories write it: kind (``a``, ``n``, ``an``), least and most characters."""

    kind: str
    least: int
    most: int

    def __str__(self) -> str:
        return f"{self.kind}{self.most}" if self.least == self.most else f"{self.kind}..{self.most}"


class ElementRule(NamedTuple):
    """What a guide says of one value; ``codes`` None allows any."""

    at: Place
    required: bool = False
    forbidden: bool = False
    codes: frozenset[str] | None = None
    format: Format | None = None


class SegmentRule(NamedTuple):
    """What a guide says of the segments at ``path``; of those alone whose value ``qualifier_at`` is ``qualifier``.

    They stand ``least`` to ``most`` times in each occurrence of the group that holds them; ``most`` None leaves that
    to the directory, 0 forbids them.
    """

    path: str
    qualifier: str = ""
    qualifier_at: Place = (1, 1)
    least: int = 0
    most: int | None = None
    elements: tuple[ElementRule, ...] = ()


class FieldHint(NamedTuple):
    """Where the partner says ``field`` of the canonical document: a value, or for a party the segment itself."""

    field: str
    path: str
    qualifier: str = ""
    qualifier_at: Place = (1, 1)
    at: Place = (1, 2)


class MessageGuide(NamedTuple):
    """One message type of one release (``D96A``), narrowed.

    ``closed`` says that no segments are agreed but those that a rule names, and the triggers of their groups.
    """

    type: str
    release: str
    association: str = ""
    closed: bool = False
    segments: tuple[SegmentRule, ...] = ()
    fields: tuple[FieldHint, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Guide:
    """The whole guide of a partner; equal to another one of the same ``fingerprint`` (SHA-256 of ``content``).

    ``content`` is its file, ``leniency`` says what becomes of violations by their code, and ``codes`` which values by
    data element are agreed besides those of the directory.
    """

    name: str
    fingerprint: str
    content: bytes
    title: str = ""
    leniency: Mapping[str, Treatment] = field(default_factory=dict)
    codes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    messages: tuple[MessageGuide, ...] = ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Guide) and other.fingerprint == self.fingerprint

    def __hash__(self) -> int:
        return hash(self.fingerprint)

    def entry(self, kind: str, release: str, association: str) -> int | None:
        """Return the number of the message entry that fits UNH best, None where the type has none at all."""
        fitting = [number for number, one in enumerate(self.messages) if one.type == kind]
        return max(fitting, key=lambda number: self._fit(number, release, association), default=None)

    def _fit(self, number: int, release: str, association: str) -> tuple[bool, bool]:
        entry = self.messages[number]
        return entry.release == release, entry.association in {"", association}

    def judged(self, violations: Iterable[Violation], *, errors_stand: bool = False) -> list[Violation]:
        """Return *violations* as the guide has them: harder, milder, or left out.

        With *errors_stand* no error gets milder: there is no document where these were found.
        """
        found = []
        for violation in violations:
            if violation.code == "code.unknown" and self._agreed(violation):
                continue
            treatment = self.leniency.get(violation.code)
            if treatment is None or (errors_stand and violation.severity is Severity.ERROR):
                found.append(violation)
            elif (settled := treated(violation, treatment)) is not None:
                found.append(settled)
        return found

    def _agreed(self, violation: Violation) -> bool:
        data_element = (violation.parameters or {}).get("id")
        return violation.value in self.codes.get(str(data_element), ())
