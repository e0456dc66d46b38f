"""Who is told of alerts and when: pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

from core.subscriptions.model import matches

SinkKind = Literal["mail", "webhook"]

#: the kind of an alert, or a part of it and a star: ``hook.dead``, ``hook.*``, ``*``
CAUSE: Final = re.compile(r"\*|[a-z_]+\.(?:\*|[a-z_]+)")


@dataclass(frozen=True, slots=True)
class QuietHours:
    """The time of day, by the wall clock of *zone*, at which nobody is woken: from *start* on, until before *end*.

    An *end* before the *start* is on the day after; the two differ.
    """

    start: time
    end: time
    zone: ZoneInfo

    def hold(self, at: datetime) -> bool:
        """Tell whether *at* is in them."""
        now = at.astimezone(self.zone).time()
        if self.start < self.end:
            return self.start <= now < self.end
        return now >= self.start or now < self.end

    def until(self, at: datetime) -> datetime:
        """Return when the quiet hours that *at* is in end; *at* itself outside of them.

        An end that the clock skips in spring comes as much later (RFC 5545, 3.3.5); one that it shows twice in autumn
        is the first of the two that is still to come.
        """
        if not self.hold(at):
            return at
        day = at.astimezone(self.zone).date()
        ends = [
            datetime.combine(one, self.end.replace(fold=fold), self.zone).astimezone(UTC)
            for one in (day, day + timedelta(days=1))
            for fold in (0, 1)
        ]
        return next(end for end in sorted(ends) if end > at and not self.hold(end))


@dataclass(frozen=True, slots=True)
class Sink:
    """Somebody who is told of alerts; no *causes* are all, no *partners* are all and what is about none."""

    name: str
    kind: SinkKind
    causes: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()
    quiet: QuietHours | None = None
    #: causes that wake people
    urgent: tuple[str, ...] = ()
    #: how often an alert that stays open is told again, None never
    again: timedelta | None = None

    @property
    def lane(self) -> str:
        """The endpoint of its messages."""
        return f"mail/alerts.{self.name}" if self.kind == "mail" else f"alerts/{self.name}"

    def wants(self, kind: str, subject: str, partner: str | None) -> bool:
        """Tell whether it hears of an alert; that it cannot be reached itself it could not hear anyway."""
        return (
            subject != self.lane
            and (not self.causes or _named(self.causes, kind))
            and (not self.partners or partner in self.partners)
        )

    def due(self, kind: str, at: datetime) -> datetime:
        """Return when it may be told at *at* of an alert of *kind*: at once, or when its quiet hours end."""
        return at if self.quiet is None or _named(self.urgent, kind) else self.quiet.until(at)


def _named(patterns: tuple[str, ...], kind: str) -> bool:
    return any(matches(pattern, kind) for pattern in patterns)
