"""What is to be done next, and the way of each type of order."""

from __future__ import annotations

from gateway.web.call import Call
from gateway.web.contract import Answer, Contract
from gateway.web.shapes.common import Page
from gateway.web.shapes.queue import FlowsShape, QueueItemShape, QueueQuery

routes = Contract("queue")


@routes.get("/api/v1/queue", answers={200: Page[QueueItemShape]}, house_only=True)
async def queue(call: Call, *, query: QueueQuery) -> Answer:
    """Orders that are still to be done: the highest score first, then the earliest promise, then the number.

    Scores are counted anew every hour, and say of which parts they are the sum.
    """
    act = call.operations.queue_desk.queue
    return Answer(await call.run(act, state=query.state, cursor=query.cursor, limit=query.limit))


@routes.get("/api/v1/flows", answers={200: FlowsShape})
async def order_flows(call: Call) -> Answer:
    """The steps of each type of order, with its times and its priority under the rules in force."""
    return Answer(await call.run(call.operations.queue_desk.flows))
