"""The queue and the flows of orders as people and programs read them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import Field

from core.review.priority import OpenState
from gateway.web.shapes.common import Paging, Shape

OrderType = Literal["standard", "urgent", "pre_order", "sample"]


class QueueQuery(Paging):
    """Which part of the queue."""

    state: OpenState | None = None


class PartShape(Shape):
    """Points of one cause; those of all parts sum up to the score."""

    name: Literal["type", "vip", "date", "first_order", "most"]
    points: int
    why: str


class ClassShape(Shape):
    """What an order is sorted by: its type, the grade of its customer, and the region it goes to."""

    type: OrderType | Literal["exchange"]
    grade: str | None
    region: str | None = Field(description="country and region of the delivery address, such as `DE-BE`")


class QueueItemShape(Shape):
    """An order that is still to be done, and its priority."""

    position: int = Field(ge=1, description="from the head of the queue, or of the orders in the state asked for")
    number: str
    partner: str
    type: OrderType | Literal["exchange"]
    state: OpenState
    promised_date: date | None
    class_: ClassShape = Field(alias="class")
    score: int = Field(ge=0, le=100)
    parts: list[PartShape]
    rule: str
    rule_version: str
    ranked_at: datetime | None = Field(
        description="since when it has this score; null where it came after the last round and is scored as of now"
    )


class StepShape(Shape):
    """One step of a flow and the state that it leads to."""

    phase: Literal["receive", "review", "execute", "deliver", "settle"]
    step: str
    state: str
    what: str


class FlowShape(Shape):
    """The way of one type of order, and what the rules give it."""

    type: OrderType
    priority: int = Field(description="points that it starts with")
    review_minutes: int = Field(description="in which a held order is decided on")
    handling_days: int = Field(description="to the promise where the buyer asks for no date")
    supply: list[Literal["on_hand", "inbound", "planned"]] = Field(description="what it is promised from")
    steps: list[StepShape]


class FlowsShape(Shape):
    """The flows of all types under one version of the rules."""

    rule_version: str
    flows: list[FlowShape]
