"""Approvals of held orders by several people, and who stands in for whom."""

from __future__ import annotations

from core.approvals.standing import Absence
from gateway.web.approvals_port import Person
from gateway.web.call import Call
from gateway.web.contract import Answer, Contract
from gateway.web.shapes.approvals import (
    ApprovalDetailShape,
    ApprovalPath,
    ApprovalShape,
    ApprovalsQuery,
    ApprovalsShape,
    AskRequest,
    DecideRequest,
    DelegateRequest,
    DelegationPath,
    DelegationRequest,
    DelegationShape,
    EscalateRequest,
)
from gateway.web.shapes.common import Page, Paging
from gateway.web.shapes.order import IdempotencyHeader, NumberPath

routes = Contract("approvals")


@routes.get("/api/v1/approvals", answers={200: Page[ApprovalShape]}, house_only=True)
async def approvals(call: Call, *, query: ApprovalsQuery) -> Answer:
    """Decisions that are asked for on holds, the earliest first."""
    found = await call.run(
        call.operations.approval_desk.approvals,
        state=query.state,
        order=query.order,
        mine=_person(call) if query.mine else None,
        cursor=query.cursor,
        limit=query.limit,
    )
    return Answer(found)


@routes.get("/api/v1/approvals/{id}", answers={200: ApprovalDetailShape}, refusals=(404,), house_only=True)
async def approval(call: Call, *, path: ApprovalPath) -> Answer:
    """One approval: the hold with its inputs and rule, the limit of the role, the flow, and what approving does."""
    return Answer(await call.run(call.operations.approval_desk.approval, int(path.id)))


@routes.post(
    "/api/v1/approvals/{id}/decide",
    scope="operate",
    answers={200: ApprovalDetailShape},
    refusals=(404, 409),
    house_only=True,
)
async def decide_approval(call: Call, *, path: ApprovalPath, headers: IdempotencyHeader, body: DecideRequest) -> Answer:
    """Approve or decline.

    The last approval lifts the hold, and confirms the order where nothing else holds it; a declined one ends the flow.
    403 `approval.own` for who entered, changed or asked for it, `approval.twice` for who decided on another part.
    """
    decided = await call.run(
        call.operations.approval_desk.decide,
        int(path.id),
        approve=body.decision == "approve",
        reason=body.reason,
        who=_person(call),
        idempotency_key=headers.key,
    )
    return Answer(decided)


@routes.post(
    "/api/v1/approvals/{id}/delegate",
    scope="operate",
    answers={200: ApprovalDetailShape},
    refusals=(404, 409),
    house_only=True,
)
async def delegate_approval(call: Call, *, path: ApprovalPath, body: DelegateRequest) -> Answer:
    """Hand an approval to somebody by name, whose role must reach up to it."""
    act = call.operations.approval_desk.delegate
    handed = await call.run(act, int(path.id), to=body.to, until=body.until, reason=body.reason, who=_person(call))
    return Answer(handed)


@routes.post(
    "/api/v1/approvals/{id}/escalate",
    scope="operate",
    answers={200: ApprovalDetailShape},
    refusals=(404, 409),
    house_only=True,
)
async def escalate_approval(call: Call, *, path: ApprovalPath, body: EscalateRequest) -> Answer:
    """Hand a special case to the role above, with the reason; what is not decided in time goes there by itself."""
    act = call.operations.approval_desk.escalate
    return Answer(await call.run(act, int(path.id), reason=body.reason, who=_person(call)))


@routes.post(
    "/api/v1/orders/{number}/approvals",
    scope="operate",
    answers={201: ApprovalsShape},
    refusals=(404, 409),
    house_only=True,
)
async def ask_for_approval(call: Call, *, path: NumberPath, body: AskRequest) -> Answer:
    """Ask for the approval of open holds: again where it was declined, of the role above where one role releases.

    Who asks does not decide.
    """
    act = call.operations.approval_desk.ask_for
    asked = await call.run(act, path.number, codes=tuple(body.codes), reason=body.reason, who=_person(call))
    return Answer({"items": asked}, status=201)


@routes.get("/api/v1/delegations", answers={200: Page[DelegationShape]}, house_only=True)
async def delegations(call: Call, *, query: Paging) -> Answer:
    """Who decides in place of whom, the latest first; without those that were ended by hand."""
    act = call.operations.approval_desk.delegations
    return Answer(await call.run(act, cursor=query.cursor, limit=query.limit))


@routes.post(
    "/api/v1/delegations", scope="operate", answers={201: DelegationShape}, refusals=(404, 409), house_only=True
)
async def keep_delegation(call: Call, *, body: DelegationRequest) -> Answer:
    """Say who decides in place of somebody who is away: with their roles, never on what they asked for."""
    who = _person(call)
    absence = Absence(body.away or who.name, body.to, body.valid_from, body.valid_to, body.reason)
    return Answer(await call.run(call.operations.approval_desk.keep_delegation, absence, who=who), status=201)


@routes.post(
    "/api/v1/delegations/{id}/end", scope="operate", answers={200: DelegationShape}, refusals=(404,), house_only=True
)
async def end_delegation(call: Call, *, path: DelegationPath) -> Answer:
    """End a delegation before its time."""
    act = call.operations.approval_desk.end_delegation
    return Answer(await call.run(act, int(path.id), who=_person(call)))


def _person(call: Call) -> Person:
    who = call.principal
    return Person(who.name, who.roles, who.key)
