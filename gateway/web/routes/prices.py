"""Prices: what an item costs a buyer, and why."""

from __future__ import annotations

from core.catalogue.requests import PriceRequest
from gateway.web.call import Call
from gateway.web.contract import Answer, Contract
from gateway.web.problems import Problem, fault
from gateway.web.shapes.order import NumberPath
from gateway.web.shapes.prices import (
    AgreedPrice,
    ContractPath,
    ContractVerdict,
    DecisionBody,
    LinePath,
    OrderMargin,
    PriceExplanation,
    PriceQuery,
    PriceRequestBody,
    PriceRequestShape,
    PriceShape,
    RequestPath,
    VerifyBody,
)

routes = Contract("prices")


@routes.get("/api/v1/price", answers={200: PriceShape}, refusals=(404,))
async def price(call: Call, *, query: PriceQuery) -> Answer:
    """The price of an item for a buyer, quantity and day.

    Every candidate is shown with its source and validity, and why the chosen one is taken. A key of a partner sees its
    own prices only.
    """
    partner = call.partner_asked(query.partner)
    if partner is None:
        missing = fault("missing", "name the partner, or use a key that is bound to one", parameter="partner")
        raise Problem(422, "validation.failed", "the partner is missing", violations=[missing])
    found = await call.run(
        call.operations.prices.price,
        partner=partner,
        sku=query.sku,
        quantity=query.quantity,
        day=query.date,
        currency=query.currency,
        contract=query.contract or "",
    )
    return Answer(found)


@routes.get("/api/v1/orders/{number}/lines/{line}/price-explanation", answers={200: PriceExplanation})
async def price_explanation(call: Call, *, path: LinePath) -> Answer:
    """How the price of a line was composed when it was reviewed.

    Every candidate of that time, the one that was taken and why, the buyer's own price, and who accepted what since.
    """
    explain = call.operations.prices.price_explanation
    return Answer(await call.run(explain, path.number, path.line, partner=call.partner))


@routes.post(
    "/api/v1/orders/{number}/lines/{line}/price",
    scope="operate",
    answers={200: PriceExplanation},
    refusals=(404, 409),
    house_only=True,
)
async def agree_price(call: Call, *, path: LinePath, body: AgreedPrice) -> Answer:
    """Give a line under review the special price of a granted request.

    The holds on the line's price are lifted, the margin is judged anew; confirm the order when nothing holds it. 409
    when the price is locked, because the order is confirmed: change the order then.
    """
    agree = call.operations.prices.agree_price
    return Answer(await call.run(agree, path.number, path.line, request=body.request, actor=call.principal.name))


@routes.get("/api/v1/orders/{number}/margin", answers={200: OrderMargin}, house_only=True)
async def order_margin(call: Call, *, path: NumberPath) -> Answer:
    """What an order earns, by line and in all, with the source of each cost."""
    return Answer(await call.run(call.operations.prices.order_margin, path.number))


@routes.post(
    "/api/v1/price-requests",
    scope="operate",
    answers={201: PriceRequestShape},
    refusals=(404, 409),
    house_only=True,
)
async def request_price(call: Call, *, body: PriceRequestBody) -> Answer:
    """Ask for a special price. The role that may grant it follows from how far it is below the present price."""
    asked = PriceRequest(**body.model_dump())
    found = await call.run(call.operations.prices.request_price, asked, actor=call.principal.name)
    return Answer(found, 201)


@routes.get("/api/v1/price-requests/{request}", answers={200: PriceRequestShape}, house_only=True)
async def price_request(call: Call, *, path: RequestPath) -> Answer:
    """One request for a special price."""
    return Answer(await call.run(call.operations.prices.price_request, path.request))


@routes.post(
    "/api/v1/price-requests/{request}/grant",
    scope="operate",
    answers={200: PriceRequestShape},
    refusals=(404, 409),
    house_only=True,
)
async def grant_price_request(call: Call, *, path: RequestPath, body: DecisionBody) -> Answer:
    """Grant a special price: it is a price of its customer from now on. Nobody grants their own beyond their limit."""
    return await _decided(call, path, body, grant=True)


@routes.post(
    "/api/v1/price-requests/{request}/decline",
    scope="operate",
    answers={200: PriceRequestShape},
    refusals=(404, 409),
    house_only=True,
)
async def decline_price_request(call: Call, *, path: RequestPath, body: DecisionBody) -> Answer:
    """Decline a special price."""
    return await _decided(call, path, body, grant=False)


async def _decided(call: Call, path: RequestPath, body: DecisionBody, *, grant: bool) -> Answer:
    caller = call.principal
    found = await call.run(
        call.operations.prices.decide_request,
        path.request,
        grant=grant,
        reason=body.reason,
        actor=caller.name,
        roles=caller.roles,
    )
    return Answer(found)


@routes.post(
    "/api/v1/contracts/{contract}/verify",
    scope="operate",
    answers={200: ContractVerdict},
    refusals=(404,),
    house_only=True,
)
async def verify_contract(call: Call, *, path: ContractPath, body: VerifyBody) -> Answer:
    """List the lines of orders under a contract that are off its prices, as these were when the orders came."""
    return Answer(await call.run(call.operations.prices.verify_contract, path.contract, since=body.since))
