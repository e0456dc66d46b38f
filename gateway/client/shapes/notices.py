# Made by `make reference` from the OpenAPI document. Do not edit.
"""Bodies and answers of the subject notices."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import Field

from gateway.client.values import Answer, Body, Exact

__all__ = [
    "ChannelCountShape",
    "EstimateRequest",
    "EstimateShape",
    "LinkShape",
    "LinksShape",
    "MixShape",
    "NoticesNoticeShape",
    "NoticesResendRequest",
    "NoticesShape",
    "PreferenceRequest",
    "PreferenceShape",
    "PreferencesRequest",
    "PreferencesShape",
    "RevokeLinksRequest",
    "RevokedShape",
]


class ChannelCountShape(Answer):
    """One channel: how many, their share of all in per cent, and what became of them."""

    channel: str
    count: int
    percent: Exact
    states: dict[str, int]


class EstimateRequest(Body):
    """When a shipment is expected to arrive, as it looks now."""

    expected_date: dt.date
    reason: str = ""


class EstimateShape(Answer):
    """The estimate that counts now; ``changed`` tells whether it is new."""

    shipment: str
    expected_date: str
    changed: bool


class LinkShape(Answer):
    """A link that opens the order, by the ``id`` of the notice that carried it.

    Its token is kept nowhere.
    """

    id: str
    notice: str
    created_at: str
    expires_at: str


class LinksShape(Answer):
    """The links that open an order, oldest first."""

    number: str
    items: list[LinkShape]


class MixShape(Answer):
    """Notices and EDI messages by channel, most first."""

    since: str
    until: str
    total: int
    items: list[ChannelCountShape]


class NoticesNoticeShape(Answer):
    """What was told, by which channel, to whom, in which words, and what became of it."""

    id: str
    notice: str
    channel: str
    to: list[str]
    cc: list[str]
    language: str
    #: of an EDI message its type
    template: str | None
    #: SHA-256 of the template
    template_version: str | None
    #: of an EDI message its control reference
    subject: str | None
    #: waiting, sent, refused; of an EDI message also acknowledged, expired
    state: str
    created_at: str
    sent_at: str | None
    seen_at: str | None
    #: page, button, change; of an EDI message CONTRL or APERAK
    seen_by: str | None
    attempts: int
    last_error: str | None
    #: the notice that it says again
    resends: str | None


class NoticesResendRequest(Body):
    """By which channel a notice is said again, and to whom."""

    channel: Literal["mail", "sms", "push"]
    #: empty: the partner's contact
    to: list[str] = Field(default_factory=list)


class NoticesShape(Answer):
    """Everything that was told of an order, oldest first."""

    items: list[NoticesNoticeShape]


class PreferenceRequest(Body):
    """One preference: which fact, by which channel, to whom."""

    #: `*` is whatever no other names
    event: Literal[
        "order.confirmed",
        "order.changed",
        "order.refused",
        "order.question",
        "order.shipped",
        "delivery.tomorrow",
        "delivery.delayed",
        "order.completed",
        "invoice.issued",
        "payment.reminder",
        "paper.question",
        "*",
    ]
    #: `edi` leaves it to the EDI message of the fact, `none` tells nobody
    channel: Literal["edi", "mail", "sms", "push", "none"]
    #: empty: the partner's contact
    to: list[str] = Field(default_factory=list)
    cc: list[str] = Field(default_factory=list)
    #: empty: the partner's own
    language: str | None = None
    #: empty: the default of the notice
    template: str | None = None


class PreferenceShape(Answer):
    """One preference."""

    event: str
    channel: str
    to: list[str]
    cc: list[str]
    language: str | None
    template: str | None


class PreferencesRequest(Body):
    """All preferences of a partner; none are the defaults."""

    preferences: list[PreferenceRequest]


class PreferencesShape(Answer):
    """What a partner wants to be told of."""

    partner: str
    #: in copy of every mail to a VIP
    account_manager: str | None
    preferences: list[PreferenceShape]


class RevokeLinksRequest(Body):
    """Which links of an order open it no more, and why."""

    reason: str
    #: that of this notice alone; without it, all
    notice: str | None = None


class RevokedShape(Answer):
    """The links that are left, and how many opened the order until now."""

    number: str
    items: list[LinkShape]
    revoked: int
