"""Enters what a caller who waits has sent: a source of one document, whose outcome is known in the same transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import orjson

from core.clock import to_micros
from core.provenance import Violation
from core.store import intake as rows
from core.store.engine import Tx


@dataclass(frozen=True, slots=True)
class Body:
    """A request body: hash and size of its bytes, the way in, whose it is and who took it, and what reads it."""

    sha256: str
    size: int
    channel: str
    origin: str
    partner_id: int
    received_at: datetime
    worker_id: int
    transport: str = "api"
    decoder: str = "json"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the document of a body: of which type, under which reference of the sender's, and why.

    No order where it was refused for its *violations*.
    """

    type: Literal["ORDERS", "ORDCHG"]
    reference: str
    outcome: str
    reason: str | None
    order_id: int | None
    violations: Sequence[Violation] = ()


def enter_body(tx: Tx, body: Body) -> int:
    """Keep *body* as a source that is settled, and return its id."""
    return rows.add_source(
        tx,
        sha256=body.sha256,
        size=body.size,
        channel=body.channel,
        transport=body.transport,
        origin=body.origin[:300],
        partner_id=body.partner_id,
        claim_id=None,
        received_at=body.received_at,
        decoder=body.decoder,
        documents=1,
        settled=True,
        worker_id=body.worker_id,
    )


def enter_outcome(tx: Tx, body: Body, source_id: int, document_id: int, found: Outcome) -> None:
    """Keep what became of the document of *body*."""
    faults = [violation.kept() for violation in found.violations]
    document = rows.DocumentRow(
        id=document_id,
        source_id=source_id,
        interchange_id=None,
        ordinal=0,
        type=found.type,
        version="",
        association="",
        reference=found.reference[:35],
        control_reference="",
        partner_id=body.partner_id,
        outcome=found.outcome,
        reason=found.reason,
        order_id=found.order_id,
        received_at=to_micros(body.received_at),
        violations=orjson.dumps(faults).decode() if faults else None,
    )
    rows.append_documents(tx, [document])
