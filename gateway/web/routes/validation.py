"""Validation: the 30 fields with their rules, and the decisions where orders differ from the master data."""

from __future__ import annotations

from gateway.web.call import Call
from gateway.web.contract import Answer, Contract
from gateway.web.shapes.common import Page
from gateway.web.shapes.validation import (
    DiscrepanciesQuery,
    DiscrepancyPath,
    DiscrepancyShape,
    ProfileQuery,
    ProfileShape,
    ResolveRequest,
)

routes = Contract("validation")


@routes.get("/api/v1/validation/profile", answers={200: ProfileShape})
async def validation_profile(call: Call, *, query: ProfileQuery) -> Answer:
    """The 30 fields of an order with rule and format.

    The rules narrow them by channel, by the customer's country and by partner.
    """
    act = call.operations.validation_desk.profile
    return Answer(await call.run(act, partner=call.partner_asked(query.partner), channel=query.channel))


@routes.get("/api/v1/discrepancies", answers={200: Page[DiscrepancyShape]}, house_only=True)
async def discrepancies(call: Call, *, query: DiscrepanciesQuery) -> Answer:
    """Where orders and master data say different things, oldest first."""
    return Answer(
        await call.run(
            call.operations.validation_desk.discrepancies,
            partner=query.partner,
            number=query.number,
            undecided=query.open,
            cursor=query.cursor,
            limit=query.limit,
        )
    )


@routes.post(
    "/api/v1/discrepancies/{id}/resolve",
    scope="operate",
    answers={200: DiscrepancyShape},
    refusals=(409,),
    house_only=True,
)
async def resolve_discrepancy(call: Call, *, path: DiscrepancyPath, body: ResolveRequest) -> Answer:
    """Decide on a discrepancy: keep the order, or update the master data.

    Updating settles every open discrepancy of the customer that says the same. A hold of what is decided is lifted;
    an order that nothing else holds is confirmed.
    """
    act = call.operations.validation_desk.resolve
    return Answer(await call.run(act, path.id, body.decision, actor=call.principal.name, reason=body.reason))
