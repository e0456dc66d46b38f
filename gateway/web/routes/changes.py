"""Changes of an order."""

from __future__ import annotations

from gateway.web.call import Call
from gateway.web.contract import Answer, Contract
from gateway.web.shapes.change import ChangeRequest
from gateway.web.shapes.changes import ChangeDetailShape, ChangePath, ChangeShape
from gateway.web.shapes.common import Page
from gateway.web.shapes.order import IdempotencyHeader, NumberPath, OrderShape, PlaceQuery

routes = Contract("orders")


@routes.post("/api/v1/orders/{number}/changes", scope="submit", answers={200: OrderShape}, refusals=(409,))
async def change_order(
    call: Call, *, path: NumberPath, query: PlaceQuery, headers: IdempotencyHeader, body: ChangeRequest
) -> Answer:
    """Change an order, or cancel it, until the warehouse picks it.

    What changed is reviewed as new; the order comes back as it stands then, confirmed in its next revision or held.
    409 tells why it cannot be changed. The same Idempotency-Key with the same body gives the first answer again. A
    dry run writes nothing.
    """
    return Answer(
        await call.run(
            call.operations.change_order,
            call.content,
            body.document(),
            number=path.number,
            partner=call.partner,
            actor=call.principal.name,
            reason=body.reason,
            key=call.principal.key,
            idempotency_key=headers.key,
            dry_run=query.dry_run,
        )
    )


@routes.get("/api/v1/orders/{number}/changes", answers={200: Page[ChangeShape]})
async def changes(call: Call, *, path: NumberPath) -> Answer:
    """What was asked to change of an order, oldest first, with state and impact of each."""
    return Answer(await call.read(call.views.changes, path.number, call.partner))


@routes.get("/api/v1/orders/{number}/changes/{id}", answers={200: ChangeDetailShape})
async def change(call: Call, *, path: ChangePath) -> Answer:
    """One change as it was asked for, with how the order stood before it and its documents."""
    return Answer(await call.read(call.views.change, path.number, path.id, call.partner))
