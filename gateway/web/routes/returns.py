"""Returns: asked for under a number, decided by the policy."""

from __future__ import annotations

from core.returns.request import ReturnRequest
from gateway.web.call import Call
from gateway.web.contract import Answer, Contract
from gateway.web.shapes.common import Page
from gateway.web.shapes.returns import ReturnBody, RmaPath, RmaQuery, RmaShape

routes = Contract("returns")


@routes.post("/api/v1/rmas", scope="submit", answers={201: RmaShape}, refusals=(404, 409))
async def request_return(call: Call, *, body: ReturnBody) -> Answer:
    """Ask to send goods back: the request gets its number, and the answer of the policy, which may be no.

    Goods that are not wanted any more come back within `returns.days` of the rulebook after their delivery, those that
    are damaged, defective, late or wrong within `returns.fault_days`.
    """
    lines = {line.line: line.quantity for line in body.lines}
    asked = ReturnRequest(body.order, lines, body.reason, body.words)
    desk = call.operations.return_desk
    made = await call.run(desk.request_return, asked, partner=call.partner, actor=call.principal.name)
    return Answer(made, 201, {"Location": f"/api/v1/rmas/{made['number']}"})


@routes.get("/api/v1/rmas", answers={200: Page[RmaShape]})
async def rmas(call: Call, *, query: RmaQuery) -> Answer:
    """Returns, the latest first."""
    found = await call.run(
        call.operations.return_desk.rmas,
        order=query.order,
        partner=call.partner_asked(query.partner),
        state=query.state,
        cursor=query.cursor,
        limit=query.limit,
    )
    return Answer(found)


@routes.get("/api/v1/rmas/{number}", answers={200: RmaShape})
async def rma(call: Call, *, path: RmaPath) -> Answer:
    """One return."""
    return Answer(await call.run(call.operations.return_desk.rma, path.number, partner=call.partner))
