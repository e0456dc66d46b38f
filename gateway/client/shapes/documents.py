# Made by `make reference` from the OpenAPI document. Do not edit.
"""Bodies and answers of the subject documents."""

from __future__ import annotations

from gateway.client.shapes.common import (
    DocumentLink,
    DocumentShape,
    GuideShape,
    OrderShape,
    SourceShape,
    ViolationShape,
)
from gateway.client.values import Answer, Body

__all__ = [
    "CheckShape",
    "CheckedInterchange",
    "CheckedMessage",
    "DocumentDetail",
    "DocumentReplayRequest",
    "DocumentResendRequest",
    "IntakeShape",
    "PlannedReply",
    "UnmappedShape",
]


class PlannedReply(Answer):
    """A document that would be sent."""

    type: str
    filename: str
    content: str


class CheckedMessage(Answer):
    """One message of a dry run: its verdict and the order it would make."""

    type: str
    version: str
    reference: str
    verdict: str
    violations: list[ViolationShape]
    order: OrderShape | None
    replies: list[PlannedReply]


class CheckedInterchange(Answer):
    """One interchange of a dry run; its CONTRL is among its own replies."""

    sender: str
    recipient: str
    control_reference: str
    test: bool
    violations: list[ViolationShape]
    replies: list[PlannedReply]
    messages: list[CheckedMessage]


class CheckShape(Answer):
    """What would become of a file; nothing of it was written."""

    file: str
    format: str
    interchanges: list[CheckedInterchange]


class DocumentDetail(Answer):
    """A document with its source and every violation that was found in it."""

    id: str
    source_id: str | None
    direction: str
    type: str | None
    version: str | None
    partner: str | None
    control_reference: str | None
    outcome: str | None
    reason: str | None
    orders: list[str]
    received_at: str
    #: what judged it besides the directory; null where no guide did
    guide: GuideShape | None
    replies: list[DocumentLink]
    #: null where it is ours
    source: SourceShape | None
    violations: list[ViolationShape]


class DocumentReplayRequest(Body):
    """Why a document is run again."""

    reason: str = ""


class DocumentResendRequest(Body):
    """Whether a document is issued anew under new references, and why it is sent again."""

    reissue: bool = False
    reason: str = ""


class IntakeShape(Answer):
    """A source that is kept; it was committed before this answer."""

    source_id: str
    documents: list[DocumentShape]


class UnmappedShape(Answer):
    """A value that a received document says and no field takes: kept with the bytes, and shown here."""

    #: UNH = 1
    segment: int
    tag: str
    #: the segment's place in the message table, such as LIN/QTY; empty where it has none
    path: str
    element: int
    #: null where the element has no components
    component: int | None
    #: zero-based byte in the file
    offset: int
    #: UN data element; empty beyond the table
    id: str
    name: str
    text: str
