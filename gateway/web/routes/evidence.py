"""Evidence of one order and of the whole: timeline, checks, sources, reconciliation, audit, numbering."""

from __future__ import annotations

from gateway.web.call import Call
from gateway.web.contract import Answer, Contract
from gateway.web.shapes.common import Page
from gateway.web.shapes.document import DocumentShape
from gateway.web.shapes.evidence import (
    AuditVerdict,
    Checks,
    FieldSourceShape,
    NumberingPath,
    NumberingProof,
    Reconciliation,
    Timeline,
)
from gateway.web.shapes.order import FieldPath, NumberPath

routes = Contract("evidence")


@routes.get("/api/v1/orders/{number}/timeline", answers={200: Timeline})
async def timeline(call: Call, *, path: NumberPath) -> Answer:
    """The life of an order, oldest first."""
    return Answer(await call.read(call.views.timeline, path.number, call.partner))


@routes.get("/api/v1/orders/{number}/checks", answers={200: Checks})
async def checks(call: Call, *, path: NumberPath) -> Answer:
    """The review of an order: inputs, verdict and rule version of every check."""
    return Answer(await call.read(call.views.checks, path.number, call.partner))


@routes.get("/api/v1/orders/{number}/documents", answers={200: Page[DocumentShape]})
async def documents_of_order(call: Call, *, path: NumberPath) -> Answer:
    """The documents, in and out, that belong to an order."""
    return Answer(await call.read(call.views.documents_of, path.number, call.partner))


@routes.get("/api/v1/orders/{number}/source/{field}", answers={200: FieldSourceShape})
async def field_source(call: Call, *, path: FieldPath) -> Answer:
    """The place that a field was read from: segment and byte, JSON pointer, or rule.

    `verified` is true when decoding that place again gives the stored value.
    """
    return Answer(await call.run(call.operations.source, path.number, path.field, partner=call.partner))


@routes.get("/api/v1/reconciliation", answers={200: Reconciliation}, house_only=True)
async def reconciliation(call: Call) -> Answer:
    """Every document has exactly one outcome; `unexplained` counts those that have none."""
    return Answer(await call.read(call.views.reconciliation))


@routes.get("/api/v1/audit/verify", answers={200: AuditVerdict}, house_only=True)
async def audit_verify(call: Call) -> Answer:
    """Walk the chain of events and tell the first that was altered, dropped or moved."""
    return Answer(await call.run(call.operations.audit_verify))


@routes.get("/api/v1/numbering/{year}/{channel}/proof", answers={200: NumberingProof}, house_only=True)
async def numbering_proof(call: Call, *, path: NumberingPath) -> Answer:
    """The proof that the serials of a year and channel have no gap and no double.

    Every serial is listed, some 230 bytes each. `ordergate numbering verify` judges the answer without a database.
    """
    return Answer(await call.read(call.views.numbering_proof, path.year, path.channel))
