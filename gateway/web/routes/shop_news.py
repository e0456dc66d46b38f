"""What shops were told of their orders."""

from __future__ import annotations

from gateway.web.call import Call
from gateway.web.contract import Answer, Contract
from gateway.web.shapes.common import Page
from gateway.web.shapes.shop_news import RetellRequest, ShopNewsPath, ShopNewsQuery, ShopNewsShape

routes = Contract("shops")


@routes.get("/api/v1/shops/news", scope="operate", answers={200: Page[ShopNewsShape]}, house_only=True)
async def shop_news(call: Call, *, query: ShopNewsQuery) -> Answer:
    """What shops were told and are still to be told, the latest first; dead ones were given up."""
    desk = call.operations.shop_news_desk
    found = await call.run(desk.news, state=query.state, order=query.order, cursor=query.cursor, limit=query.limit)
    return Answer(found)


@routes.post(
    "/api/v1/shops/news/{news}/retry",
    scope="operate",
    answers={202: ShopNewsShape},
    refusals=(409,),
    house_only=True,
)
async def retry_shop_news(call: Call, *, path: ShopNewsPath, body: RetellRequest) -> Answer:
    """Tell a shop again what was given up; it is asked first what it has, so nothing is told twice."""
    act = call.operations.shop_news_desk.retry
    return Answer(await call.run(act, path.news, actor=call.principal.name, reason=body.reason), 202)
