"""The scanner decides which files are ready; a watcher only makes it look sooner (ARCHITECTURE decision 7).

One scanner a folder. It reads the folder and nothing else: it claims nothing, moves nothing and starts no thread.
"""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Container
from pathlib import Path

from gateway.transports.folder.alarms import AlarmBook
from gateway.transports.folder.claim import Candidate, special_refusal
from gateway.transports.folder.end_marks import TAIL_BYTES
from gateway.transports.folder.names import is_ignored, refusal_of
from gateway.transports.folder.settings import FolderSettings
from gateway.transports.folder.settle import Identity, SettleTracker


class FolderScanner:
    """Finds the ready files of one folder.

    A file found ready is offered once; it is offered again only when it has changed, or after
    :meth:`release`. All calls but ``release`` and ``oldest`` come from one thread at a time.
    """

    def __init__(self, folder: FolderSettings, alarms: AlarmBook) -> None:
        self.folder = folder
        self._alarms = alarms
        self._tracker = SettleTracker(folder.rule)
        self._offered: dict[str, Identity] = {}
        self._inbox_key: tuple[int, int] | None = None

    def examine(self, name: str, now: float, *, arrived: bool = False) -> Candidate | None:
        """Look at one file and return it if it is ready and not offered yet.

        Args:
            name: its name in ``in/``.
            now: the monotonic instant.
            arrived: the watcher saw it closed after writing, or moved in.
        """
        marker = self.folder.marker
        if marker and name.endswith(marker):
            name = name.removesuffix(marker)
        if is_ignored(name, self.folder.include, self.folder.exclude):
            return None
        path = self.folder.inbox / name
        try:
            status = path.lstat()
        except FileNotFoundError:
            self._tracker.forget(name)
            self._offered.pop(name, None)
            return None
        if stat.S_ISDIR(status.st_mode):
            self._alarms.raise_(
                "folder.directory", self.folder.code, name, f"{path} is a directory; it is left where it is"
            )
            return None
        identity = Identity.of(status)
        if self._offered.get(name) == identity:
            return None
        if not self._ready(name, path, status, identity, now, arrived=arrived):
            return None
        self._offered[name] = identity
        return Candidate(name, identity, linked=status.st_nlink > 1)

    def due_files(self, now: float) -> list[Candidate]:
        """Look again at the files whose waiting time is over; return the ready ones."""
        found = [self.examine(name, now) for name in self._tracker.pop_due(now)]
        return _by_arrival([candidate for candidate in found if candidate is not None])

    def scan(self, now: float) -> list[Candidate]:
        """List the whole folder and return the ready files by arrival: the file's time, then its name.

        Raises:
            OSError: the folder cannot be read (FileNotFoundError: it is gone).
        """
        with os.scandir(self.folder.inbox) as entries:
            names = [entry.name for entry in entries]
        found = [self.examine(name, now) for name in names]
        present = frozenset(names)
        self._tracker.keep_only(present)
        for gone in self._offered.keys() - present:
            self._offered.pop(gone, None)
        self._alarms.heal_others("folder.directory", self.folder.code, present)
        return _by_arrival([candidate for candidate in found if candidate is not None])

    def replaced(self) -> bool:
        """Tell whether ``in/`` is another directory than at the last call, so that a watch on it is worth nothing.

        Raises:
            OSError: it is gone or cannot be looked at.
        """
        status = self.folder.inbox.stat()
        key = (status.st_dev, status.st_ino)
        before, self._inbox_key = self._inbox_key, key
        return before is not None and before != key

    def vanished(self) -> None:
        """Note that ``in/`` is gone: the next one that is there counts as replaced."""
        self._inbox_key = (0, 0)

    def due(self) -> float | None:
        """Return the instant at which a waiting file may be ready, None when none waits."""
        return self._tracker.due()

    def release(self, candidate: Candidate) -> None:
        """The candidate was claimed, lost or put back: forget it, so that a new file of its name is seen."""
        if self._offered.get(candidate.name) == candidate.identity:
            self._offered.pop(candidate.name, None)
            self._tracker.forget(candidate.name)

    def oldest(self, but_for: Container[str] = ()) -> float | None:
        """Return the monotonic instant since which the longest waiting file is known, None when none waits."""
        return self._tracker.oldest(but_for)

    def _ready(
        self, name: str, path: Path, status: os.stat_result, identity: Identity, now: float, *, arrived: bool
    ) -> bool:
        if special_refusal(status.st_mode) or refusal_of(name):
            return True  # nothing to wait for: it is claimed to be refused
        if self.folder.marker:
            marked = os.path.lexists(path.with_name(name + self.folder.marker))
            return (
                self._tracker.observe(name, identity, now, arrived=arrived and marked, complete=marked).ready and marked
            )
        if status.st_nlink > 1:
            return self._tracker.observe_linked(name, identity, now).ready
        complete = self._tracker.completeness(name, identity)
        if complete is None:
            # Of a file that is too large only the end of writing matters.
            complete = status.st_size > self.folder.max_bytes or (
                status.st_size > 0 and self.folder.ends_complete(_tail(path, status.st_size))
            )
        return self._tracker.observe(name, identity, now, arrived=arrived, complete=complete).ready


def _by_arrival(candidates: list[Candidate]) -> list[Candidate]:
    return sorted(candidates, key=lambda candidate: (candidate.identity.mtime_ns, candidate.name))


def _tail(path: Path, size: int) -> bytes:
    """Return the last bytes of a file in ``in/``, none when it cannot be read: then it counts as incomplete."""
    # Gone, unreadable or swapped for a link since it was looked at: the claim decides what becomes of it.
    with contextlib.suppress(OSError):
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            if stat.S_ISREG(os.fstat(descriptor).st_mode):
                return os.pread(descriptor, TAIL_BYTES, max(0, size - TAIL_BYTES))
        finally:
            os.close(descriptor)
    return b""
