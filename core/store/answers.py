"""What a carrier answered, as a source with one document: the row part of intake's door for answers.

The bytes are in the blob store before this is called; the rows are written in the transaction of the effect.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import insert

from core.store.engine import Tx
from core.store.tables.intake import documents, sources


class Answer(NamedTuple):
    """One answer from outside: kept bytes, who sent them and what they changed.

    ``type`` is BOOKING or TRACKING, ``reference`` ours to the other side, ``decoder`` the adapter that read it.
    """

    type: str
    sha256: str
    size: int
    origin: str
    decoder: str
    reference: str
    partner_id: int
    order_id: int


def enter_answer(tx: Tx, answer: Answer, at: datetime) -> int:
    """Write source and document (outcome ``changed``) and return the document's id."""
    source_id, document_id = tx.ids.next(), tx.ids.next()
    tx.execute(
        insert(sources).values(
            id=source_id,
            sha256=answer.sha256,
            size=answer.size,
            channel="",
            transport="carrier",
            origin=answer.origin,
            partner_id=answer.partner_id,
            claim_id=None,
            received_at=at,
            decoder=answer.decoder,
            documents=1,
            settled=True,
            worker_id=None,
        )
    )
    tx.execute(
        insert(documents).values(
            id=document_id,
            source_id=source_id,
            interchange_id=None,
            ordinal=1,
            type=answer.type,
            version="",
            reference=answer.reference,
            control_reference="",
            partner_id=answer.partner_id,
            outcome="changed",
            reason=None,
            order_id=answer.order_id,
            received_at=at,
            violations=None,
        )
    )
    return document_id
