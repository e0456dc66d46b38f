"""Customers: master data over the API, grades by trade, profile, feedback on orders."""

from __future__ import annotations

from core.customers.feedback import Feedback
from core.errors import ValueRefused
from gateway.master_data.models import Partner
from gateway.web.call import Call
from gateway.web.contract import Answer, Contract
from gateway.web.shapes.common import Page, Paging
from gateway.web.shapes.credit import PartnerPath
from gateway.web.shapes.customers import (
    FeedbackQuery,
    FeedbackRequest,
    FeedbackShape,
    PartnerChangeShape,
    PartnerMasterShape,
    ProfileShape,
    ReasonQuery,
    RegradedShape,
    RegradeQuery,
    RegradeRequest,
)
from gateway.web.shapes.order import OrderShape

routes = Contract("customers")


@routes.post("/api/v1/partners", scope="operate", answers={201: PartnerMasterShape}, refusals=(409,), house_only=True)
async def create_partner(call: Call, *, query: ReasonQuery, body: Partner) -> Answer:
    """Add a partner with its folders. The keys and rules are those of `[[partners]]` in the master data file."""
    desk, who = call.operations.customer_desk, call.principal.name
    made, version = await call.run(desk.create, body, actor=who, reason=query.reason)
    return Answer(made, 201, {"Location": f"/api/v1/partners/{body.code}"}, etag=version)


@routes.post(
    "/api/v1/partners/regrade", scope="operate", answers={200: RegradedShape}, refusals=(404,), house_only=True
)
async def regrade_partners(call: Call, *, query: RegradeQuery, body: RegradeRequest) -> Answer:
    """Grade customers anew by their trade: orders, invoiced amount and days late of the last months, by the rules.

    A grade that changes is kept with its reason. A dry run tells what would change.
    """
    act, who = call.operations.customer_desk.regrade, call.principal.name
    return Answer(await call.run(act, partner=body.partner, dry_run=query.dry_run, actor=who))


@routes.get("/api/v1/partners/{code}", answers={200: PartnerMasterShape}, refusals=(404,), house_only=True)
async def partner(call: Call, *, path: PartnerPath) -> Answer:
    """A partner with its contact, EDI identities, addresses and preferences; its version is the ETag."""
    found, version = await call.run(call.operations.customer_desk.partner, path.code)
    return Answer(found, etag=version)


@routes.put(
    "/api/v1/partners/{code}",
    scope="operate",
    answers={200: PartnerMasterShape},
    refusals=(404, 409, 412, 428),
    house_only=True,
)
async def replace_partner(call: Call, *, path: PartnerPath, query: ReasonQuery, body: Partner) -> Answer:
    """Set the master data of a partner as a whole, in the version that If-Match names; a key left out is unset."""
    desk = call.operations.customer_desk
    _, version = await call.run(desk.partner, path.code)
    call.expect_version(version)
    if body.code != path.code:
        raise ValueRefused(f"code: this is {path.code}", hint="A partner keeps its code.")
    who = call.principal.name
    kept, version = await call.run(desk.replace, body, seen=version, actor=who, reason=query.reason)
    return Answer(kept, etag=version)


@routes.get(
    "/api/v1/partners/{code}/history", answers={200: Page[PartnerChangeShape]}, refusals=(404,), house_only=True
)
async def partner_history(call: Call, *, path: PartnerPath, query: Paging) -> Answer:
    """Who changed the master data of a partner, when, why, from what and to what; the latest change first."""
    act = call.operations.customer_desk.history
    return Answer(await call.run(act, path.code, cursor=query.cursor, limit=query.limit))


@routes.get("/api/v1/partners/{code}/orders", answers={200: Page[OrderShape]}, refusals=(404,))
async def partner_orders(call: Call, *, path: PartnerPath, query: Paging) -> Answer:
    """The orders of a partner, newest first."""
    asked = call.partner_asked(path.code)
    return Answer(await call.read(call.views.orders, partner=asked, cursor=query.cursor, limit=query.limit))


@routes.get("/api/v1/partners/{code}/profile", answers={200: ProfileShape}, refusals=(404,), house_only=True)
async def partner_profile(call: Call, *, path: PartnerPath) -> Answer:
    """What a customer bought in the last twelve months and this one, its favourite items, how it pays and rates."""
    return Answer(await call.run(call.operations.customer_desk.profile, path.code))


@routes.post("/api/v1/feedback", scope="submit", answers={201: FeedbackShape}, refusals=(404, 409))
async def give_feedback(call: Call, *, body: FeedbackRequest) -> Answer:
    """Say how an order went: kept with it and told in its life; a low rating is a task for customer service."""
    said = Feedback(body.order, body.rating, body.text)
    act, who = call.operations.customer_desk.give_feedback, call.principal.name
    return Answer(await call.run(act, said, partner=call.partner, actor=who), 201)


@routes.get("/api/v1/feedback", answers={200: Page[FeedbackShape]})
async def feedback(call: Call, *, query: FeedbackQuery) -> Answer:
    """What was said of orders, the latest first."""
    found = await call.run(
        call.operations.customer_desk.feedback,
        order=query.order,
        partner=call.partner_asked(query.partner),
        most_rating=query.most_rating,
        cursor=query.cursor,
        limit=query.limit,
    )
    return Answer(found)
