"""Subscriptions to events: kept, tested, replayed, and the log of their deliveries."""

from __future__ import annotations

from gateway.web.call import Call
from gateway.web.contract import Answer, Contract
from gateway.web.shapes.common import Page
from gateway.web.shapes.subscription import (
    DeliveriesQuery,
    DeliveryPath,
    DeliveryShape,
    DeliveryWithTriesShape,
    EventTypeShape,
    ReplayRequest,
    ReplayShape,
    RotateRequest,
    SecretShape,
    SubscriptionChange,
    SubscriptionPath,
    SubscriptionRequest,
    SubscriptionShape,
    SubscriptionsQuery,
)

routes = Contract("subscriptions")


@routes.get("/api/v1/event-types", answers={200: Page[EventTypeShape]})
async def event_types(call: Call) -> Answer:
    """Every event that the stream and subscriptions tell, with what it means."""
    return Answer(await call.run(call.operations.subscription_desk.event_types))


@routes.post("/api/v1/subscriptions", scope="operate", answers={201: SecretShape}, refusals=(404,))
async def subscribe(call: Call, *, body: SubscriptionRequest) -> Answer:
    """Have events sent to an address, from now on.

    Each is a CloudEvent, signed as Standard Webhooks has it with the secret of this answer, which is shown this once.
    Facts of one order come in their order; what cannot be delivered is tried again for a day.
    """
    wanted = body.model_dump()
    partner = call.partner_asked(wanted.pop("partner"))
    made = await call.run(
        call.operations.subscription_desk.subscribe, wanted, partner=partner, actor=call.principal.name
    )
    return Answer(made, 201, {"Location": f"/api/v1/subscriptions/{made['id']}"}, etag=str(made["version"]))


@routes.get("/api/v1/subscriptions", scope="operate", answers={200: Page[SubscriptionShape]})
async def subscriptions(call: Call, *, query: SubscriptionsQuery) -> Answer:
    """Subscriptions, the oldest first, with how many deliveries are in which state."""
    found = await call.run(
        call.operations.subscription_desk.subscriptions,
        partner=call.partner_asked(query.partner),
        state=query.state,
        cursor=query.cursor,
        limit=query.limit,
    )
    return Answer(found)


@routes.get("/api/v1/subscriptions/{subscription}", scope="operate", answers={200: SubscriptionShape})
async def subscription(call: Call, *, path: SubscriptionPath) -> Answer:
    """One subscription; its ETag is wanted by whoever changes it."""
    found = await call.run(call.operations.subscription_desk.subscription, path.subscription, partner=call.partner)
    return Answer(found, etag=str(found["version"]))


@routes.patch(
    "/api/v1/subscriptions/{subscription}",
    scope="operate",
    answers={200: SubscriptionShape},
    refusals=(412, 428),
)
async def change_subscription(call: Call, *, path: SubscriptionPath, body: SubscriptionChange) -> Answer:
    """Set what is named; ``state`` pauses it, or has it go on where it stopped. Needs If-Match."""
    changed = await call.run(
        call.operations.subscription_desk.change,
        path.subscription,
        body.model_dump(exclude_unset=True),
        partner=call.partner,
        expect=call.expect_version,
    )
    return Answer(changed, etag=str(changed["version"]))


@routes.delete(
    "/api/v1/subscriptions/{subscription}", scope="operate", answers={204: SubscriptionShape}, refusals=(412, 428)
)
async def end_subscription(call: Call, *, path: SubscriptionPath) -> Answer:
    """Tell it nothing any more. Needs If-Match."""
    desk = call.operations.subscription_desk
    await call.run(desk.end, path.subscription, partner=call.partner, expect=call.expect_version)
    return Answer(None, 204)


@routes.post("/api/v1/subscriptions/{subscription}/rotate", scope="operate", answers={200: SecretShape})
async def rotate_secret(call: Call, *, path: SubscriptionPath, body: RotateRequest) -> Answer:
    """A new secret, shown this once; for the overlap each message carries a signature by both."""
    desk = call.operations.subscription_desk
    made = await call.run(desk.rotate, path.subscription, partner=call.partner, overlap_hours=body.overlap_hours)
    return Answer(made, etag=str(made["version"]))


@routes.post(
    "/api/v1/subscriptions/{subscription}/test", scope="operate", answers={202: DeliveryShape}, refusals=(409,)
)
async def test_subscription(call: Call, *, path: SubscriptionPath) -> Answer:
    """Send a test message; the delivery that is answered tells what came of it."""
    desk = call.operations.subscription_desk
    return Answer(await call.run(desk.test, path.subscription, partner=call.partner), 202)


@routes.post("/api/v1/subscriptions/{subscription}/replay", scope="operate", answers={202: ReplayShape})
async def replay_events(call: Call, *, path: SubscriptionPath, body: ReplayRequest) -> Answer:
    """Send once more what the stream has after a position or since an instant, up to now.

    The messages have new ids and name the same events.
    """
    desk = call.operations.subscription_desk
    queued = await call.run(
        desk.replay,
        path.subscription,
        partner=call.partner,
        actor=call.principal.name,
        after=body.after,
        since=body.since,
    )
    return Answer(queued, 202)


@routes.get("/api/v1/subscriptions/{subscription}/deliveries", scope="operate", answers={200: Page[DeliveryShape]})
async def deliveries(call: Call, *, path: SubscriptionPath, query: DeliveriesQuery) -> Answer:
    """What was sent and what waits, the latest first; dead ones were given up."""
    desk = call.operations.subscription_desk
    found = await call.run(
        desk.deliveries,
        path.subscription,
        partner=call.partner,
        state=query.state,
        cursor=query.cursor,
        limit=query.limit,
    )
    return Answer(found)


@routes.get("/api/v1/deliveries/{delivery}", scope="operate", answers={200: DeliveryWithTriesShape})
async def delivery(call: Call, *, path: DeliveryPath) -> Answer:
    """One delivery with every try: when, how long, and what came back."""
    return Answer(await call.run(call.operations.subscription_desk.delivery, path.delivery, partner=call.partner))


@routes.post("/api/v1/deliveries/{delivery}/retry", scope="operate", answers={202: DeliveryShape}, refusals=(409,))
async def retry_delivery(call: Call, *, path: DeliveryPath) -> Answer:
    """Send one once more, under the same id."""
    return Answer(await call.run(call.operations.subscription_desk.retry, path.delivery, partner=call.partner), 202)
