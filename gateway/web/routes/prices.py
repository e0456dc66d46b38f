"""Prices: what an item costs a buyer, and why."""

from __future__ import annotations

from gateway.web.call import Call
from gateway.web.contract import Answer, Contract
from gateway.web.problems import Problem, fault
from gateway.web.shapes.order import NumberPath
from gateway.web.shapes.prices import LinePath, OrderMargin, PriceExplanation, PriceQuery, PriceShape

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


@routes.get("/api/v1/orders/{number}/margin", answers={200: OrderMargin}, house_only=True)
async def order_margin(call: Call, *, path: NumberPath) -> Answer:
    """What an order earns, by line and in all, with the source of each cost."""
    return Answer(await call.run(call.operations.prices.order_margin, path.number))
