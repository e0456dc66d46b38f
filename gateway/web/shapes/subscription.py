"""Subscriptions to events and their deliveries as callers say and read them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from gateway.web.shapes.common import Channel, Instant, Paging, PartnerCode, Request, Shape, ShortText

Url = Annotated[str, StringConstraints(min_length=1, max_length=2000)]
Pattern = Annotated[str, StringConstraints(min_length=1, max_length=60)]
Kind = Literal["standard", "urgent", "pre_order", "sample", "exchange"]
RowId = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,18}$")]
DeliveryState = Literal["queued", "attempting", "delivered", "dead", "dropped"]


class SubscriptionPath(Request):
    """A subscription."""

    subscription: RowId


class DeliveryPath(Request):
    """A delivery."""

    delivery: RowId


class SubscriptionRequest(Request):
    """Whom to tell, and of what: a list that is left out or empty stands for everything."""

    name: ShortText
    url: Url = Field(description="called by POST over https, with a CloudEvent as body")
    events: list[Pattern] = Field([], max_length=50, description='names, or with a star: "order.*"')
    channels: list[Channel] = Field([], max_length=20)
    order_types: list[Kind] = Field([], max_length=5)
    tests: bool = Field(False, description="also hear of test orders")
    partner: str | None = Field(None, max_length=20, description="hear of this partner only")


class SubscriptionChange(Request):
    """What shall be other than it is."""

    name: ShortText | None = None
    url: Url | None = None
    events: list[Pattern] | None = Field(None, max_length=50)
    channels: list[Channel] | None = Field(None, max_length=20)
    order_types: list[Kind] | None = Field(None, max_length=5)
    tests: bool | None = None
    state: Literal["active", "paused"] | None = None


class RotateRequest(Request):
    """How long both secrets count."""

    overlap_hours: int = Field(24, ge=0, le=24 * 30)


class ReplayRequest(Request):
    """From where to tell again: one of both."""

    after: Annotated[int, Field(ge=0, le=2**62)] | None = Field(None, description="a position of the stream")
    since: Instant | None = None


class SubscriptionsQuery(Paging):
    """Which subscriptions."""

    partner: PartnerCode | None = None
    state: Literal["active", "paused", "disabled"] | None = None


class DeliveriesQuery(Paging):
    """Which deliveries."""

    state: DeliveryState | None = None


class EventTypeShape(Shape):
    """A kind of event."""

    event: str
    tells: str


class SubscriptionShape(Shape):
    """A subscription; ``deliveries`` counts them by state."""

    id: str
    name: str
    url: str
    partner: str | None
    events: list[str]
    channels: list[str]
    order_types: list[str]
    tests: bool
    state: Literal["active", "paused", "disabled"]
    state_reason: str
    heard_upto: int
    deliveries: dict[str, int]
    previous_secret_until: datetime | None
    version: int
    created_by: str
    created_at: datetime


class SecretShape(SubscriptionShape):
    """A subscription with the secret that its messages are signed with; it is shown this once."""

    secret: str


class DeliveryShape(Shape):
    """One message to one subscription."""

    id: str
    subscription: str
    position: int
    event: str
    stream_id: int | None
    state: DeliveryState
    attempts: int
    due_at: datetime | None
    created_at: datetime
    delivered_at: datetime | None
    replayed_by: str | None
    last_status: int | None
    last_error: str | None


class TryShape(Shape):
    """One try of a delivery and what came back."""

    delivery_id: str
    number: int
    at: datetime
    seconds: float
    status: int | None
    error: str | None
    answer: str


class DeliveryWithTriesShape(DeliveryShape):
    """One message with every try."""

    tries: list[TryShape]


class ReplayShape(Shape):
    """What a replay queued: of the stream after one position, up to another."""

    queued: int
    after: int
    upto: int
