"""Credit: how a partner stands, payments, temporary limits and their approval, checks and warnings."""

from __future__ import annotations

from core.credit.adjustments import Request
from core.credit.payments import Payment
from gateway.web.call import Call
from gateway.web.contract import Answer, Contract
from gateway.web.shapes.common import Page, Paging
from gateway.web.shapes.credit import (
    AdjustmentPath,
    AdjustmentRequest,
    AdjustmentShape,
    AdjustmentsQuery,
    ChecksRequest,
    CreditChecksShape,
    CreditShape,
    DecisionRequest,
    GradeRequest,
    PartnerPath,
    PaymentRequest,
    PaymentShape,
    ReversalRequest,
    WarningsQuery,
    WarningsShape,
)

routes = Contract("credit")


@routes.get("/api/v1/partners/{code}/credit", answers={200: CreditShape}, refusals=(404,), house_only=True)
async def partner_credit(call: Call, *, path: PartnerPath) -> Answer:
    """How a partner stands: limit, exposure, what is available, terms, overdue invoices."""
    return Answer(await call.run(call.operations.credit_desk.standing, path.code))


@routes.get("/api/v1/partners/{code}/payments", answers={200: Page[PaymentShape]}, refusals=(404,), house_only=True)
async def partner_payments(call: Call, *, path: PartnerPath, query: Paging) -> Answer:
    """What a partner paid, the latest first: the invoices that each payment went to, and how late."""
    act = call.operations.credit_desk.payments
    return Answer(await call.run(act, path.code, cursor=query.cursor, limit=query.limit))


@routes.post(
    "/api/v1/partners/{code}/grade", scope="operate", answers={200: CreditShape}, refusals=(404,), house_only=True
)
async def grade_partner(call: Call, *, path: PartnerPath, body: GradeRequest) -> Answer:
    """Give a partner its credit grade, with the reason; what it was before is kept."""
    act = call.operations.credit_desk.give_grade
    return Answer(await call.run(act, path.code, body.grade, reason=body.reason, actor=call.principal.name))


@routes.post(
    "/api/v1/payments",
    scope="operate",
    answers={201: CreditShape, 200: CreditShape},
    refusals=(404, 409),
    house_only=True,
)
async def post_payment(call: Call, *, body: PaymentRequest) -> Answer:
    """Post a payment: it lowers the exposure, and orders that wait for it are confirmed.

    It pays the open invoices, those of `order` where it names one, the earliest due first; the rest is kept in
    advance. 200 with nothing changed when the reference was posted before.
    """
    payment = Payment(body.partner, body.reference, body.amount, body.currency, body.date, body.order)
    standing, new = await call.run(call.operations.credit_desk.pay, payment, actor=call.principal.name)
    return Answer(standing, status=201 if new else 200)


@routes.post("/api/v1/payments/reverse", scope="operate", answers={200: CreditShape}, refusals=(404,), house_only=True)
async def reverse_payment(call: Call, *, body: ReversalRequest) -> Answer:
    """Take a payment back that the bank returned: what it paid is open again, and settled orders are not settled.

    The same again changes nothing.
    """
    act, who = call.operations.credit_desk.reverse, call.principal.name
    return Answer(await call.run(act, body.partner, body.reference, actor=who, reason=body.reason))


@routes.get("/api/v1/credit/adjustments", answers={200: Page[AdjustmentShape]}, refusals=(404,), house_only=True)
async def credit_adjustments(call: Call, *, query: AdjustmentsQuery) -> Answer:
    """Temporary limits, guarantees and payment plans, the latest first."""
    act = call.operations.credit_desk.adjustments
    return Answer(await call.run(act, partner=query.partner, state=query.state, cursor=query.cursor, limit=query.limit))


@routes.post(
    "/api/v1/credit/adjustments",
    scope="operate",
    answers={201: AdjustmentShape},
    refusals=(404, 409),
    house_only=True,
)
async def request_credit(call: Call, *, body: AdjustmentRequest) -> Answer:
    """Ask for more credit for a time: a higher limit, a guarantee, or a payment plan for what is overdue."""
    request = Request(body.partner, body.kind, body.amount, body.reason, body.valid_to)
    return Answer(await call.run(call.operations.credit_desk.request, request, actor=call.principal.name), status=201)


@routes.post(
    "/api/v1/credit/adjustments/{id}/approve",
    scope="operate",
    answers={200: AdjustmentShape},
    refusals=(404, 409),
    house_only=True,
)
async def approve_credit(call: Call, *, path: AdjustmentPath, body: DecisionRequest) -> Answer:
    """Approve a credit adjustment: the amount says which role may, and nobody approves what they asked for."""
    return await _decide(call, path, body, approve=True)


@routes.post(
    "/api/v1/credit/adjustments/{id}/decline",
    scope="operate",
    answers={200: AdjustmentShape},
    refusals=(404, 409),
    house_only=True,
)
async def decline_credit(call: Call, *, path: AdjustmentPath, body: DecisionRequest) -> Answer:
    """Decline a credit adjustment."""
    return await _decide(call, path, body, approve=False)


async def _decide(call: Call, path: AdjustmentPath, body: DecisionRequest, *, approve: bool) -> Answer:
    who, act = call.principal, call.operations.credit_desk.decide
    decided = await call.run(act, int(path.id), approve=approve, actor=who.name, reason=body.reason, roles=who.roles)
    return Answer(decided)


@routes.post("/api/v1/credit/checks", scope="read", answers={200: CreditChecksShape}, house_only=True)
async def check_credits(call: Call, *, body: ChecksRequest) -> Answer:
    """Check the credit of many orders as of now; what passes counts against those of the same partner behind it."""
    return Answer({"items": await call.run(call.operations.credit_desk.check, body.orders)})


@routes.get("/api/v1/reports/credit-warnings", answers={200: WarningsShape}, refusals=(404,), house_only=True)
async def credit_warnings(call: Call, *, query: WarningsQuery) -> Answer:
    """Partners that have used most of their limit, or owe what is overdue: now, or as kept on a day."""
    return Answer(await call.run(call.operations.credit_desk.warnings, query.day))
