"""The settings of a sink of alerts: who is told, of what, and when not."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from core.alerts.sinks import CAUSE, QuietHours, Sink
from core.partners.notices import is_mail_address

Cause = Annotated[str, StringConstraints(pattern=f"^(?:{CAUSE.pattern})$", max_length=50)]
Clock = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]


class AlertSinkSettings(BaseModel):
    """One `[[alert_sinks]]`: somebody who is told of alerts by mail or webhook."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True, defer_build=True)

    name: str = Field(pattern=r"^[a-z0-9-]{1,40}$", description="what it is called: `on-call`; no two share one")
    kind: Literal["mail", "webhook"] = Field(description="`mail` goes to `to`, `webhook` to `url`")
    to: list[str] = Field(default_factory=list, max_length=20, description="mail addresses")
    url: str = Field(
        default="", pattern=r"^(https?://[^\s/?#]+\S*)?$", max_length=500, description="where webhooks are posted"
    )
    secret: str = Field(
        default="", repr=False, description="signs each webhook (Standard Webhooks): base64, with or without `whsec_`"
    )
    timeout_seconds: float = Field(default=5, gt=0, le=60, description="of a whole request of a webhook")
    causes: list[Cause] = Field(
        default_factory=list, max_length=50, description="kinds of alerts: `hook.dead`, `hook.*`. Empty: all"
    )
    partners: list[str] = Field(
        default_factory=list, max_length=500, description="alerts about these partners only. Empty: all"
    )
    quiet_from: Clock | None = Field(default=None, description="from this time of day on nobody is told: `22:00`")
    quiet_until: Clock | None = Field(default=None, description="until before this time; then one message tells all")
    timezone: str = Field(default="UTC", description="whose clock that is: `Europe/Berlin`")
    urgent: list[Cause] = Field(default_factory=list, max_length=50, description="causes that are told at any time")
    again_hours: float | None = Field(
        default=None, ge=0.25, le=720, description="what stays open is told again so often; unset: never"
    )

    @model_validator(mode="after")
    def _reaches_somebody(self) -> Self:
        if self.kind == "mail" and (not self.to or self.url):
            raise ValueError("a sink of mails needs `to`, and has no `url`")
        if self.kind == "webhook" and (not self.url or not self.secret or self.to):
            raise ValueError("a sink of webhooks needs `url` and `secret`, and has no `to`")
        wrong = next((one for one in self.to if not is_mail_address(one)), None)
        if wrong is not None:
            raise ValueError(f"{wrong} is no mail address")
        return self

    @model_validator(mode="after")
    def _is_quiet(self) -> Self:
        if self.timezone not in available_timezones():
            raise ValueError(f"{self.timezone} is no time zone")
        if (self.quiet_from is None) != (self.quiet_until is None) or (
            self.quiet_from is not None and self.quiet_from == self.quiet_until
        ):
            raise ValueError("quiet hours have `quiet_from` and `quiet_until`, and they differ")
        return self

    @property
    def sink(self) -> Sink:
        """Return who that is to the rules."""
        quiet = None
        if self.quiet_from is not None and self.quiet_until is not None:
            quiet = QuietHours(
                time.fromisoformat(self.quiet_from), time.fromisoformat(self.quiet_until), ZoneInfo(self.timezone)
            )
        return Sink(
            self.name,
            self.kind,
            tuple(self.causes),
            tuple(self.partners),
            quiet,
            tuple(self.urgent),
            None if self.again_hours is None else timedelta(hours=self.again_hours),
        )
