"""When is a file finished? The settle rule as a plain class: no clock, no watcher, no file system inside.

ARCHITECTURE decision 7: a file is ready at once when it was closed or moved in and ends with a complete end mark;
else when it stayed unchanged for ``settle_seconds``; without an end mark, or empty, for ``incomplete_seconds``.
Unchanged is measured on the caller's monotonic clock and never by the file's own time, which a copy brings along.
"""

from __future__ import annotations

import heapq
import os
from collections.abc import Container, Iterable
from dataclasses import dataclass
from typing import NamedTuple


class Identity(NamedTuple):
    """What must stay the same while a file settles: it is the same file, as long and as old as before."""

    device: int
    inode: int
    size: int
    mtime_ns: int

    @classmethod
    def of(cls, status: os.stat_result) -> Identity:
        """Return the identity of the file that *status* describes."""
        return cls(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)


@dataclass(frozen=True, slots=True)
class SettleRule:
    """The waiting times of one folder, in seconds.

    A file that still has a second name (the writer links it in and then unlinks its own) is looked at again every
    ``linked_recheck_seconds`` and refused when it kept that name for ``settle_seconds``.
    """

    settle_seconds: float = 2.0
    incomplete_seconds: float = 60.0
    linked_recheck_seconds: float = 0.1


class Readiness(NamedTuple):
    """``ready`` now, or look again ``at`` this monotonic instant."""

    ready: bool
    at: float


@dataclass(slots=True)
class _Waiting:
    identity: Identity
    first_seen: float
    since: float
    arrived: bool
    complete: bool | None
    due: float


class SettleTracker:
    """Follows the files of one folder by name until each is ready.

    Not thread-safe: one scanner feeds it. All instants are seconds on one monotonic clock.
    """

    def __init__(self, rule: SettleRule) -> None:
        self.rule = rule
        self._waiting: dict[str, _Waiting] = {}
        self._timers: list[tuple[float, str]] = []

    def completeness(self, name: str, identity: Identity) -> bool | None:
        """Return what is known of the end mark of *name*, None when its end must be read (again)."""
        entry = self._waiting.get(name)
        return entry.complete if entry is not None and entry.identity == identity else None

    def observe(
        self, name: str, identity: Identity, now: float, *, arrived: bool = False, complete: bool = False
    ) -> Readiness:
        """Take one look at a file into account.

        Args:
            name: the file's name in the folder.
            identity: what it looks like now.
            now: the monotonic instant of the look.
            arrived: the watcher saw it closed after writing, or moved in.
            complete: it is not empty and ends with a complete end mark.
        """
        entry = self._waiting.get(name)
        if entry is None:
            entry = self._waiting[name] = _Waiting(identity, now, now, arrived, complete, now)
        elif entry.identity != identity:
            # An earlier close says nothing about bytes that came after it.
            entry.identity, entry.since, entry.arrived, entry.complete = identity, now, arrived, complete
        else:
            entry.arrived = entry.arrived or arrived
            entry.complete = complete
        if entry.arrived and entry.complete:
            return Readiness(ready=True, at=now)
        at = entry.since + (self.rule.settle_seconds if entry.complete else self.rule.incomplete_seconds)
        return Readiness(ready=True, at=now) if now >= at else self._later(name, entry, at)

    def observe_linked(self, name: str, identity: Identity, now: float) -> Readiness:
        """Take a look at a file that has a second name; ready means: waited long enough, refuse it."""
        entry = self._waiting.get(name)
        if entry is None:
            entry = self._waiting[name] = _Waiting(identity, now, now, arrived=False, complete=None, due=now)
        elif entry.identity != identity:
            entry.identity, entry.since, entry.complete = identity, now, None
        until = entry.since + self.rule.settle_seconds
        if now >= until:
            return Readiness(ready=True, at=now)
        return self._later(name, entry, min(until, now + self.rule.linked_recheck_seconds))

    def due(self) -> float | None:
        """Return the earliest instant at which a waiting file may be ready, None when none waits."""
        while self._timers:
            at, name = self._timers[0]
            entry = self._waiting.get(name)
            if entry is not None and entry.due == at:
                return at
            heapq.heappop(self._timers)  # the file is gone or waits for another instant now
        return None

    def pop_due(self, now: float) -> list[str]:
        """Return the names whose instant has come; each must be looked at again."""
        names = []
        while (at := self.due()) is not None and at <= now:
            names.append(heapq.heappop(self._timers)[1])
        return names

    def forget(self, name: str) -> None:
        """Drop *name*: it was claimed, or it is gone."""
        self._waiting.pop(name, None)

    def keep_only(self, names: Iterable[str]) -> None:
        """Drop every file that a full listing no longer shows."""
        for gone in self._waiting.keys() - set(names):
            del self._waiting[gone]

    def oldest(self, but_for: Container[str] = ()) -> float | None:
        """Return the instant since which the longest waiting file is known, *but_for* some; None when none waits."""
        # A copy, because the gauge is read from another thread than the one that feeds the tracker.
        entries = list(self._waiting.items())
        return min((entry.first_seen for name, entry in entries if name not in but_for), default=None)

    def _later(self, name: str, entry: _Waiting, at: float) -> Readiness:
        if entry.due != at:
            entry.due = at
            heapq.heappush(self._timers, (at, name))
        return Readiness(ready=False, at=at)
