"""The settings of one drop folder and what the gateway is told about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, NamedTuple

from gateway.transports.folder.end_marks import edifact_complete
from gateway.transports.folder.settle import SettleRule

Watch = Literal["auto", "inotify", "poll", "off"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderSettings:
    """One folder with its ``in/``, ``work/``, ``done/`` and ``error/``.

    Attributes:
        code: who the files are from (a partner's code, ``mail``, ``fax``); given to ``take`` unchanged.
        root: the common parent of the four folders; they lie on one filesystem.
        watch: ``inotify`` wakes the scanner by the system's file events, ``poll`` scans every ``poll_seconds``
            instead, ``off`` leaves the slow scan alone; ``auto`` polls on network mounts, where events are missing.
        watch_at: a folder above ``root`` to watch in its place, so that many folders share one watch and its thread.
        settle_seconds: see :class:`~gateway.transports.folder.settle.SettleRule`; so is ``incomplete_seconds``.
        scan_seconds: time between two full scans, whatever the watcher says.
        poll_seconds: time between two full scans of a polled folder.
        max_bytes: a longer file is refused.
        include: shell patterns of the names to take; empty takes all.
        exclude: shell patterns of names to leave alone.
        marker: suffix of a marker file; if set, ``<name><marker>`` stands for the end mark, and without it a file is
            never ready.
        silent_after_hours: raise an alarm when nothing arrived for so long; None never does.
        ends_complete: tells by the last 512 bytes whether a file ends as a complete one does.
    """

    code: str
    root: Path
    watch: Watch = "auto"
    watch_at: Path | None = None
    settle_seconds: float = 2.0
    incomplete_seconds: float = 60.0
    scan_seconds: float = 10.0
    poll_seconds: float = 1.0
    max_bytes: int = 256 * 1024 * 1024
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    marker: str = ""
    silent_after_hours: float | None = None
    ends_complete: Callable[[bytes], bool] = field(default=edifact_complete)

    @property
    def inbox(self) -> Path:
        """Where files arrive."""
        return self.root / "in"

    @property
    def work(self) -> Path:
        """Where claimed files lie until they are settled."""
        return self.root / "work"

    @property
    def done(self) -> Path:
        """Where taken files end."""
        return self.root / "done"

    @property
    def error(self) -> Path:
        """Where refused files end, each with a reason file."""
        return self.root / "error"

    @property
    def rule(self) -> SettleRule:
        """The waiting times."""
        return SettleRule(self.settle_seconds, self.incomplete_seconds)


@dataclass(frozen=True, slots=True)
class Disposition:
    """Where a taken file goes: ``done`` or ``error``; *reason* is written beside it as ``<name>.reason.json``."""

    place: Literal["done", "error"]
    reason: Mapping[str, object] | None = None


class FolderTrouble(NamedTuple):
    """Something an operator should know. The first three fields name the cause; the message tells it.

    An alarm is raised once per cause and healed once, by the same three fields.
    """

    code: str
    folder: str
    subject: str
    message: str


class StuckFile(NamedTuple):
    """A claimed file that cannot be finished: still in ``work/``, tried again, never lost."""

    folder: str
    name: str
    claim_id: str
    path: Path
    attempts: int
    message: str
