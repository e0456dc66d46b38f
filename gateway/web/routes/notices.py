"""Notices: preferences of partners, what was told of an order, saying it again, estimates of arrival, counts."""

from __future__ import annotations

from datetime import UTC, datetime

from core.reporting.version import version_of
from gateway.web.call import Call
from gateway.web.contract import Answer, Contract
from gateway.web.shapes.credit import PartnerPath
from gateway.web.shapes.notices import (
    EstimateRequest,
    EstimateShape,
    LinksShape,
    MixQuery,
    MixShape,
    NoticePath,
    NoticesShape,
    PreferencesRequest,
    PreferencesShape,
    ResendRequest,
    RevokedShape,
    RevokeLinksRequest,
    ShipmentPath,
)
from gateway.web.shapes.order import NumberPath

routes = Contract("notices")


@routes.get("/api/v1/partners/{code}/notices", answers={200: PreferencesShape}, refusals=(404,), house_only=True)
async def partner_notices(call: Call, *, path: PartnerPath) -> Answer:
    """What a partner wants to be told of, by which channel and to whom; its ETag is wanted by whoever replaces it."""
    found = await call.run(call.operations.notice_desk.preferences, path.code)
    return Answer(found, etag=version_of(found))


@routes.put(
    "/api/v1/partners/{code}/notices",
    scope="operate",
    answers={200: PreferencesShape},
    refusals=(404, 412, 428),
    house_only=True,
)
async def set_partner_notices(call: Call, *, path: PartnerPath, body: PreferencesRequest) -> Answer:
    """Replace what a partner wants to be told of, in the version that If-Match names.

    422 tells what cannot be followed: no such channel, an address that is none, EDI without an agreement.
    """
    wanted = [one.preference() for one in body.preferences]
    found = await call.run(call.operations.notice_desk.set_preferences, path.code, wanted, expect=call.expect)
    return Answer(found, etag=version_of(found))


@routes.get("/api/v1/orders/{number}/notices", answers={200: NoticesShape}, refusals=(404,))
async def order_notices(call: Call, *, path: NumberPath) -> Answer:
    """What the customer was told of an order, EDI messages included, and whether it was seen."""
    return Answer({"items": await call.run(call.operations.notice_desk.of_order, path.number, partner=call.partner)})


@routes.post(
    "/api/v1/orders/{number}/notices/{id}/resend",
    scope="operate",
    answers={201: NoticesShape},
    refusals=(404, 409),
    house_only=True,
)
async def resend_notice(call: Call, *, path: NoticePath, body: ResendRequest) -> Answer:
    """Say a notice again, by another channel or to somebody else.

    It is written anew from the same facts. The task to reach the customer is done by it.
    """
    act = call.operations.notice_desk.resend
    who = call.principal.name
    new = await call.run(act, path.number, path.id, channel=body.channel, to=body.to, actor=who)
    return Answer({"items": new}, status=201)


@routes.get("/api/v1/orders/{number}/links", answers={200: LinksShape}, refusals=(404,), house_only=True)
async def order_links(call: Call, *, path: NumberPath) -> Answer:
    """The links of notices that open an order to whoever holds one; their tokens are kept nowhere."""
    found = await call.run(call.operations.notice_desk.links, path.number)
    return Answer(found, etag=version_of(found))


@routes.post(
    "/api/v1/orders/{number}/links/revoke",
    scope="operate",
    answers={200: RevokedShape},
    refusals=(404,),
    house_only=True,
)
async def revoke_links(call: Call, *, path: NumberPath, body: RevokeLinksRequest) -> Answer:
    """Revoke the links of an order, or that of one notice: from now on each answers as an unknown one does, with 404.

    A notice that is sent later, or said again, has a link of its own. Where none is left nothing happens.
    """
    act, who = call.operations.notice_desk.revoke_links, call.principal.name
    return Answer(await call.run(act, path.number, body.notice, reason=body.reason, actor=who))


@routes.post(
    "/api/v1/shipments/{number}/estimates",
    scope="operate",
    answers={200: EstimateShape},
    refusals=(404,),
    house_only=True,
)
async def estimate_arrival(call: Call, *, path: ShipmentPath, body: EstimateRequest) -> Answer:
    """Say on which day a shipment is expected now.

    A day later than the customer was told is told at once; the reminder of the day before moves with it.
    """
    act = call.operations.notice_desk.expect
    who = call.principal.name
    return Answer(await call.run(act, path.number, body.expected_date, reason=body.reason, actor=who))


@routes.get("/api/v1/reports/notices", answers={200: MixShape}, house_only=True)
async def notice_mix(call: Call, *, query: MixQuery) -> Answer:
    """How many notices and EDI messages went by which channel, and what became of them."""
    since, until = query.span(datetime.now(UTC))
    return Answer(await call.run(call.operations.notice_desk.mix, since, until))
