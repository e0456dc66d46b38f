"""Notices: what partners want to be told of, what they were told, what a link shows."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from core.partners.notices import Channel, Event, Preference
from gateway.web.shapes.approvals import Reason, RowId
from gateway.web.shapes.common import DecimalOut, IsoDate, OrderNumber, Request, Shape, Text
from gateway.web.shapes.masters import GrowingShape

Address = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Addresses = Annotated[list[Address], Field(max_length=20)]
Token = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{20,100}$")]
LanguageCode = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]
TemplateName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]{1,35}$")]


class PreferenceRequest(Request):
    """One preference: which fact, by which channel, to whom."""

    event: Event = Field(description="`*` is whatever no other names")
    channel: Channel = Field(description="`edi` leaves it to the EDI message of the fact, `none` tells nobody")
    to: Addresses = Field(default_factory=list, description="empty: the partner's contact")
    cc: Addresses = Field(default_factory=list)
    language: LanguageCode | None = Field(None, description="empty: the partner's own")
    template: TemplateName | None = Field(None, description="empty: the default of the notice")

    def preference(self) -> Preference:
        """Return it as the rules see it."""
        to, cc = tuple(self.to), tuple(self.cc)
        return Preference(self.event, self.channel, to, cc, self.language or "", self.template or "")


class PreferencesRequest(Request):
    """All preferences of a partner; none are the defaults."""

    preferences: Annotated[list[PreferenceRequest], Field(max_length=100)]


class PreferenceShape(Shape):
    """One preference."""

    event: str
    channel: str
    to: list[str]
    cc: list[str]
    language: str | None
    template: str | None


class PreferencesShape(GrowingShape):
    """What a partner wants to be told of."""

    partner: str
    account_manager: str | None = Field(description="in copy of every mail to a VIP")
    preferences: list[PreferenceShape]


class NoticeShape(GrowingShape):
    """What was told, by which channel, to whom, in which words, and what became of it."""

    id: str
    notice: str
    channel: str
    to: list[str]
    cc: list[str]
    language: str
    template: str | None = Field(description="of an EDI message its type")
    template_version: str | None = Field(description="SHA-256 of the template")
    subject: str | None = Field(description="of an EDI message its control reference")
    state: str = Field(description="waiting, sent, refused; of an EDI message also acknowledged, expired")
    created_at: str
    sent_at: str | None
    seen_at: str | None
    seen_by: str | None = Field(description="page, button, change; of an EDI message CONTRL or APERAK")
    attempts: int
    last_error: str | None
    resends: str | None = Field(description="the notice that it says again")


class NoticesShape(Shape):
    """Everything that was told of an order, oldest first."""

    items: list[NoticeShape]


class NoticePath(Request):
    """Which notice of which order."""

    number: OrderNumber
    id: RowId


class ResendRequest(Request):
    """By which channel a notice is said again, and to whom."""

    channel: Literal["mail", "sms", "push"]
    to: Addresses = Field(default_factory=list, description="empty: the partner's contact")


class LinkShape(Shape):
    """A link that opens the order, by the ``id`` of the notice that carried it. Its token is kept nowhere."""

    id: str
    notice: str
    created_at: str
    expires_at: str


class LinksShape(GrowingShape):
    """The links that open an order, oldest first."""

    number: str
    items: list[LinkShape]


class RevokedShape(LinksShape):
    """The links that are left, and how many opened the order until now."""

    revoked: int


class RevokeLinksRequest(Request):
    """Which links of an order open it no more, and why."""

    reason: Reason
    notice: RowId | None = Field(None, description="that of this notice alone; without it, all")


class ShipmentPath(Request):
    """Which shipment."""

    number: Annotated[str, StringConstraints(min_length=1, max_length=32)]


class EstimateRequest(Request):
    """When a shipment is expected to arrive, as it looks now."""

    expected_date: IsoDate
    reason: Text = ""


class EstimateShape(Shape):
    """The estimate that counts now; ``changed`` tells whether it is new."""

    shipment: str
    expected_date: str
    changed: bool


class MixQuery(Request):
    """Of which days; both are included, without them the last 30."""

    since: IsoDate | None = None
    until: IsoDate | None = None

    def span(self, now: datetime) -> tuple[datetime, datetime]:
        """Return the first instant of the days asked for and that after them, in UTC."""
        until = self.until or now.date()
        since = self.since or until - timedelta(days=29)
        return datetime.combine(since, time(), UTC), datetime.combine(until + timedelta(days=1), time(), UTC)


class ChannelCountShape(Shape):
    """One channel: how many, their share of all in per cent, and what became of them."""

    channel: str
    count: int
    percent: DecimalOut
    states: dict[str, int]


class MixShape(Shape):
    """Notices and EDI messages by channel, most first."""

    since: str
    until: str
    total: int
    items: list[ChannelCountShape]


class TokenPath(Request):
    """The token of a link."""

    token: Token


class TrackEventShape(Shape):
    """Where the goods were."""

    at: str
    status: str
    status_text: str = Field(description="in the language of the answer")
    place: str


class TrackShipmentShape(Shape):
    """One shipment."""

    carrier: str
    tracking_number: str
    shipped_at: str | None
    expected_date: str | None
    delivered_at: str | None
    events: list[TrackEventShape]


class TrackShape(GrowingShape):
    """An order as its customer may see it."""

    number: str
    buyer_reference: str
    seller: str
    status: str = Field(description="accepted, shipped, in transit, signed for, completed, declined, cancelled")
    status_text: str = Field(description="in the language of the answer")
    promised_date: str | None
    expected_date: str | None
    shipments: list[TrackShipmentShape]


class ConfirmedLineShape(Shape):
    """One line."""

    line: int
    description: str
    quantity: DecimalOut
    unit: str
    promised_date: str | None


class ConfirmedShape(TrackShape):
    """A confirmation as its customer may see it."""

    currency: str
    total: DecimalOut
    seen_at: str | None
    seen_by: str | None
    lines: list[ConfirmedLineShape]
