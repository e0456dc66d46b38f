"""What a subscription wants, and when a delivery is tried again: pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal, NamedTuple

from core.errors import ValueRefused

#: an event's name, or a part of it and a star: ``order.confirmed``, ``order.*``, ``*``
_PATTERN: Final = re.compile(r"\*|[a-z_]+\.(?:\*|[a-z_]+)")
_MAX_PATTERNS: Final = 50

#: how long after each failure the next try comes; after the last one the delivery is a dead letter (26 hours in all)
BACKOFF: Final = tuple(
    timedelta(seconds=seconds) for seconds in (5, 30, 120, 600, 1_800, 3_600, 7_200, 14_400, 28_800, 36_000)
)

SubscriptionState = Literal["active", "paused", "disabled"]
#: queued -> attempting -> delivered; a failure goes back to queued, the last one to dead
DeliveryState = Literal["queued", "attempting", "delivered", "dead", "dropped"]


class Fact(NamedTuple):
    """One sealed event with what filters ask of its order; ``seal`` is its position in the stream."""

    seal: int
    event_id: int
    event: str
    order_id: int
    partner_id: int
    channel: str
    type: str
    test: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which facts a subscription wants: empty means all, and every part that is named must fit."""

    events: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    order_types: tuple[str, ...] = ()
    partner_id: int | None = None
    #: orders of tests are not real; they are told only where they are asked for
    tests: bool = False

    def fits(self, fact: Fact) -> bool:
        """Tell whether *fact* is wanted."""
        return (
            (self.partner_id is None or fact.partner_id == self.partner_id)
            and (self.tests or not fact.test)
            and (not self.channels or fact.channel in self.channels)
            and (not self.order_types or fact.type in self.order_types)
            and (not self.events or any(matches(pattern, fact.event) for pattern in self.events))
        )


def matches(pattern: str, event: str) -> bool:
    """Tell whether *event* is what *pattern* names."""
    if pattern == "*":
        return True
    if pattern.endswith(".*"):
        return event.startswith(pattern[:-1])
    return pattern == event


def check_patterns(patterns: Sequence[str], known: Sequence[str]) -> tuple[str, ...]:
    """Return *patterns* in order, each once.

    Raises:
        ValueRefused: one is no pattern, or names no event of *known*.
    """
    if len(patterns) > _MAX_PATTERNS:
        raise ValueRefused(f"at most {_MAX_PATTERNS} events can be named", hint='Use a star: "order.*".')
    for pattern in patterns:
        if not _PATTERN.fullmatch(pattern) or not any(matches(pattern, event) for event in known):
            raise ValueRefused(
                f"{pattern!r} names no event", hint="GET /api/v1/event-types lists them; a star ends a pattern."
            )
    return tuple(dict.fromkeys(patterns))


def next_try(attempts: int) -> timedelta | None:
    """Return how long to wait after *attempts* failures in a row, None when it was the last one."""
    return BACKOFF[attempts - 1] if attempts <= len(BACKOFF) else None
