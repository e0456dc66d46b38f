"""Alerts, who is told of them, and what is asked of them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from gateway.web.shapes.approvals import Reason, RowId
from gateway.web.shapes.common import Paging, PartnerCode, Request, Shape
from gateway.web.shapes.masters import GrowingShape

State = Literal["open", "closed"]
SinkName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,40}$")]
KindStart = Annotated[str, StringConstraints(pattern=r"^[a-z_.]{1,50}$")]


class AlertPath(Request):
    """Which alert."""

    alert: RowId


class SinkPath(Request):
    """Which sink."""

    name: SinkName


class AlertsQuery(Paging):
    """Which alerts."""

    state: State | None = Field(None, description="those that are open, or closed; both where left out")
    kind: KindStart | None = Field(None, description="what their kind begins with, such as `hook.`")
    partner: PartnerCode | None = None


class CloseAlertRequest(Request):
    """Why a person closes an alert."""

    reason: Reason


class AlertShape(GrowingShape):
    """Something that a person should see to; ``kind`` and ``subject`` are its cause."""

    id: str
    kind: str
    subject: str
    partner: str | None
    message: str = Field(description="as it was seen last")
    document_id: str | None
    state: State
    opened_at: str
    last_seen_at: str
    count: int = Field(description="how often it was seen while it is open")
    closed_at: str | None
    closed_by: str | None = Field(description="null where it healed by itself")
    close_reason: str | None


class AlertSinkShape(GrowingShape):
    """Somebody who is told of alerts, as the settings say; no causes or partners are all."""

    name: str
    kind: Literal["mail", "webhook"]
    to: list[str]
    url: str | None
    causes: list[str]
    partners: list[str]
    quiet_from: str | None = Field(description="time of day, in `timezone`")
    quiet_until: str | None
    timezone: str
    urgent: list[str] = Field(description="causes that are told in quiet hours, too")
    again_hours: float | None


class SinkTestShape(Shape):
    """A test that is on its way."""

    sink: str
    message: str = Field(description="the id of the message")
