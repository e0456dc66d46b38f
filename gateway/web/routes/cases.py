"""Where an order came from, and its case file."""

from __future__ import annotations

from gateway.web.call import Call
from gateway.web.contract import Answer, Contract
from gateway.web.shapes.cases import CaseFileShape, OrderSourceShape
from gateway.web.shapes.order import NumberPath

routes = Contract("evidence")


@routes.get("/api/v1/orders/{number}/source", answers={200: OrderSourceShape})
async def order_source(call: Call, *, path: NumberPath) -> Answer:
    """How an order came in: channel, who entered it, the raw form and the canonical one that all channels have."""
    return Answer(await call.run(call.operations.entry_desk.source_of, path.number, partner=call.partner))


@routes.get("/api/v1/orders/{number}/file", answers={200: CaseFileShape}, house_only=True)
async def case_file(call: Call, *, path: NumberPath) -> Answer:
    """Everything that belongs to an order.

    What came in and went out with the way to its bytes, holds in force and lifted, differences from the master data,
    changes, notices, shipments and invoices.
    """
    return Answer(await call.run(call.operations.entry_desk.case_file, path.number))
