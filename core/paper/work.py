"""One source by mail or fax while it is taken: with what, what it answers, and what is kept of its parts.

Every part is kept with what became of it, and every one that a person or a report asks for has a document with its
outcome, so that the reconciliation explains every source (INT-05, INT-10).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, Literal

import orjson

from core.clock import to_micros
from core.intake.judge import Bench
from core.intake.plausibility import PlausibleDates
from core.paper.asking import AskRules
from core.paper.classes import class_of
from core.paper.replies import Brought, answered_by
from core.paper.sampling import Sampler
from core.provenance import Violation
from core.reading import Extracted, PartRead, ReadSource
from core.store import intake, papers
from core.store.alerts import raise_alert
from core.store.engine import Tx
from core.store.lookup import partner_id_by_code
from core.store.papers import Became, PaperRow

#: alert: a part that nobody but a person can read
UNREAD: Final = "paper.unread"
#: violations of one document that are kept
MOST_VIOLATIONS: Final = 50
_NONE: Final[Mapping[int, Extracted]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class PaperDesk:
    """With what a source is taken: what orders are judged by, which dates are plausible, who is asked and what sampled.

    Without a *sampler* nothing is looked at again.
    """

    bench: Bench
    dates: PlausibleDates
    sampler: Sampler | None = None
    ask: AskRules = field(default_factory=AskRules)


#: what became of a second reading: it was surer than the first and taken, left aside, or could not be made
Second = Literal["taken", "left", "failed"]


@dataclass(slots=True)
class Taken:
    """What became of a source: the outcomes of its documents, numbers and ids of what was made, and second readings."""

    outcomes: list[str] = field(default_factory=list)
    orders: list[str] = field(default_factory=list)
    drafts: list[int] = field(default_factory=list)
    read_again: Counter[Second] = field(default_factory=Counter)


class Work:
    """A source that is being taken in one transaction."""

    def __init__(
        self, tx: Tx, desk: PaperDesk, row: PaperRow, read: ReadSource, again: Mapping[int, Extracted] = _NONE
    ) -> None:
        self.tx, self.desk, self.row, self.read = tx, desk, row, read
        #: second readings of parts, by their ordinal
        self.again = again
        self.now = desk.bench.now
        self.documents: list[intake.DocumentRow] = []
        self.taken = Taken()
        #: what of ours the mail answers, and the orders that it brings
        self.answered = answered_by(tx, read.letter)
        self.brought: list[Brought] = []

    @property
    def is_idle(self) -> bool:
        """Whether there was no order in the source, nor anything else that anybody is told of."""
        return {one.reason for one in self.documents} == {"paper.not_an_order"}

    def part(self, ordinal: int, part: PartRead, became: Became, **values: Any) -> None:
        """Keep a part with what became of it; *values* are further columns of it."""
        found = part.extracted
        read: dict[str, Any] = {}
        if found is not None:
            read = {
                "kind": found.kind, "language": found.language[:5], "layout": found.layout[:64],
                "guessed": found.guessed, "quality": found.quality,
            }  # fmt: skip
        kept = {
            "source_id": self.row.id, "ordinal": ordinal, "place": part.place[:50], "name": part.name,
            "media_type": part.media_type[:100], "sha256": part.sha256, "size": part.size, "fate": part.fate,
            "class": class_of(part, self.row.transport), "became": became,
            "violation": part.violation.kept() if part.violation else None,
        }  # fmt: skip
        papers.add_part(self.tx, kept | read | values)

    def document(
        self, outcome: str, reason: str | None, faults: Sequence[Violation] = (), *, partner: str = "",
        reference: str = "", order_id: int | None = None, type_: str = "", document_id: int | None = None,
    ) -> int:  # fmt: skip
        """Give a part its document, kept when the source is settled, and return its id."""
        told = [one.kept() for one in faults[:MOST_VIOLATIONS]]
        document = intake.DocumentRow(
            id=document_id or self.tx.ids.next(),
            source_id=self.row.id,
            interchange_id=None,
            ordinal=len(self.documents),
            type=type_,
            version="",
            association="",
            reference=reference[:35],
            control_reference="",
            partner_id=partner_id_by_code(self.tx, partner) if partner else None,
            outcome=outcome,
            reason=reason,
            order_id=order_id,
            received_at=to_micros(self.row.received_at),
            violations=orjson.dumps(told).decode() if told else None,
        )
        self.documents.append(document)
        self.taken.outcomes.append(outcome)
        return document.id

    def alert(self, violation: Violation, document_id: int) -> None:
        """Tell a person of what nobody else can read."""
        words = f"{self.row.origin}: {violation.message}"
        raise_alert(self.tx, UNREAD, str(document_id), words, at=self.now, document_id=document_id)
