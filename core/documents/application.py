"""What a business application says of a document that it was sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple

from core.documents.party import Party
from core.documents.reference import DocumentReference


class ReportedFault(NamedTuple):
    """One thing that is wrong in the reported document.

    ``code`` is UN data element 9321, of a list that the partners agree on; ``text`` says it in words. Every directory
    has room for eight characters, so that a longer code is never written; one that a partner sends is read whole where
    its guide lets it pass (``value.too_long``), and refused with its place elsewhere. ``references`` name what in
    particular it is about, such as a line of the order; ``place`` tells in words where that stands in the message. A
    warning leaves the document accepted.
    """

    code: str
    text: str = ""
    severity: Literal["error", "warning"] = "error"
    references: tuple[DocumentReference, ...] = ()
    place: str = ""


@dataclass(frozen=True, slots=True)
class ApplicationReport:
    """That a document was accepted or rejected, and why (APERAK).

    ``references`` name the document and, where known, the message that it came in.
    """

    number: str
    outcome: Literal["accepted", "rejected"]
    references: tuple[DocumentReference, ...] = ()
    reported_at: datetime | None = None
    parties: tuple[Party, ...] = ()
    notes: tuple[str, ...] = ()
    faults: tuple[ReportedFault, ...] = ()
