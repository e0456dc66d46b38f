"""Read-only lists: partners, items, holds, shipments, invoices."""

from __future__ import annotations

from gateway.web.call import Call
from gateway.web.contract import Answer, Contract
from gateway.web.shapes.common import Page
from gateway.web.shapes.masters import (
    HoldsQuery,
    InvoiceShape,
    ItemShape,
    ItemsQuery,
    OfOrderQuery,
    OpenHold,
    PartnerShape,
    PartnersQuery,
    ShipmentShape,
)

routes = Contract("lists")


@routes.get("/api/v1/partners", answers={200: Page[PartnerShape]})
async def partners(call: Call, *, query: PartnersQuery) -> Answer:
    """Trading partners by code; a key of a partner sees itself."""
    partner = call.partner_asked(query.partner)
    return Answer(await call.read(call.views.partners, partner=partner, cursor=query.cursor, limit=query.limit))


@routes.get("/api/v1/items", answers={200: Page[ItemShape]})
async def items(call: Call, *, query: ItemsQuery) -> Answer:
    """Catalogue items by SKU."""
    return Answer(await call.read(call.views.items, q=query.q, cursor=query.cursor, limit=query.limit))


@routes.get("/api/v1/holds", answers={200: Page[OpenHold]})
async def holds(call: Call, *, query: HoldsQuery) -> Answer:
    """Open holds, oldest first."""
    partner = call.partner_asked(query.partner)
    return Answer(
        await call.read(call.views.holds, partner=partner, stage=query.stage, cursor=query.cursor, limit=query.limit)
    )


@routes.get("/api/v1/shipments", answers={200: Page[ShipmentShape]})
async def shipments(call: Call, *, query: OfOrderQuery) -> Answer:
    """Shipments, newest first."""
    partner = call.partner_asked(query.partner)
    return Answer(
        await call.read(
            call.views.shipments, order=query.order, partner=partner, cursor=query.cursor, limit=query.limit
        )
    )


@routes.get("/api/v1/invoices", answers={200: Page[InvoiceShape]})
async def invoices(call: Call, *, query: OfOrderQuery) -> Answer:
    """Invoices, newest first."""
    partner = call.partner_asked(query.partner)
    return Answer(
        await call.read(call.views.invoices, order=query.order, partner=partner, cursor=query.cursor, limit=query.limit)
    )
