"""Verdicts on fields: accepted by named evidence, or doubtful for a named reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple

from core.reading import Candidate, Spot

#: what can speak for a reading
Evidence = Literal[
    "arithmetic.line",  # quantity x price = amount
    "arithmetic.sum",  # the amounts add up to the net total
    "arithmetic.total",  # net + tax = total
    "catalogue.alone",  # no other item of ours is nearly written so
    "catalogue.code",  # the customer's own code of an item
    "catalogue.description",  # the description is that of the item
    "catalogue.gtin",  # the check digit is right, and the catalogue has it
    "catalogue.gtin_misread",  # the check digit is wrong, and one sign apart is the item that the SKU names
    "catalogue.sku",
    "catalogue.snapped",  # a sign or more was misread, and no other item is nearly written so
    "catalogue.unit",
    "dates.plausible",  # ordered, then delivered within 120 days
    "master.account",
    "master.forwarded",  # the customer wrote the mail that was handed on
    "master.gln",
    "master.name",
    "master.sender",  # a confirmed order came from there before, or the domain is the customer's
    "master.ship_to",
    "master.tax_id",
    "memory.code",  # what a person said that the customer's own code means
    "memory.form",  # confirmed orders taught how to read this on the customer's forms
    "memory.reference",  # the form of the customer's order numbers
    "memory.ship_to",  # a place that a person confirmed for these words
    "partner.currency",
    "price.list",
    "reader.sure",  # the reader's own confidence, calibrated
    "text.exact",  # nothing was guessed: the file has the text itself, and it can be read in one way
]  # fmt: skip

#: why a field is left to a person; worded in ``core/texts``
Doubt = Literal[
    "paper.amounts_differ",
    "paper.bank_named",
    "paper.customer_contradicted",
    "paper.customer_unknown",
    "paper.date_doubtful",
    "paper.field_doubtful",
    "paper.forms_differ",
    "paper.item_doubtful",
    "paper.item_unknown",
    "paper.missing",
    "paper.reference_doubtful",
    "paper.reference_used",
    "paper.sender_forged",
    "paper.ship_to_new",
    "paper.total_differs",
    "paper.unit_differs",
]

#: the confidence of the least sure sign of a reading -> how often numbers and days of so much were right, the highest
#: first: 757 values of 48 scans and faxes of four kinds, seed 301 (tests/benchmarks/intake; rapidocr 3.10, two looks).
#: Letters fare worse: ``O`` for ``0`` is read with 0.99, so numbers of orders are never taken by this alone
CALIBRATION: Final[tuple[tuple[float, float], ...]] = ((0.98, 0.998), (0.80, 0.97), (0.0, 0.93))
#: so often right is enough where the form is known, too
LIKELY: Final = 0.97
#: so often right is sure
SURE: Final = 0.995


def calibrated(confidence: float) -> float:
    """Return how often a reading of so much confidence is right; what a reader says of itself is no probability."""
    return next((right for least, right in CALIBRATION if confidence >= least), 0.0)


class Accepted(NamedTuple):
    """A value that goes into the order, what it was read from, what speaks for it, and how it was found.

    ``found_by`` is the reason of the reading (:class:`core.reading.Candidate`).
    """

    value: str
    text: str
    spot: Spot | None
    confidence: float
    evidence: tuple[Evidence, ...]
    found_by: str


class Doubtful(NamedTuple):
    """A field that a person has to look at: why, and what it may say, the likeliest first."""

    reason: Doubt
    candidates: tuple[Candidate, ...]


@dataclass(slots=True)
class Judgement:
    """The verdicts on every field of a document, by path; ``partner`` is the code of its customer, "" unknown."""

    partner: str
    accepted: dict[str, Accepted] = field(default_factory=dict)
    doubtful: dict[str, Doubtful] = field(default_factory=dict)

    @property
    def certain(self) -> bool:
        """Whether the order needs no person."""
        return not self.doubtful

    def accept(self, path: str, one: Candidate, *evidence: Evidence, value: str = "") -> None:
        """Accept a reading, or *value* in its place where the evidence says what was meant."""
        if one.reason == "taught":
            evidence = (*evidence, "memory.form")
        self.accepted[path] = Accepted(value or one.value, one.text, one.spot, one.confidence, evidence, one.reason)

    def doubt(self, path: str, reason: Doubt, candidates: tuple[Candidate, ...] = ()) -> None:
        """Leave a field to a person; the first reason stands."""
        self.doubtful.setdefault(path, Doubtful(reason, candidates))
        self.accepted.pop(path, None)

    def values(self) -> Mapping[str, str]:
        """Return the likeliest value of every field that has one."""
        likely = {path: one.candidates[0].value for path, one in self.doubtful.items() if one.candidates}
        return likely | {path: one.value for path, one in self.accepted.items()}
