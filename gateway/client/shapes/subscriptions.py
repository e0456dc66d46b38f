# Made by `make reference` from the OpenAPI document. Do not edit.
"""Bodies and answers of the subject subscriptions."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import AwareDatetime, Field

from gateway.client.values import Answer, Body

__all__ = [
    "DeliveryShape",
    "DeliveryWithTriesShape",
    "EventTypeShape",
    "ReplayShape",
    "RotateRequest",
    "SecretShape",
    "SubscriptionChange",
    "SubscriptionReplayRequest",
    "SubscriptionRequest",
    "SubscriptionShape",
    "TryShape",
]


class DeliveryShape(Answer):
    """One message to one subscription."""

    id: str
    subscription: str
    position: int
    event: str
    stream_id: int | None
    state: str
    attempts: int
    due_at: AwareDatetime | None
    created_at: AwareDatetime
    delivered_at: AwareDatetime | None
    replayed_by: str | None
    last_status: int | None
    last_error: str | None


class TryShape(Answer):
    """One try of a delivery and what came back."""

    delivery_id: str
    number: int
    at: AwareDatetime
    seconds: float
    status: int | None
    error: str | None
    answer: str


class DeliveryWithTriesShape(Answer):
    """One message with every try."""

    id: str
    subscription: str
    position: int
    event: str
    stream_id: int | None
    state: str
    attempts: int
    due_at: AwareDatetime | None
    created_at: AwareDatetime
    delivered_at: AwareDatetime | None
    replayed_by: str | None
    last_status: int | None
    last_error: str | None
    tries: list[TryShape]


class EventTypeShape(Answer):
    """A kind of event."""

    event: str
    tells: str


class ReplayShape(Answer):
    """What a replay queued: of the stream after one position, up to another."""

    queued: int
    after: int
    upto: int


class RotateRequest(Body):
    """How long both secrets count."""

    overlap_hours: int = 24


class SecretShape(Answer):
    """A subscription with the secret that its messages are signed with; it is shown this once."""

    id: str
    name: str
    url: str
    partner: str | None
    events: list[str]
    channels: list[str]
    order_types: list[str]
    tests: bool
    state: str
    state_reason: str
    heard_upto: int
    deliveries: dict[str, int]
    previous_secret_until: AwareDatetime | None
    version: int
    created_by: str
    created_at: AwareDatetime
    secret: str = Field(repr=False)


class SubscriptionChange(Body):
    """What shall be other than it is."""

    name: str | None = None
    url: str | None = None
    events: list[str] | None = None
    channels: list[str] | None = None
    order_types: list[Literal["standard", "urgent", "pre_order", "sample", "exchange"]] | None = None
    tests: bool | None = None
    state: Literal["active", "paused"] | None = None


class SubscriptionReplayRequest(Body):
    """From where to tell again: one of both."""

    #: a position of the stream
    after: int | None = None
    since: AwareDatetime | dt.date | None = None


class SubscriptionRequest(Body):
    """Whom to tell, and of what: a list that is left out or empty stands for everything."""

    name: str
    #: called by POST over https, with a CloudEvent as body
    url: str
    #: names, or with a star: "order.*"
    events: list[str] = Field(default_factory=list)
    channels: list[str] = Field(default_factory=list)
    order_types: list[Literal["standard", "urgent", "pre_order", "sample", "exchange"]] = Field(default_factory=list)
    #: also hear of test orders
    tests: bool = False
    #: hear of this partner only
    partner: str | None = None


class SubscriptionShape(Answer):
    """A subscription; ``deliveries`` counts them by state."""

    id: str
    name: str
    url: str
    partner: str | None
    events: list[str]
    channels: list[str]
    order_types: list[str]
    tests: bool
    state: str
    state_reason: str
    heard_upto: int
    deliveries: dict[str, int]
    previous_secret_until: AwareDatetime | None
    version: int
    created_by: str
    created_at: AwareDatetime
