"""Returns as callers ask for them and read them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from core.review.returning import Reason
from gateway.web.shapes.amounts import OrderedQuantity
from gateway.web.shapes.common import DecimalOut, OrderNumber, Paging, PartnerCode, Request, Shape, Text

RmaNumber = Annotated[str, StringConstraints(pattern=r"^RMA-[0-9]{4}-[0-9]{6,}$", max_length=32)]
RmaState = Literal["authorised", "refused"]


class RmaPath(Request):
    """A return."""

    number: RmaNumber


class ReturnLine(Request):
    """How much of a line is to come back."""

    line: int = Field(ge=1, le=999_999)
    quantity: OrderedQuantity


def _each_once(lines: list[ReturnLine]) -> list[ReturnLine]:
    if len({line.line for line in lines}) < len(lines):
        raise ValueError("a line is named once")
    return lines


class ReturnBody(Request):
    """What is to come back, and why."""

    order: OrderNumber
    lines: Annotated[list[ReturnLine], AfterValidator(_each_once)] = Field(min_length=1, max_length=1000)
    reason: Reason
    words: Text = Field("", description="what the customer says")


class RmaQuery(Paging):
    """Which returns."""

    order: OrderNumber | None = None
    partner: PartnerCode | None = None
    state: RmaState | None = None


class RmaLineShape(Shape):
    """How much of a line."""

    line: int
    quantity: DecimalOut


class RmaShape(Shape):
    """A return: what was asked, and what was decided by whom and why."""

    number: str
    order: str
    partner: str
    state: RmaState
    reason: Reason
    words: str
    lines: list[RmaLineShape]
    requested_by: str
    requested_at: datetime
    decided_by: str
    because: str
    rule_version: str
