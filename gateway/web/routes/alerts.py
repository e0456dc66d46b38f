"""Alerts: what a person should see to, who is told of it, and that it is seen to."""

from __future__ import annotations

from gateway.web.call import Call
from gateway.web.contract import Answer, Contract
from gateway.web.shapes.alerts import (
    AlertPath,
    AlertShape,
    AlertSinkShape,
    AlertsQuery,
    CloseAlertRequest,
    SinkPath,
    SinkTestShape,
)
from gateway.web.shapes.common import Page

routes = Contract("alerts")


@routes.get("/api/v1/alerts", answers={200: Page[AlertShape]}, house_only=True)
async def alerts(call: Call, *, query: AlertsQuery) -> Answer:
    """Alerts, the latest opened first: one a cause while it lasts."""
    found = await call.run(
        call.operations.alert_desk.alerts,
        state=query.state,
        kind=query.kind,
        partner=query.partner,
        cursor=query.cursor,
        limit=query.limit,
    )
    return Answer(found)


@routes.post(
    "/api/v1/alerts/{alert}/close",
    scope="operate",
    answers={200: AlertShape},
    refusals=(404, 409),
    house_only=True,
)
async def close_alert(call: Call, *, path: AlertPath, body: CloseAlertRequest) -> Answer:
    """Close one that a person has seen to, such as a file that was refused.

    Most close by themselves when their cause is gone; where it lasts, the next look opens another.
    """
    desk, actor = call.operations.alert_desk, call.principal.name
    return Answer(await call.run(desk.close, int(path.alert), reason=body.reason, actor=actor))


@routes.get("/api/v1/alert-sinks", scope="operate", answers={200: Page[AlertSinkShape]}, house_only=True)
async def alert_sinks(call: Call) -> Answer:
    """Who is told of alerts, as the settings say."""
    return Answer(await call.run(call.operations.alert_desk.sinks))


@routes.post(
    "/api/v1/alert-sinks/{name}/test",
    scope="operate",
    answers={202: SinkTestShape},
    refusals=(404,),
    house_only=True,
)
async def test_alert_sink(call: Call, *, path: SinkPath) -> Answer:
    """Send a message that tells of nothing, also in quiet hours."""
    return Answer(await call.run(call.operations.alert_desk.test_sink, path.name), 202)
