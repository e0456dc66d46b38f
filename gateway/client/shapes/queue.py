# Made by `make reference` from the OpenAPI document. Do not edit.
"""Bodies and answers of the subject queue."""

from __future__ import annotations

import datetime as dt

from pydantic import AwareDatetime, Field

from gateway.client.values import Answer

__all__ = ["ClassShape", "FlowShape", "FlowsShape", "PartShape", "QueueItemShape", "QueueStepShape"]


class ClassShape(Answer):
    """What an order is sorted by: its type, the grade of its customer, and the region it goes to."""

    type: str
    grade: str | None
    #: country and region of the delivery address, such as `DE-BE`
    region: str | None


class QueueStepShape(Answer):
    """One step of a flow and the state that it leads to."""

    phase: str
    step: str
    state: str
    what: str


class FlowShape(Answer):
    """The way of one type of order, and what the rules give it."""

    type: str
    #: points that it starts with
    priority: int
    #: in which a held order is decided on
    review_minutes: int
    #: to the promise where the buyer asks for no date
    handling_days: int
    #: what it is promised from
    supply: list[str]
    steps: list[QueueStepShape]


class FlowsShape(Answer):
    """The flows of all types under one version of the rules."""

    rule_version: str
    flows: list[FlowShape]


class PartShape(Answer):
    """Points of one cause; those of all parts sum up to the score."""

    name: str
    points: int
    why: str


class QueueItemShape(Answer):
    """An order that is still to be done, and its priority."""

    #: from the head of the queue, or of the orders in the state asked for
    position: int
    number: str
    partner: str
    type: str
    state: str
    promised_date: dt.date | None
    class_: ClassShape = Field(alias="class")
    score: int
    parts: list[PartShape]
    rule: str
    rule_version: str
    #: since when it has this score; null where it came after the last round and is scored as of now
    ranked_at: AwareDatetime | None
