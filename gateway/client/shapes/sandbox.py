# Made by `make reference` from the OpenAPI document. Do not edit.
"""Bodies and answers of the subject sandbox."""

from __future__ import annotations

import datetime as dt

from gateway.client.values import Answer, Body

__all__ = ["ClockRequest", "ClockShape"]


class ClockRequest(Body):
    """How far the clock moves, as an ISO 8601 duration."""

    advance: dt.timedelta


class ClockShape(Answer):
    """The time after the move and how many timers ran."""

    now: str
    ran: int
