# Made by `make reference` from the OpenAPI document. Do not edit.
"""Bodies and answers of the subject evidence."""

from __future__ import annotations

from typing import Any

from gateway.client.shapes.common import (
    ChangeShape,
    DocumentLink,
    GuideShape,
    InvoiceShape,
    OrderShape,
    OriginShape,
    ShipmentShape,
    SourceShape,
)
from gateway.client.values import Answer

__all__ = [
    "AuditVerdict",
    "CaseFileShape",
    "CasesDifferenceShape",
    "CasesNoticeShape",
    "Checks",
    "FieldSourceShape",
    "JudgingGuide",
    "NumberedShape",
    "NumberingProof",
    "OrderSourceShape",
    "PastHold",
    "ReceivedShape",
    "Reconciliation",
    "SentShape",
    "Timeline",
    "TimelineEvent",
    "VoidShape",
]


class AuditVerdict(Answer):
    """Whether the chain of events is intact; ``first_bad`` names the first event that is not."""

    ok: bool
    events: int
    unsealed: int
    first_bad: str | int | None


class ReceivedShape(Answer):
    """A document that came in, with the bytes that hold it."""

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
    source: SourceShape
    raw: str


class SentShape(Answer):
    """A document that went out."""

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
    raw: str


class PastHold(Answer):
    """A hold that is in force, or was."""

    code: str
    stage: str
    line: int | None
    reason: str
    release_role: str
    set_at: str
    released_at: str | None
    released_by: str | None
    release_reason: str | None


class CasesDifferenceShape(Answer):
    """Where the order and the master data differ, and what was decided."""

    id: str
    field: str
    order_value: str
    master_value: str
    decision: str | None
    decided_by: str | None


class CasesNoticeShape(Answer):
    """What somebody was told of the order, and how far it is."""

    id: str
    notice: str
    channel: str
    to: list[str]
    language: str
    subject: str | None
    state: str
    sent_at: str | None


class CaseFileShape(Answer):
    """Everything that belongs to an order; `raw` and `links` are paths of this API."""

    order: OrderShape
    received: list[ReceivedShape]
    sent: list[SentShape]
    holds: list[PastHold]
    discrepancies: list[CasesDifferenceShape]
    changes: list[ChangeShape]
    notices: list[CasesNoticeShape]
    shipments: list[ShipmentShape]
    invoices: list[InvoiceShape]
    links: dict[str, str]


class Checks(Answer):
    """The review of an order: every check with its inputs, verdict and rule version."""

    number: str
    checks: list[dict[str, Any]]


class FieldSourceShape(Answer):
    """The place that a value was read from; ``verified`` when decoding that place again gives the value."""

    field: str
    value: str | None
    verified: bool
    document_id: str | None
    kind: str
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


class JudgingGuide(Answer):
    """The partner guide that judged a document of an order.

    The fingerprint is the SHA-256 of its file at that time.
    """

    document_id: str
    name: str
    fingerprint: str


class VoidShape(Answer):
    """Why no order carries a serial, who said so and when."""

    reason: str
    actor: str
    at: str


class NumberedShape(Answer):
    """One serial: an order, with the first hash of its chain of events, or void.

    ``link`` covers it and the one before. ``link`` is the SHA-256, in hex, of the bytes of the link before (32 zero
    bytes at first) followed by the JSON array ``[serial, number, received, void]`` without spaces and with the keys of
    ``void`` in alphabetical order.
    """

    serial: int
    number: str
    received: str | None
    void: VoidShape | None
    link: str


class NumberingProof(Answer):
    """The proof that serials are 1..last, each an order or void with its reason; ``digest`` is the last link."""

    year: int
    channel: str
    ok: bool
    last: int
    orders: int
    voids: int
    gaps: list[int]
    doubles: list[int]
    strays: list[str]
    faults: int
    digest: str
    entries: list[NumberedShape]


class OrderSourceShape(Answer):
    """How an order came in: the door, who entered it, the raw form and the one form that all channels have."""

    number: str
    channel: str
    entered_by: str
    received_at: str
    document_id: str
    source_id: str
    source: SourceShape
    #: the order as received; only fields that were sent are in it
    canonical: dict[str, Any]
    #: the draft that it was
    draft: str | None
    #: of the draft's fields, or of what was read of a mail or fax that needed no draft
    origins: dict[str, OriginShape]
    #: the bytes as text; null where they are many, or no text
    raw: str | None
    raw_url: str


class Reconciliation(Answer):
    """Every document has exactly one outcome; ``unexplained`` is what has none."""

    documents: int
    accepted: int
    changed: int
    rejected: int
    duplicate: int
    parked: int
    waiting: int
    unexplained: int


class TimelineEvent(Answer):
    """One fact in the life of an order."""

    at: str
    event: str
    actor: str | None
    summary: str
    document_id: str | None
    inputs: dict[str, Any]


class Timeline(Answer):
    """The life of an order, oldest first, and the guides that judged its documents."""

    number: str
    events: list[TimelineEvent]
    guides: list[JudgingGuide]
