"""The order of work inside one folder: by arrival, one file at a time, and no file blocks the rest for ever.

A lane is a plain queue without threads or clock. A file whose ``take`` failed for a reason that would stop every
file (the store is down) holds the lane, so that the order is kept, until its patience is over; a file that fails
by itself steps aside at once.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from gateway.transports.folder.claim import Candidate, Claim
from gateway.transports.folder.settings import Disposition

FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 60.0
PATIENCE = 7
"""Attempts (1 + 2 + 4 + ... + 32 s, about a minute) after which a file is called stuck and no longer blocks others."""


@dataclass(slots=True, eq=False)
class Job:
    """One file on its way through: a candidate to claim, or a claim to take, or a decision to carry out.

    Attributes:
        since: the monotonic instant it was queued.
        candidate: set while it lies in ``in/``.
        claim: set once it is claimed.
        decided: set once ``take`` has returned; only the move is left, and it is not taken again.
        attempts: failures so far.
        trouble: the last failure in words.
    """

    since: float
    candidate: Candidate | None = None
    claim: Claim | None = None
    decided: Disposition | None = None
    attempts: int = 0
    trouble: str = ""

    @property
    def stuck(self) -> bool:
        """Tell whether its patience is over."""
        return self.attempts >= PATIENCE

    def pause(self) -> float:
        """Return the seconds to wait after this many failures: 1, 2, 4 ... at most 60."""
        return min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2.0 ** (self.attempts - 1))


@dataclass(slots=True)
class Lane:
    """The jobs of one folder. The caller holds a lock; ``busy`` says that a worker has a job of this lane."""

    busy: bool = False
    _ready: deque[Job] = field(default_factory=deque)
    _blocking: tuple[float, Job] | None = None
    _aside: list[tuple[float, int, Job]] = field(default_factory=list)
    _order: int = 0

    def push(self, job: Job) -> None:
        """Queue a job behind the others."""
        self._ready.append(job)

    def push_first(self, job: Job) -> None:
        """Queue a job in front: it was claimed in an earlier life, so it arrived before all others."""
        self._ready.appendleft(job)

    def retry(self, job: Job, now: float, *, blocks: bool) -> None:
        """Put a failed job back for later; if it *blocks*, nothing overtakes it but jobs that stepped aside."""
        at = now + job.pause()
        if blocks and not job.stuck and self._blocking is None:
            self._blocking = (at, job)
        else:
            self._order += 1
            heapq.heappush(self._aside, (at, self._order, job))

    def next(self, now: float) -> Job | None:
        """Return the job to do now, None when there is none or the lane waits."""
        if self._aside and self._aside[0][0] <= now:
            return heapq.heappop(self._aside)[2]
        if self._blocking is not None:
            at, job = self._blocking
            if at > now:
                return None
            self._blocking = None
            return job
        return self._ready.popleft() if self._ready else None

    def due(self) -> float | None:
        """Return the instant at which :meth:`next` has something, ``-inf`` for now, None when the lane is empty."""
        instants = [self._aside[0][0]] if self._aside else []
        if self._blocking is not None:
            instants.append(self._blocking[0])
        elif self._ready:
            return float("-inf")
        return min(instants, default=None)

    def jobs(self) -> Iterator[Job]:
        """Iterate over everything that waits here."""
        if self._blocking is not None:
            yield self._blocking[1]
        yield from (entry[2] for entry in self._aside)
        yield from self._ready
