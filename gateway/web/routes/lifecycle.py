"""The life of an order by the calendar, and its end in the archive."""

from __future__ import annotations

from gateway.web.call import Call
from gateway.web.contract import Answer, Contract
from gateway.web.shapes.lifecycle import ArchiveRequest, PhasesShape
from gateway.web.shapes.order import NumberPath, OrderShape

routes = Contract("orders")


@routes.get("/api/v1/orders/{number}/phases", answers={200: PhasesShape}, refusals=(404,))
async def order_phases(call: Call, *, path: NumberPath) -> Answer:
    """By when an order is to be confirmed, shipped and completed, and when it was.

    A phase that runs out raises the alert `phase.overdue`, which is closed when the order is through it.
    """
    return Answer(await call.run(call.operations.lifecycle_desk.phases, path.number, partner=call.partner))


@routes.post(
    "/api/v1/orders/{number}/archive",
    scope="operate",
    answers={200: OrderShape},
    refusals=(404, 409),
    house_only=True,
)
async def archive_order(call: Call, *, path: NumberPath, body: ArchiveRequest) -> Answer:
    """Close a settled order for good: delivered, billed, paid, and nothing of it held.

    The rules do so by themselves some days after it was settled.
    """
    act, who = call.operations.lifecycle_desk.archive, call.principal.name
    return Answer(await call.run(act, path.number, actor=who, reason=body.reason))
