"""Prices: what an item costs a buyer, and why."""

from __future__ import annotations

from gateway.web.call import Call
from gateway.web.contract import Answer, Contract
from gateway.web.problems import Problem, fault
from gateway.web.shapes.prices import PriceQuery, PriceShape

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
