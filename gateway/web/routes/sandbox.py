"""The sandbox's clock; these endpoints exist only where the sandbox is enabled."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from pydantic import BeforeValidator, Field, field_validator

from gateway.web.call import Call
from gateway.web.contract import Answer, Contract
from gateway.web.shapes.common import Request, Shape

routes = Contract("sandbox")

_FARTHEST = timedelta(days=3660)


def _text(given: object) -> object:
    if not isinstance(given, str):
        raise ValueError("a duration is ISO 8601 text such as P7D")  # noqa: TRY004 - pydantic collects ValueError
    return given


class ClockRequest(Request):
    """How far the clock moves, as an ISO 8601 duration."""

    advance: Annotated[timedelta, BeforeValidator(_text), Field(examples=["P7D", "PT4H"])]

    @field_validator("advance")
    @classmethod
    def _forward(cls, advance: timedelta) -> timedelta:
        if not timedelta(0) < advance <= _FARTHEST:
            raise ValueError("the clock only moves forward, at most ten years")
        return advance


class ClockShape(Shape):
    """The time after the move and how many timers ran."""

    now: str
    ran: int


@routes.post("/api/v1/sandbox/clock", scope="admin", answers={200: ClockShape}, house_only=True)
async def advance_clock(call: Call, *, body: ClockRequest) -> Answer:
    """Move the clock and run what became due, step by step; answers when all is idle again."""
    return Answer(await call.run(call.operations.advance_clock, body.advance))
