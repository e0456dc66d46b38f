"""What a carrier answered comes in as a source with one document, in the transaction of its effect."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, NamedTuple

from core.clock import to_micros
from core.store.engine import Tx
from core.store.intake import DocumentRow, add_source, append_documents
from core.store.shipping import ShipmentRow

#: characters of ``documents.reference``
_REFERENCE = 35


class Answer(NamedTuple):
    """Bytes of a carrier that the blob store keeps already, and what they answer."""

    type: Literal["BOOKING", "TRACKING"]
    sha256: str
    size: int
    carrier: str
    reference: str


def enter_answer(tx: Tx, answer: Answer, shipment: ShipmentRow, now: datetime) -> int:
    """Enter source and document (outcome ``changed``) and return the document's id."""
    source_id = add_source(
        tx,
        sha256=answer.sha256,
        size=answer.size,
        channel="",
        transport="carrier",
        origin=f"{answer.carrier}/{answer.reference}",
        partner_id=shipment.partner_id,
        claim_id=None,
        received_at=now,
        decoder=answer.carrier,
        documents=1,
        settled=True,
        worker_id=None,
    )
    document = DocumentRow(
        id=tx.ids.next(),
        source_id=source_id,
        interchange_id=None,
        ordinal=0,
        type=answer.type,
        version="",
        association="",
        reference=answer.reference[:_REFERENCE],
        control_reference="",
        partner_id=shipment.partner_id,
        outcome="changed",
        reason=None,
        order_id=shipment.order_id,
        received_at=to_micros(now),
        violations=None,
    )
    append_documents(tx, [document])
    return document.id
