"""How an order came in, and everything that belongs to it."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from gateway.web.shapes.changes import ChangeShape
from gateway.web.shapes.common import Shape
from gateway.web.shapes.document import DocumentShape, SourceShape
from gateway.web.shapes.entry import OriginShape
from gateway.web.shapes.masters import InvoiceShape, ShipmentShape
from gateway.web.shapes.order import OrderShape


class OrderSourceShape(Shape):
    """How an order came in: the door, who entered it, the raw form and the one form that all channels have."""

    number: str
    channel: str
    entered_by: str
    received_at: str
    document_id: str
    source_id: str
    source: SourceShape
    canonical: dict[str, Any] = Field(description="the order as received; only fields that were sent are in it")
    draft: str | None = Field(description="the draft that it was")
    origins: dict[str, OriginShape] = Field(
        description="of the draft's fields, or of what was read of a mail or fax that needed no draft"
    )
    raw: str | None = Field(description="the bytes as text; null where they are many, or no text")
    raw_url: str


class ReceivedShape(DocumentShape):
    """A document that came in, with the bytes that hold it."""

    source: SourceShape
    raw: str


class SentShape(DocumentShape):
    """A document that went out."""

    raw: str


class PastHold(Shape):
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


class DifferenceShape(Shape):
    """Where the order and the master data differ, and what was decided."""

    id: str
    field: str
    order_value: str
    master_value: str
    decision: str | None
    decided_by: str | None


class NoticeShape(Shape):
    """What somebody was told of the order, and how far it is."""

    id: str
    notice: str
    channel: str
    to: list[str]
    language: str
    subject: str | None
    state: str
    sent_at: str | None


class CaseFileShape(Shape):
    """Everything that belongs to an order; `raw` and `links` are paths of this API."""

    order: OrderShape
    received: list[ReceivedShape]
    sent: list[SentShape]
    holds: list[PastHold]
    discrepancies: list[DifferenceShape]
    changes: list[ChangeShape]
    notices: list[NoticeShape]
    shipments: list[ShipmentShape]
    invoices: list[InvoiceShape]
    links: dict[str, str]
