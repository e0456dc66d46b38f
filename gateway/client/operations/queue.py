# Made by `make reference` from the OpenAPI document. Do not edit.
"""The operations of the subject queue."""

from __future__ import annotations

from typing import Literal

from gateway.client.caller import Caller
from gateway.client.pages import Page
from gateway.client.shapes import FlowsShape, QueueItemShape


class QueueCalls(Caller):
    """The operations of the subject queue."""

    def queue(
        self,
        *,
        cursor: str | None = None,
        limit: int | None = None,
        state: Literal["picking", "released", "confirmed", "in_review"] | None = None,
    ) -> Page[QueueItemShape]:
        """Orders that are still to be done: the highest score first, then the earliest promise, then the number.

        Scores are counted anew every hour, and say of which parts they are the sum.

        ``GET /api/v1/queue``, scope ``read``.
        """
        return self._page(QueueItemShape, "/api/v1/queue", query={"cursor": cursor, "limit": limit, "state": state})

    def order_flows(self) -> FlowsShape:
        """The steps of each type of order, with its times and its priority under the rules in force.

        ``GET /api/v1/flows``, scope ``read``.
        """
        return self._one(FlowsShape, "GET", "/api/v1/flows")
