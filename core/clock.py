"""Time comes from an injected clock; nothing in the core asks the machine (ARCHITECTURE decision 9)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Protocol

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Clock(Protocol):
    """Says what time it is, in UTC."""

    def now(self) -> datetime:
        """Return the present instant with tzinfo UTC."""
        ...


class SystemClock:
    """The machine's clock plus an offset, which the sandbox may advance.

    The offset is kept in the database; :meth:`shift` is how the store's value reaches the process.
    """

    def __init__(self, offset: timedelta = timedelta(0)) -> None:
        self.offset = offset

    def now(self) -> datetime:
        """Return the present instant, offset included."""
        return datetime.now(UTC) + self.offset

    def shift(self, offset: timedelta) -> None:
        """Set the offset from the machine's clock."""
        self.offset = offset


def to_micros(instant: datetime) -> int:
    """Return *instant* as whole microseconds since 1970-01-01 UTC, the form that the store keeps."""
    return (instant - _EPOCH) // _MICROSECOND


def from_micros(micros: int) -> datetime:
    """Return the UTC instant that :func:`to_micros` gave *micros* for."""
    return _EPOCH + timedelta(microseconds=micros)


def iso(instant: datetime) -> str:
    """Return *instant* in UTC as RFC 3339 text with microseconds and ``Z``."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
