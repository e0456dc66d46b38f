"""What extraction says a document says: for each field every way to read it, each with its place and its reason.

Fields are named by their path as in a draft (``core.entry.forms``): ``buyer_reference``, ``ship_to.name``,
``lines.2.quantity``, lines counted from 1. Beside those of a draft there are the ones that only prove others:
``document_date``, ``account``, ``lines.2.number``, ``lines.2.amount``, ``net_total``, ``tax_total``, ``total``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from core.paper.page import Box
from core.provenance import Violation

Kind = Literal["order", "other", "unsure"]


class Spot(NamedTuple):
    """Where a value stands: the page, counted from 1, and the box on it."""

    page: int
    box: Box


class Candidate(NamedTuple):
    """One way to read a field.

    ``value`` is what a form takes (a number with a point, a date as ISO 8601, a unit as UN/ECE Rec 20), ``text`` what
    stands there. ``confidence`` is the least of the words it was read from. ``reason`` says how it was found:
    ``label``, ``column``, ``position``, ``sentence`` or ``computed`` (from other fields; then it may have no spot).
    """

    value: str
    text: str
    spot: Spot | None
    confidence: float
    reason: str


@dataclass(frozen=True, slots=True)
class Extracted:
    """What one document says.

    ``fields`` has the candidates of each field, the best first; a field that was not found is not there. ``layout`` is
    the fingerprint of the form (its labels and how they lie), the same for two documents of one form. ``quality`` is
    that of the worst page that a field was read from, ``guessed`` whether any page was read from a picture.
    ``faults`` say what could not be understood, in the words of the catalogue.
    """

    kind: Kind
    language: str
    fields: Mapping[str, tuple[Candidate, ...]]
    layout: str = ""
    quality: float = 1.0
    guessed: bool = False
    faults: tuple[Violation, ...] = field(default=())

    def best(self, path: str) -> str:
        """Return the value that is thought most likely of a field, "" where it was not found."""
        found = self.fields.get(path)
        return found[0].value if found else ""

    @property
    def lines(self) -> int:
        """How many lines of goods there are."""
        return max((int(path.split(".")[1]) for path in self.fields if path.startswith("lines.")), default=0)
