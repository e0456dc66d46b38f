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
from gateway.web.shapes.order import DocumentLink

Outcome = Literal["accepted", "changed", "rejected", "duplicate", "parked", "waiting"]


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
    replies: list[DocumentLink]


class DocumentDetail(DocumentShape):
    """A document with every violation that was found in it."""

    violations: list[ViolationShape]


class TakenDocument(Shape):
    """A document of a source that was just taken in."""

    model_config = Shape.model_config | {"extra": "allow"}

    id: str | None
    outcome: Outcome | None


class IntakeShape(Shape):
    """A source that is kept; it was committed before this answer."""

    source_id: str | None = Field(description="null on a dry run")
    documents: list[TakenDocument]


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
