"""Stock: what is where, what can be promised when, counts and transfers."""

from __future__ import annotations

from core.ordering.shortage_answers import OURS
from core.stock.ledger import Count, Transfer
from core.stock.receipt import Receipt
from gateway.web.call import Call
from gateway.web.contract import Answer, Contract
from gateway.web.shapes.common import Page
from gateway.web.shapes.order import NumberPath, OrderShape, PlaceQuery
from gateway.web.shapes.stock import (
    AcceptRequest,
    AtpBatchRequest,
    AtpBatchShape,
    AtpQuery,
    AtpShape,
    CountsRequest,
    CountsShape,
    ForecastQuery,
    ForecastShape,
    OptionPath,
    ReceiptRequest,
    ReceiptShape,
    ReservationRequest,
    ReservationShape,
    ShortageShape,
    SourcingRequest,
    SourcingShape,
    StockAlertShape,
    StockAlertsQuery,
    StockQuery,
    StockShape,
    TransferRequest,
    TransferShape,
)

routes = Contract("stock")


@routes.get("/api/v1/stock", answers={200: Page[StockShape]}, house_only=True)
async def stock(call: Call, *, query: StockQuery) -> Answer:
    """On hand, reserved and available by SKU and warehouse."""
    view = call.views.stock
    return Answer(
        await call.read(view, sku=query.sku, warehouse=query.warehouse, cursor=query.cursor, limit=query.limit)
    )


@routes.get("/api/v1/stock/forecast", answers={200: Page[ForecastShape]}, house_only=True)
async def forecast(call: Call, *, query: ForecastQuery) -> Answer:
    """Stock after a number of days.

    What is on hand and to come, less the larger of the demand that the last 90 days let expect and the orders.
    """
    act = call.operations.stock_desk.forecast
    return Answer(await call.run(act, days=query.days, sku=query.sku, cursor=query.cursor, limit=query.limit))


@routes.get("/api/v1/stock/alerts", answers={200: Page[StockAlertShape]}, house_only=True)
async def stock_alerts(call: Call, *, query: StockAlertsQuery) -> Answer:
    """Items below their alert line or above their maximum, by SKU."""
    act = call.operations.stock_desk.alerts
    return Answer(await call.run(act, kind=query.kind, cursor=query.cursor, limit=query.limit))


@routes.post("/api/v1/stock/counts", scope="operate", answers={200: CountsShape}, refusals=(404, 409), house_only=True)
async def count_stock(call: Call, *, body: CountsRequest) -> Answer:
    """Post a stock count: the differences go into the ledger with their reasons."""
    counts = [Count(one.sku, one.warehouse, one.counted, one.reason) for one in body.counts]
    act = call.operations.stock_desk.count
    return Answer({"items": await call.run(act, counts, actor=call.principal.name)})


@routes.post(
    "/api/v1/stock/transfers", scope="operate", answers={200: TransferShape}, refusals=(404, 409), house_only=True
)
async def transfer_stock(call: Call, *, body: TransferRequest) -> Answer:
    """Move stock that is not reserved to another warehouse."""
    transfer = Transfer(body.sku, body.source, body.target, body.quantity, body.reason)
    return Answer(await call.run(call.operations.stock_desk.transfer, transfer, actor=call.principal.name))


@routes.post(
    "/api/v1/stock/receipts", scope="operate", answers={200: ReceiptShape}, refusals=(404, 409), house_only=True
)
async def receive_stock(call: Call, *, body: ReceiptRequest) -> Answer:
    """Take goods in that were to come.

    They settle the supply that is due first, go to the orders that were promised them, and stand in the ledger with
    the reference. The same reference with the same quantity does nothing again.
    """
    receipt = Receipt(body.sku, body.warehouse, body.quantity, body.reference, body.supply, body.final)
    return Answer(await call.run(call.operations.stock_desk.receive, receipt, actor=call.principal.name))


@routes.get("/api/v1/atp", answers={200: AtpShape}, refusals=(404,), house_only=True)
async def atp(call: Call, *, query: AtpQuery) -> Answer:
    """What can be promised of an item.

    On hand, less what is allocated, plus confirmed inbound and planned production until the date, less what was
    promised of them; the terms of the sum are told.
    """
    found = await call.run(call.operations.stock_desk.atp, [(query.sku, query.date, query.quantity)])
    return Answer(found[0])


@routes.post("/api/v1/atp/batch", scope="read", answers={200: AtpBatchShape}, refusals=(404,), house_only=True)
async def atp_batch(call: Call, *, body: AtpBatchRequest) -> Answer:
    """What can be promised of many items at once."""
    wanted = [(one.sku, one.date, one.quantity) for one in body.items]
    return Answer({"items": await call.run(call.operations.stock_desk.atp, wanted)})


@routes.post("/api/v1/stock/sourcing", scope="read", answers={200: SourcingShape}, refusals=(404,), house_only=True)
async def sourcing(call: Call, *, body: SourcingRequest) -> Answer:
    """From which warehouses something would be served.

    Warehouses are asked in the order of their priority; one alone, brought together and apart are compared. The
    cheapest that leaves in time is chosen. Nothing is reserved.
    """
    wanted = [(one.sku, one.quantity) for one in body.items]
    return Answer(await call.run(call.operations.stock_desk.sourcing, wanted, leaves_by=body.leaves_by))


@routes.get("/api/v1/orders/{number}/shortage-options", answers={200: ShortageShape}, refusals=(404,), house_only=True)
async def shortage_options(call: Call, *, path: NumberPath) -> Answer:
    """What can be done about the lines of an order that stock does not serve."""
    return Answer(await call.run(call.operations.stock_desk.shortage_options, path.number))


@routes.post(
    "/api/v1/orders/{number}/shortage-options/{option}/accept",
    scope="operate",
    answers={200: OrderShape},
    refusals=(404, 409),
    house_only=True,
)
async def accept_option(call: Call, *, path: OptionPath, query: PlaceQuery, body: AcceptRequest) -> Answer:
    """Take an option of a short line for the buyer, who agreed to it.

    A later date, two deliveries and a substitute change the order, which is reviewed as with any change and confirmed
    where nothing else holds it. What is made or bought sooner is noted in the timeline, and the order waits. A dry run
    writes nothing.
    """
    desk, number, line = call.operations.stock_desk, path.number, body.line
    actor = call.principal.name
    if path.option in OURS:
        act = desk.request_supply
        return Answer(await call.run(act, number, path.option, line=line, actor=actor, dry_run=query.dry_run))
    change = await call.run(desk.option_change, number, path.option, line=line, sku=body.sku)
    return Answer(
        await call.run(
            call.operations.change_order,
            call.content,
            change,
            number=number,
            partner=None,
            actor=actor,
            reason=f"{path.option} of line {line} accepted",
            dry_run=query.dry_run,
        )
    )


@routes.post(
    "/api/v1/orders/{number}/shortage-options/propose",
    scope="operate",
    answers={200: ShortageShape},
    refusals=(404, 409),
    house_only=True,
)
async def propose_options(call: Call, *, path: NumberPath) -> Answer:
    """Offer the buyer by ORDRSP what can be done about the short lines of a held order.

    Each line is offered in two parts, later or as a substitute. The buyer's ORDCHG that takes what is offered confirms
    the order.
    """
    return Answer(await call.run(call.operations.stock_desk.propose, path.number, actor=call.principal.name))


@routes.post(
    "/api/v1/orders/{number}/reservation",
    scope="operate",
    answers={200: ReservationShape},
    refusals=(404, 409),
    house_only=True,
)
async def move_reservation(call: Call, *, path: NumberPath, body: ReservationRequest) -> Answer:
    """Move the end of an order's reservation. Who did it and why is in the timeline."""
    act = call.operations.stock_desk.move_reservation
    return Answer(await call.run(act, path.number, body.expires_at, reason=body.reason, actor=call.principal.name))
