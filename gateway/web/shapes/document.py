"""Documents: what came in and went out, with its outcome."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from gateway.web.shapes.common import (
    Channel,
    Identifier,
    Instant,
    Paging,
    PartnerCode,
    Request,
    Shape,
    Text,
    ViolationShape,
)
from gateway.web.shapes.order import DocumentLink, OrderShape

Outcome = Literal["accepted", "changed", "rejected", "duplicate", "parked", "waiting"]


class GuideShape(Shape):
    """The partner guide that judged a document; the fingerprint is the SHA-256 of its file at that time."""

    name: str
    fingerprint: str


class DocumentShape(Shape):
    """One message in a source, or one of ours. Received ones have one of six outcomes, ours say how far they are."""

    id: str
    source_id: str | None
    direction: Literal["in", "out"]
    type: str | None
    version: str | None
    partner: str | None
    control_reference: str | None
    outcome: str | None
    reason: str | None
    orders: list[str]
    received_at: str
    guide: GuideShape | None = Field(description="what judged it besides the directory; null where no guide did")
    replies: list[DocumentLink]


class SourceShape(Shape):
    """The bytes that a document came in, which never change, and the way they came."""

    sha256: str
    size: int
    channel: str
    transport: str
    origin: str = Field(description="the file's name, or who handed it in")


class DocumentDetail(DocumentShape):
    """A document with its source and every violation that was found in it."""

    source: SourceShape | None = Field(description="null where it is ours")
    violations: list[ViolationShape]


class UnmappedShape(Shape):
    """A value that a received document says and no field takes: kept with the bytes, and shown here."""

    segment: int = Field(description="UNH = 1")
    tag: str
    path: str = Field(description="the segment's place in the message table, such as LIN/QTY; empty where it has none")
    element: int
    component: int | None = Field(description="null where the element has no components")
    offset: int = Field(description="zero-based byte in the file")
    id: str = Field(description="UN data element; empty beyond the table")
    name: str
    text: str


class IntakeShape(Shape):
    """A source that is kept; it was committed before this answer."""

    source_id: str
    documents: list[DocumentShape]


class PlannedReply(Shape):
    """A document that would be sent."""

    type: str
    filename: str
    content: str


class CheckedMessage(Shape):
    """One message of a dry run: its verdict and the order it would make."""

    type: str
    version: str
    reference: str
    verdict: Outcome | Literal["accepted_with_warnings"]
    violations: list[ViolationShape]
    order: OrderShape | None
    replies: list[PlannedReply]


class CheckedInterchange(Shape):
    """One interchange of a dry run; its CONTRL is among its own replies."""

    sender: str
    recipient: str
    control_reference: str
    test: bool
    violations: list[ViolationShape]
    replies: list[PlannedReply]
    messages: list[CheckedMessage]


class CheckShape(Shape):
    """What would become of a file; nothing of it was written."""

    file: str
    format: str
    interchanges: list[CheckedInterchange]


class DocumentPath(Request):
    """The document's id."""

    id: Identifier


class DocumentsQuery(Paging):
    """Which documents."""

    partner: PartnerCode | None = None
    direction: Literal["in", "out"] | None = None
    outcome: Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,20}$")] | None = None
    type: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.-]{1,20}$")] | None = None
    since: Instant | None = None


class IntakeQuery(Request):
    """Whose document it is and by which channel it is booked."""

    partner: PartnerCode | None = None
    channel: Channel = "ED"
    dry_run: bool = False


class ReplayRequest(Request):
    """Why a document is run again."""

    reason: Text = ""


class ResendRequest(Request):
    """Whether a document is issued anew under new references, and why it is sent again."""

    reissue: bool = False
    reason: Text = ""
