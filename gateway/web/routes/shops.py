"""What stores delivered, and what became of it."""

from __future__ import annotations

from gateway.web.call import Call
from gateway.web.contract import Answer, Contract
from gateway.web.shapes.common import Page
from gateway.web.shapes.shops import RetryRequest, ShopDeliveriesQuery, ShopDeliveryPath, ShopDeliveryShape

routes = Contract("shops")


@routes.get("/api/v1/shops/deliveries", scope="operate", answers={200: Page[ShopDeliveryShape]}, house_only=True)
async def shop_deliveries(call: Call, *, query: ShopDeliveriesQuery) -> Answer:
    """Webhooks that were taken, the latest first, each with what it did.

    `failed` ones wait for a person: `problem` says why. Their bodies are those of their documents.
    """
    desk = call.operations.delivery_desk
    found = await call.run(
        desk.deliveries, state=query.state, store=query.store, cursor=query.cursor, limit=query.limit
    )
    return Answer(found)


@routes.get("/api/v1/shops/deliveries/{delivery}", scope="operate", answers={200: ShopDeliveryShape}, house_only=True)
async def shop_delivery(call: Call, *, path: ShopDeliveryPath) -> Answer:
    """One webhook that was taken."""
    return Answer(await call.run(call.operations.delivery_desk.delivery, path.delivery))


@routes.post(
    "/api/v1/shops/deliveries/{delivery}/retry",
    scope="operate",
    answers={202: ShopDeliveryShape},
    refusals=(409,),
    house_only=True,
)
async def retry_shop_delivery(call: Call, *, path: ShopDeliveryPath, body: RetryRequest) -> Answer:
    """Work on one again that failed or was passed over, once its cause is gone."""
    act = call.operations.delivery_desk.retry
    return Answer(await call.run(act, path.delivery, actor=call.principal.name, reason=body.reason), 202)
