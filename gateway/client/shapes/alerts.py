# Made by `make reference` from the OpenAPI document. Do not edit.
"""Bodies and answers of the subject alerts."""

from __future__ import annotations

from gateway.client.values import Answer, Body

__all__ = ["AlertShape", "AlertSinkShape", "CloseAlertRequest", "SinkTestShape"]


class AlertShape(Answer):
    """Something that a person should see to; ``kind`` and ``subject`` are its cause."""

    id: str
    kind: str
    subject: str
    partner: str | None
    #: as it was seen last
    message: str
    document_id: str | None
    state: str
    opened_at: str
    last_seen_at: str
    #: how often it was seen while it is open
    count: int
    closed_at: str | None
    #: null where it healed by itself
    closed_by: str | None
    close_reason: str | None


class AlertSinkShape(Answer):
    """Somebody who is told of alerts, as the settings say; no causes or partners are all."""

    name: str
    kind: str
    to: list[str]
    url: str | None
    causes: list[str]
    partners: list[str]
    #: time of day, in `timezone`
    quiet_from: str | None
    quiet_until: str | None
    timezone: str
    #: causes that are told in quiet hours, too
    urgent: list[str]
    again_hours: float | None


class CloseAlertRequest(Body):
    """Why a person closes an alert."""

    reason: str


class SinkTestShape(Answer):
    """A test that is on its way."""

    sink: str
    #: the id of the message
    message: str
