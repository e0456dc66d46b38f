"""One folder in operation: its scanner, its lane, its watch, and what was left behind in ``work/``."""

from __future__ import annotations

import os
import threading
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path

from gateway.transports.folder.alarms import AlarmBook
from gateway.transports.folder.claim import Candidate, Claim, ClaimBook, parse_claim
from gateway.transports.folder.lanes import Job, Lane
from gateway.transports.folder.mounts import filesystem_of, hides_events, mount_table
from gateway.transports.folder.scanner import FolderScanner
from gateway.transports.folder.settings import FolderSettings, StuckFile
from gateway.transports.folder.watcher import FolderWatcher

Alive = Callable[[str], bool]
"""Tells whether the owner named in a claim still runs."""


class Inbox:
    """One folder in operation.

    All methods but ``released`` and the gauges are called by the scanner's thread; ``lane`` is used under ``lock``.
    """

    def __init__(
        self, folder: FolderSettings, book: ClaimBook, alive: Alive, alarms: AlarmBook, watcher: FolderWatcher
    ) -> None:
        self.folder = folder
        self.lane = Lane()
        self.lock = threading.Lock()
        self.last_arrival = 0.0
        self.prepared = False
        self._book = book
        self._alive = alive
        self._alarms = alarms
        self._watcher = watcher
        self._scanner = FolderScanner(folder, alarms)
        self._released: deque[Candidate] = deque()
        self._next_scan = float("-inf")
        self._pause = folder.scan_seconds
        self._watched: Path | None = None
        self._armed_before = False

    def prepare(self, now: float, *, watch: bool = True) -> None:
        """Create what is missing and choose how to be woken; not at all without *watch*.

        A folder that vanishes later is not created again: somebody removed it, or a share was unmounted.
        """
        for needed in (self.folder.inbox, self.folder.work, self.folder.done, self.folder.error):
            needed.mkdir(parents=True, exist_ok=True)
        mode = self.folder.watch if watch else "off"
        if mode == "auto":
            # A linked in/ lies elsewhere: events of its real place do not pass through the parent.
            network = hides_events(filesystem_of(self.folder.inbox, mount_table()))
            mode = "poll" if network or self.folder.inbox.is_symlink() else "inotify"
        self._pause = self.folder.poll_seconds if mode == "poll" else self.folder.scan_seconds
        self._watched = (self.folder.watch_at or self.folder.root).absolute() if mode == "inotify" else None
        # What was put away last tells the time of the last arrival across a restart.
        last = max(place.stat().st_mtime for place in (self.folder.done, self.folder.error))
        self.last_arrival = now - max(0.0, time.time() - last)
        self._next_scan = float("-inf")
        self.prepared = True

    def look(self, now: float) -> None:
        """Look at everything that is due: the whole folder, or only the files whose waiting time is over."""
        while self._released:
            self._scanner.release(self._released.popleft())
        if now >= self._next_scan:
            self._next_scan = now + self._pause
            self._look_at_all(now)
        else:
            self._queue(self._scanner.due_files(now), now)

    def hint(self, name: str, now: float, *, arrived: bool) -> None:
        """Look at one file, because the watcher or a worker says that something happened to it."""
        while self._released:
            self._scanner.release(self._released.popleft())
        candidate = self._scanner.examine(name, now, arrived=arrived)
        if candidate is not None:
            self._queue([candidate], now)

    def look_soon(self) -> None:
        """Have the next :meth:`look` list the whole folder."""
        self._next_scan = float("-inf")

    def released(self, candidate: Candidate) -> None:
        """The candidate was claimed or given up; called from any thread."""
        self._released.append(candidate)

    def due(self) -> float:
        """Return the instant at which something is to be done here."""
        instants = [self._next_scan]
        waiting = self._scanner.due()
        if waiting is not None:
            instants.append(waiting)
        with self.lock:
            work = None if self.lane.busy else self.lane.due()
        if work is not None:
            instants.append(work)
        return min(instants)

    def waiting_seconds(self, now: float) -> float:
        """Return for how long the oldest file here waits, by our clock; 0 when none waits."""
        with self.lock:
            instants = [job.since for job in self.lane.jobs()]
        oldest = self._scanner.oldest(but_for={candidate.name for candidate in tuple(self._released)})
        if oldest is not None:
            instants.append(oldest)
        return max(0.0, now - min(instants, default=now))

    def stuck(self) -> list[StuckFile]:
        """Return the claimed files whose patience is over."""
        with self.lock:
            return [
                StuckFile(self.folder.code, job.claim.name, job.claim.id, job.claim.path, job.attempts, job.trouble)
                for job in self.lane.jobs()
                if job.claim is not None and job.stuck
            ]

    def reset(self) -> None:
        """Forget all jobs; claimed files are found in ``work/`` again."""
        with self.lock:
            self.lane = Lane()
        self._scanner = FolderScanner(self.folder, self._alarms)
        self._released.clear()
        self._armed_before = False
        self.prepared = False

    def _look_at_all(self, now: float) -> None:
        code, inbox = self.folder.code, str(self.folder.inbox)
        try:
            replaced = self._scanner.replaced()
            self._care_for_watch(replaced=replaced)
            candidates = self._scanner.scan(now)
        except FileNotFoundError:
            self._scanner.vanished()
            self._alarms.raise_("folder.vanished", code, inbox, f"{inbox} is gone; it is watched for, not created")
            return
        except OSError as error:
            self._alarms.raise_("folder.unreadable", code, inbox, f"{inbox} cannot be read: {error.strerror or error}")
            return
        if replaced:
            self._alarms.once(
                "folder.replaced", code, inbox, f"{inbox} was deleted and created anew; it is watched again"
            )
        self._alarms.heal("folder.vanished", code, inbox)
        self._alarms.heal("folder.unreadable", code, inbox)
        self._resume(now)
        self._queue(candidates, now)
        self._listen_for_silence(now)

    def _care_for_watch(self, *, replaced: bool) -> None:
        """Arm the watch before the folder is listed, so that nothing falls between; again when it died."""
        if self._watched is None:
            return
        code, place = self.folder.code, str(self._watched)
        alive = self._watcher.alive(self._watched)
        if alive and not replaced:
            return
        if self._armed_before and not alive:
            self._alarms.raise_(
                "folder.watch_lost", code, place, f"file events of {place} stopped; it is scanned every {self._pause} s"
            )
        try:
            self._watcher.arm(self._watched)
        except OSError as error:
            self._alarms.raise_(
                "folder.watch_lost",
                code,
                place,
                f"{place} cannot be watched ({error}); it is scanned every {self._pause} s",
            )
            return
        self._armed_before = True
        self._alarms.heal("folder.watch_lost", code, place)

    def _resume(self, now: float) -> None:
        """Offer again what a dead owner left in ``work/``, oldest claim first."""
        claims, foreign = self._claims_in_work()
        left = [claim for claim in claims if self._left_behind(claim.owner) and self._book.adopt(claim.id)]
        with self.lock:
            for claim in sorted(left, key=_serial, reverse=True):
                self.lane.push_first(Job(now, claim=claim))
        work = self.folder.work
        for name in foreign:
            self._alarms.raise_(
                "work.foreign", self.folder.code, name, f"{name} in {work} is no claimed file of ours; it is left there"
            )
        self._alarms.heal_others("work.foreign", self.folder.code, foreign)

    def _claims_in_work(self) -> tuple[list[Claim], frozenset[str]]:
        """Return the claims in ``work/`` and the names of files that are none, dotfiles aside."""
        try:
            with os.scandir(self.folder.work) as entries:
                names = [entry.name for entry in entries]
        except FileNotFoundError:
            self.folder.work.mkdir(exist_ok=True)
            return [], frozenset()
        claims = {name: parse_claim(self.folder.work / name) for name in names}
        foreign = frozenset(name for name, claim in claims.items() if claim is None and not name.startswith("."))
        return [claim for claim in claims.values() if claim is not None], foreign

    def _left_behind(self, owner: str) -> bool:
        return owner == self._book.owner or not self._alive(owner)

    def _queue(self, candidates: list[Candidate], now: float) -> None:
        with self.lock:
            for candidate in candidates:
                self.lane.push(Job(now, candidate=candidate))

    def _listen_for_silence(self, now: float) -> None:
        hours = self.folder.silent_after_hours
        if hours is None:
            return
        code, inbox = self.folder.code, str(self.folder.inbox)
        if now - self.last_arrival > hours * 3600:
            self._alarms.raise_(
                "folder.silent", code, inbox, f"nothing arrived in {inbox} for more than {hours:g} hours"
            )
        else:
            self._alarms.heal("folder.silent", code, inbox)


def _serial(claim: Claim) -> str:
    return claim.id[-20:]
