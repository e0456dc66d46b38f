"""The folder transport: partner folders, mail and fax inboxes become calls of ``take``, one per file.

    watcher (hints) ──> scanner thread (decides) ──> one lane a folder ──> worker threads (claim, take, put away)

It knows nothing of what the bytes mean and nothing of the store; the gateway gives it callables. Every file that
arrives is taken, refused with a reason, or listed as waiting or stuck: none is dropped.
"""

from __future__ import annotations

import os
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import structlog

from core.clock import Clock, SystemClock
from gateway.transports.folder.alarms import AlarmBook, Tell
from gateway.transports.folder.claim import ClaimBook
from gateway.transports.folder.inbox import Alive, Inbox
from gateway.transports.folder.lanes import Job
from gateway.transports.folder.settings import FolderSettings, FolderTrouble, StuckFile
from gateway.transports.folder.watcher import FolderWatcher
from gateway.transports.folder.worker import FileWorker, Outcome, Take

_log = structlog.get_logger(__name__)

_PAUSE_AFTER_FAULT = 1.0
_LONGEST_WAIT = 60.0


class FolderTransport:
    """Watches folders and has every file taken once.

    Args:
        folders: the folders; more can be added later.
        take: commits the bytes of a claimed file, judges them, says where the file goes. May be called from several
            threads, never for two files of one folder at once. What it raises keeps the file in ``work/``: a
            retryable :class:`~core.errors.OrdergateError` (the store is down, the disk is full) holds the folder's
            order for about a minute, anything else lets other files overtake; the file is tried again for ever.
        owner: this process in claims: letters, digits, dots, single hyphens, at most 48; unique for its life.
        alive: whether the owner named in another's claim still runs.
        alarm: told every trouble once.
        heal: told when a trouble is gone.
        clock: monotonic seconds.
        wall: the time written into reason files.
        workers: how many folders are worked on at once.
    """

    def __init__(
        self,
        folders: Sequence[FolderSettings],
        take: Take,
        *,
        owner: str,
        alive: Alive,
        alarm: Tell,
        heal: Tell,
        clock: Callable[[], float] = time.monotonic,
        wall: Clock | None = None,
        workers: int = 4,
    ) -> None:
        self._clock = clock
        self._alive = alive
        self._alarms = AlarmBook(alarm, heal)
        self._book = ClaimBook(owner)
        self._worker = FileWorker(take, self._book, self._alarms, wall or SystemClock())
        self._watcher = FolderWatcher(self._hinted)
        self._workers = workers
        self._pool: ThreadPoolExecutor | None = None
        self._thread: threading.Thread | None = None
        self._stopping = threading.Event()
        self._wake = threading.Event()
        self._hints: deque[tuple[Inbox, str, bool]] = deque()
        self._inboxes: dict[str, Inbox] = {}
        for folder in folders:
            self._enter(folder)

    def add(self, folder: FolderSettings) -> None:
        """Serve one more folder, from now on if the transport runs.

        Raises:
            ValueError: its ``in/`` is served already.
            OSError: its folders cannot be created.
        """
        inbox = self._enter(folder)
        if self._thread is not None:
            inbox.prepare(self._clock())
            self._wake.set()

    def start(self) -> None:
        """Create missing folders, then scan, watch and work in the background.

        Raises:
            OSError: a folder cannot be created.
        """
        if self._thread is not None:
            raise RuntimeError("the transport runs already")
        for inbox in self._inboxes.values():
            inbox.prepare(self._clock())
        self._stopping.clear()
        self._pool = ThreadPoolExecutor(self._workers, thread_name_prefix="folder-take")
        self._thread = threading.Thread(target=self._run, name="folder-scan", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Claim nothing more, wait for the takes that run, then return. What waits stays where it lies."""
        self._stopping.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join()
        self._watcher.stop()
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
        self._thread = self._pool = None
        self._book.clear()
        for inbox in self._inboxes.values():
            inbox.reset()

    def scan_once(self) -> int:
        """Without threads: scan every folder now and carry all that is ready through.

        A file that nobody closed under our eyes is ready when two calls found it unchanged, ``settle_seconds`` apart.

        Returns:
            How many files were taken or refused.
        """
        if self._thread is not None:
            raise RuntimeError("the transport runs; it scans by itself")
        settled = 0
        for inbox in tuple(self._inboxes.values()):
            if not inbox.prepared:
                inbox.prepare(self._clock(), watch=False)
            inbox.look_soon()
            inbox.look(self._clock())
            while (job := self._next(inbox)) is not None:
                outcome = self._carry(inbox, job)
                settled += outcome in {Outcome.TAKEN, Outcome.REFUSED}
        return settled

    def waiting_seconds(self) -> dict[str, float]:
        """Return by folder for how long its oldest file waits, 0 when none does: the value of a gauge."""
        now = self._clock()
        ages: dict[str, float] = {}
        for inbox in tuple(self._inboxes.values()):
            code = inbox.folder.code
            ages[code] = max(ages.get(code, 0.0), inbox.waiting_seconds(now))
        return ages

    def stuck(self) -> list[StuckFile]:
        """Return the files that could not be finished in about a minute of attempts."""
        return [stuck for inbox in tuple(self._inboxes.values()) for stuck in inbox.stuck()]

    def troubles(self) -> list[FolderTrouble]:
        """Return the troubles that are not healed yet."""
        return self._alarms.open()

    def _enter(self, folder: FolderSettings) -> Inbox:
        key = str(folder.inbox.absolute())
        if key in self._inboxes:
            raise ValueError(f"{key} is served already")
        inbox = Inbox(folder, self._book, self._alive, self._alarms, self._watcher)
        # A new mapping, because watchdog's thread and the gauges read the present one.
        self._inboxes = {**self._inboxes, key: inbox}
        return inbox

    def _hinted(self, path: str, arrived: bool) -> None:  # noqa: FBT001 - the shape of a hint
        """Note where something happened; called by watchdog's thread for everything below the watched folders."""
        folder, _, name = path.rpartition(os.sep)
        inbox = self._inboxes.get(folder)
        if inbox is None:
            inbox, name = self._inboxes.get(path), ""  # in/ itself was created or moved there
        if inbox is not None:
            self._hints.append((inbox, name, arrived))
            self._wake.set()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                deadline = self._round()
            except Exception as error:  # noqa: BLE001 - the scanner is the last to die
                _log.exception("folder.scan_failed")
                self._alarms.raise_("folder.scan_failed", "", "", f"a scan failed: {error}")
                deadline = self._clock() + _PAUSE_AFTER_FAULT
            else:
                self._alarms.heal("folder.scan_failed", "", "")
            self._wake.wait(min(max(0.0, deadline - self._clock()), _LONGEST_WAIT))

    def _round(self) -> float:
        """Do all that is due and return the instant of the next round."""
        self._wake.clear()  # before the hints are read, so that one that comes meanwhile wakes again
        self._follow_hints()
        deadline = float("inf")
        for inbox in self._inboxes.values():
            now = self._clock()
            if inbox.due() <= now:
                inbox.look(now)
                self._start_work(inbox)
            deadline = min(deadline, inbox.due())
        return deadline

    def _follow_hints(self) -> None:
        """Look at the very files that were hinted at; their folders are not listed."""
        while self._hints and not self._stopping.is_set():
            inbox, name, arrived = self._hints.popleft()
            if name:
                inbox.hint(name, self._clock(), arrived=arrived)
                self._start_work(inbox)
            else:
                inbox.look_soon()

    def _start_work(self, inbox: Inbox) -> None:
        """Hand the lane to a worker, if it has something to do and no worker yet."""
        pool = self._pool
        with inbox.lock:
            due = inbox.lane.due()
            if pool is None or inbox.lane.busy or due is None or due > self._clock() or self._stopping.is_set():
                return
            inbox.lane.busy = True
            pool.submit(self._work, inbox)

    def _work(self, inbox: Inbox) -> None:
        """Carry one job of a lane through, then let the next folder have this worker."""
        job = None if self._stopping.is_set() else self._next(inbox)
        try:
            if job is not None:
                self._carry(inbox, job)
        except Exception as error:  # noqa: BLE001 - the pool would keep it to itself, and the lane would stay busy
            _log.exception("folder.work_failed", folder=inbox.folder.code)
            self._alarms.once("folder.work_failed", inbox.folder.code, str(inbox.folder.inbox), str(error))
        with inbox.lock:
            inbox.lane.busy = False
        self._start_work(inbox)
        if not inbox.lane.busy:
            self._wake.set()  # a retry may have set an earlier deadline

    def _next(self, inbox: Inbox) -> Job | None:
        with inbox.lock:
            return inbox.lane.next(self._clock())

    def _carry(self, inbox: Inbox, job: Job) -> Outcome:
        candidate = job.candidate if job.claim is None else None

        def claimed() -> None:
            inbox.last_arrival = self._clock()
            if candidate is not None:
                inbox.released(candidate)

        outcome = self._worker.run(inbox.folder, job, claimed)
        if candidate is not None and job.claim is None:
            inbox.released(candidate)
        if outcome is Outcome.LOOK_AGAIN:
            # Put back under another name, if a new file had taken its own: then the next full scan finds it.
            name = job.candidate.name if job.candidate is not None else ""
            self._hints.append((inbox, name, False))
        elif outcome in {Outcome.BLOCKED, Outcome.FAILED}:
            with inbox.lock:
                inbox.lane.retry(job, self._clock(), blocks=outcome is Outcome.BLOCKED)
        return outcome
