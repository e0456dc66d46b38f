"""Changes of an order."""

from __future__ import annotations

from gateway.web.call import Call
from gateway.web.contract import Answer, Contract
from gateway.web.shapes.change import ChangeRequest
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
