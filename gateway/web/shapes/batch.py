"""Many orders in one request."""

from __future__ import annotations

import base64
import binascii
from typing import Annotated, Any, Final, Literal

from pydantic import Field, WithJsonSchema, field_validator

from gateway.web.shapes.common import PartnerCode, ProblemShape, Request, Shape

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


class ImportRequest(Request):
    """A CSV file or a workbook with orders, and which of its columns is which field."""

    content: Annotated[
        bytes, Field(description="the file in base64", examples=["c2t1O3F0eQo="], max_length=8 * 1024 * 1024)
    ]
    map: dict[str, Any] = Field(
        description="`columns`, `constants`, `decimal`, `date`, ..., as in a map of the command"
    )
    partner: PartnerCode | None = Field(None, description="whose orders they are, where the file does not name it")

    @field_validator("content", mode="after")
    @classmethod
    def _decoded(cls, content: bytes) -> bytes:
        try:
            return base64.b64decode(content, validate=True)
        except binascii.Error as error:
            raise ValueError("the file is sent in base64") from error


class CellFaultShape(Shape):
    """What is wrong in a file: the row as a person counts it, and the title of the column where there is one."""

    row: int
    column: str | None
    value: str | None
    code: str
    message: str
    cell: str | None = Field(description="`B7`, or `Orders!B7` in a workbook")


class ImportedOrder(Shape):
    """What became of an order of a file, and the rows of its lines."""

    buyer_reference: str | None
    rows: list[int]
    status: Literal["placed", "would be placed", "refused"]
    number: str | None
    state: str | None
    holds: list[str]
    faults: list[CellFaultShape]


class ImportShape(Shape):
    """Every order of a file in the sequence of their first rows."""

    placed: int
    refused: int
    orders: list[ImportedOrder]


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
