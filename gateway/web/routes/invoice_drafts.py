"""Invoices that wait for their approval: drafted by one, approved by another."""

from __future__ import annotations

from gateway.web.approvals_port import Person
from gateway.web.call import Call
from gateway.web.contract import Answer, Contract
from gateway.web.shapes.common import Page
from gateway.web.shapes.invoice_drafts import (
    DecideInvoiceRequest,
    DraftInvoiceRequest,
    DraftPath,
    InvoiceDraftShape,
    InvoiceDraftsQuery,
)

routes = Contract("invoice drafts")


@routes.get("/api/v1/invoice-drafts", answers={200: Page[InvoiceDraftShape]}, house_only=True)
async def invoice_drafts(call: Call, *, query: InvoiceDraftsQuery) -> Answer:
    """Drafted invoices, the earliest first."""
    act = call.operations.approval_desk.invoice_drafts
    return Answer(await call.run(act, state=query.state, cursor=query.cursor, limit=query.limit))


@routes.post(
    "/api/v1/invoice-drafts",
    scope="operate",
    answers={201: InvoiceDraftShape},
    refusals=(404, 409),
    house_only=True,
)
async def draft_invoice(call: Call, *, body: DraftInvoiceRequest) -> Answer:
    """Draft the invoice of a shipment, for another person to approve."""
    act = call.operations.approval_desk.draft_invoice
    return Answer(await call.run(act, body.shipment, why=body.reason, who=_person(call)), status=201)


@routes.post(
    "/api/v1/invoice-drafts/{id}/approve",
    scope="operate",
    answers={200: InvoiceDraftShape},
    refusals=(404, 409),
    house_only=True,
)
async def approve_invoice(call: Call, *, path: DraftPath, body: DecideInvoiceRequest) -> Answer:
    """Issue a drafted invoice: its number, tax and due date are those of now. 403 `approval.own` for who drafted it."""
    return await _decide(call, path, body, approve=True)


@routes.post(
    "/api/v1/invoice-drafts/{id}/decline",
    scope="operate",
    answers={200: InvoiceDraftShape},
    refusals=(404, 409),
    house_only=True,
)
async def decline_invoice(call: Call, *, path: DraftPath, body: DecideInvoiceRequest) -> Answer:
    """Decline a drafted invoice; its shipment may be drafted anew."""
    return await _decide(call, path, body, approve=False)


async def _decide(call: Call, path: DraftPath, body: DecideInvoiceRequest, *, approve: bool) -> Answer:
    act = call.operations.approval_desk.decide_invoice
    return Answer(await call.run(act, int(path.id), approve=approve, reason=body.reason, who=_person(call)))


def _person(call: Call) -> Person:
    who = call.principal
    return Person(who.name, who.roles, who.key)
