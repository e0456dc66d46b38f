"""Evidence: timeline, checks, sources, reconciliation, audit, numbering, events."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from gateway.web.shapes.common import Channel, PartnerCode, Request, Shape


class TimelineEvent(Shape):
    """One fact in the life of an order."""

    at: str
    event: str
    actor: str | None
    summary: str
    document_id: str | None
    inputs: dict[str, Any]


class JudgingGuide(Shape):
    """The partner guide that judged a document of an order; the fingerprint is the SHA-256 of its file at that time."""

    document_id: str
    name: str
    fingerprint: str


class Timeline(Shape):
    """The life of an order, oldest first, and the guides that judged its documents."""

    number: str
    events: list[TimelineEvent]
    guides: list[JudgingGuide]


class Checks(Shape):
    """The review of an order: every check with its inputs, verdict and rule version."""

    number: str
    checks: list[dict[str, Any]]


class FieldSourceShape(Shape):
    """The place that a value was read from; ``verified`` when decoding that place again gives the value."""

    field: str
    value: str | None
    verified: bool
    document_id: str | None
    kind: Literal["edifact", "json", "page", "derived"]
    segment: int | None = None
    tag: str | None = None
    element: int | None = None
    component: int | None = None
    offset: int | None = None
    length: int | None = None
    text: str | None = None
    pointer: str | None = None
    page: int | None = None
    box: list[int] | None = None
    confidence: str | None = None
    rule: str | None = None
    inputs: dict[str, Any] | None = None


class Reconciliation(Shape):
    """Every document has exactly one outcome; ``unexplained`` is what has none."""

    documents: int
    accepted: int
    changed: int
    rejected: int
    duplicate: int
    parked: int
    waiting: int
    unexplained: int


class AuditVerdict(Shape):
    """Whether the chain of events is intact; ``first_bad`` names the first event that is not."""

    ok: bool
    events: int
    unsealed: int
    first_bad: str | int | None


class NumberingPath(Request):
    """A year and a channel."""

    year: Annotated[int, Field(ge=2000, le=9999)]
    channel: Channel


class VoidShape(Shape):
    """Why no order carries a serial, who said so and when."""

    reason: str
    actor: str
    at: str


class NumberedShape(Shape):
    """One serial: an order, with the first hash of its chain of events, or void. ``link`` covers it and the one before.

    ``link`` is the SHA-256, in hex, of the bytes of the link before (32 zero bytes at first) followed by the JSON array
    ``[serial, number, received, void]`` without spaces and with the keys of ``void`` in alphabetical order.
    """

    serial: int
    number: str
    received: str | None
    void: VoidShape | None
    link: str


class NumberingProof(Shape):
    """The proof that serials are 1..last, each an order or void with its reason; ``digest`` is the last link."""

    year: int
    channel: str
    ok: bool
    last: Annotated[int, Field(ge=0, le=2**62)]
    orders: int
    voids: int
    gaps: list[int]
    doubles: list[int]
    strays: list[str]
    faults: int
    digest: str
    entries: list[NumberedShape]


class StreamQuery(Request):
    """Where the stream starts when no Last-Event-ID says so, and what of it is told."""

    after: Annotated[int, Field(ge=0, le=2**62)] | None = Field(None, description="default: only what is new")
    events: Annotated[str, StringConstraints(pattern=r"^[a-z_.*]+(,[a-z_.*]+)*$", max_length=500)] | None = Field(
        None, description="names of events, or the beginning of one and a star, with commas between; default: all"
    )
    channel: Channel | None = Field(None, description="only orders that came by this channel")
    partner: PartnerCode | None = Field(None, description="only what is of this partner")
    order: (
        Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,64}(,[A-Za-z0-9-]{1,64}){0,49}$", max_length=2000)]
        | None
    ) = Field(None, description="only these orders: their numbers, with commas between")


class StreamHeaders(Request):
    """The last event that the listener has."""

    last_event_id: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,18}$")] | None = Field(
        None, alias="Last-Event-ID"
    )
