"""Many orders in one request."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from pydantic import Field, WithJsonSchema

from gateway.web.shapes.common import ProblemShape, Request, Shape

#: orders in one batch; the body limit of 4 MB counts as well
MOST_ORDERS: Final = 1000

#: judged one by one, so that a fault of one refuses that one alone
BatchOrder = Annotated[
    dict[str, Any],
    WithJsonSchema(
        {
            "type": "object",
            "description": "what `POST /api/v1/orders` takes, and optionally an `idempotency_key` of its own",
        }
    ),
]


class BatchRequest(Request):
    """Orders, each as `POST /api/v1/orders` takes it."""

    orders: list[BatchOrder] = Field(min_length=1, max_length=MOST_ORDERS)


class BatchItem(Shape):
    """What became of one order: its number and state, or the problem with pointers into that order."""

    index: int = Field(description="place in the request, from 0")
    status: int = Field(description="what `POST /api/v1/orders` would have answered")
    number: str | None
    state: str | None
    holds: list[str] = Field(description="codes of what holds it")
    problem: ProblemShape | None


class BatchShape(Shape):
    """Every order of the request in its sequence."""

    placed: int
    refused: int
    items: list[BatchItem]
    result: Literal["complete", "partial", "refused"]
