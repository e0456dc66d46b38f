"""Orders: place, list, read, and the acts on one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from core.errors import Conflict, Forbidden
from gateway.web.call import Call
from gateway.web.contract import Answer, Contract
from gateway.web.problems import Problem, fault, of_error
from gateway.web.shapes.common import Page
from gateway.web.shapes.order import (
    CancelRequest,
    Empty,
    IdempotencyHeader,
    NumberPath,
    OrderRequest,
    OrderShape,
    OrdersQuery,
    PlaceQuery,
    ReleaseRequest,
)

routes = Contract("orders")


@routes.post("/api/v1/orders", scope="submit", answers={201: OrderShape, 200: OrderShape}, refusals=(404, 409))
async def place_order(call: Call, *, query: PlaceQuery, headers: IdempotencyHeader, body: OrderRequest) -> Answer:
    """Place an order.

    It is reviewed before the answer comes: its holds are in it. All violations are told at once. The same
    Idempotency-Key with the same body gives the first answer again. A dry run answers 200 with every check and writes
    nothing. Without a partner the buyer's code, GLN, tax number or name finds the customer. What is not said comes from
    its master data; the checks tell which.
    """
    if not call.principal.may_order(body.type):
        raise Forbidden(f"your role may not enter orders of the type {body.type}", inputs={"type": body.type})
    partner = call.partner_asked(body.partner)
    if partner is None and body.buyer is not None:
        partner = await call.run(call.operations.validation_desk.find_customer, body.buyer.model_dump())
    if partner is None:
        missing = fault("missing", "name the partner, or use a key that is bound to one", pointer="/partner")
        raise Problem(422, "validation.failed", "the partner is missing", violations=[missing])
    order = await call.run(
        call.operations.place_order,
        call.content,
        body.document(),
        partner=partner,
        actor=call.principal.name,
        key=call.principal.key,
        idempotency_key=headers.key,
        dry_run=query.dry_run,
        units=call.principal.units,
    )
    if query.dry_run:
        return Answer(order)
    return Answer(order, 201, {"Location": f"/api/v1/orders/{order['number']}"})


@routes.get("/api/v1/orders", answers={200: Page[OrderShape]})
async def orders(call: Call, *, query: OrdersQuery) -> Answer:
    """Orders, newest first."""
    return Answer(
        await call.read(
            call.views.orders,
            state=query.state,
            partner=call.partner_asked(query.partner),
            channel=query.channel,
            since=query.since,
            q=query.q,
            cursor=query.cursor,
            limit=query.limit,
        )
    )


@routes.get("/api/v1/orders/{number}", answers={200: OrderShape})
async def order(call: Call, *, path: NumberPath) -> Answer:
    """One order with its lines and open holds."""
    return Answer(await call.read(call.views.order, path.number, call.partner))


@routes.post(
    "/api/v1/orders/{number}/confirm", scope="operate", answers={200: OrderShape}, refusals=(409,), house_only=True
)
async def confirm_order(call: Call, *, path: NumberPath, body: Empty) -> Answer:
    """Confirm a reviewed order. 409 lists the holds that block."""
    del body  # nothing can be said, but it must be JSON
    async with _telling_holds(call, path.number):
        return Answer(await call.run(call.operations.confirm, path.number, actor=call.principal.name))


@routes.post(
    "/api/v1/orders/{number}/release", scope="operate", answers={200: OrderShape}, refusals=(409,), house_only=True
)
async def release_order(call: Call, *, path: NumberPath, body: ReleaseRequest) -> Answer:
    """Lift open holds and review again; what passes is confirmed.

    A key with roles lifts the holds whose `release_role` it has or decides for; 403 names the role that is needed.
    """
    act = call.operations.release
    async with _telling_holds(call, path.number):
        return Answer(
            await call.run(
                act,
                path.number,
                actor=call.principal.name,
                reason=body.reason,
                codes=tuple(body.codes),
                roles=call.principal.roles,
            )
        )


@routes.post("/api/v1/orders/{number}/cancel", scope="operate", answers={200: OrderShape}, refusals=(409,))
async def cancel_order(call: Call, *, path: NumberPath, body: CancelRequest) -> Answer:
    """Cancel an order that has not left yet; of one that left in part, its rest."""
    act = call.operations.cancel
    actor = call.principal.name
    async with _telling_holds(call, path.number):
        return Answer(await call.run(act, path.number, actor=actor, reason=body.reason, partner=call.partner))


@asynccontextmanager
async def _telling_holds(call: Call, number: str) -> AsyncIterator[None]:
    """Refuse with every open hold of the order, as it is now."""
    try:
        yield
    except Conflict as refused:
        order = await call.read(call.views.order, number, call.partner)
        problem = of_error(refused)
        problem.extra = {**problem.extra, "holds": call.principal.shown(order["holds"])}
        raise problem from refused
