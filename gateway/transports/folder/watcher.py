"""Wakes the scanner: watchdog tells where something happened, and nothing is decided here.

Two traps shape this file. watchdog holds every lone "moved from" event half a second to pair it, and all events
behind it wait with it: our own claims are such moves when only ``in/`` is watched, and so is a partner who moves a
fetched file out of ``out/``. Therefore the common parent of ``in/`` and ``work/`` is watched, so that our moves are
pairs, and on Linux "moved from" is not asked for at all. And when a watched folder is deleted, its emitter dies
while the observer says that it lives: ask :meth:`FolderWatcher.alive`.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from watchdog.events import (
    DirCreatedEvent,
    DirMovedEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers.api import BaseObserver, ObservedWatch

Hint = Callable[[str, bool], None]
"""Called with a path and whether it was closed after writing or moved there; from watchdog's thread."""

_EVENTS: list[type[FileSystemEvent]] = [
    FileClosedEvent, FileMovedEvent, FileCreatedEvent, DirCreatedEvent, DirMovedEvent,
]  # fmt: skip

if sys.platform == "linux":
    from watchdog.observers.inotify import InotifyFullEmitter
    from watchdog.observers.inotify_c import InotifyConstants, InotifyFD, Mask

    class _WakingEmitter(InotifyFullEmitter):
        """Tells a file moved in from one just created, and never waits for the other half of a move."""

        def get_event_mask_from_filter(self) -> Mask:
            return Mask(
                InotifyConstants.IN_CLOSE_WRITE
                | InotifyConstants.IN_MOVED_TO
                | InotifyConstants.IN_CREATE
                | InotifyConstants.IN_DELETE_SELF
            )

    def _observer() -> BaseObserver:
        return BaseObserver(_WakingEmitter, inotify_fd=InotifyFD.get_instance())

else:
    from watchdog.observers import Observer

    def _observer() -> BaseObserver:
        return Observer()


class _Handler(FileSystemEventHandler):
    def __init__(self, hint: Hint) -> None:
        self._hint = hint

    def dispatch(self, event: FileSystemEvent) -> None:
        """Pass on where it happened; a move counts where it ends."""
        moved = isinstance(event, FileMovedEvent | DirMovedEvent)
        path = event.dest_path if moved else event.src_path
        if path:
            self._hint(os.fsdecode(path), moved or isinstance(event, FileClosedEvent))


class FolderWatcher:
    """Watches any number of folders, each with all below it, in one observer.

    Thread-safe. The observer's thread starts with the first :meth:`arm`.
    """

    def __init__(self, hint: Hint) -> None:
        self._handler = _Handler(hint)
        self._lock = threading.Lock()
        self._observer: BaseObserver | None = None
        self._watches: dict[Path, ObservedWatch] = {}

    def arm(self, folder: Path) -> None:
        """Watch *folder* and all below it, anew if it is watched already.

        Raises:
            OSError: it is not there, or the system gives no more watches.
        """
        with self._lock:
            if self._observer is None:
                self._observer = _observer()
                self._observer.start()
            self._unschedule(folder)
            self._watches[folder] = self._observer.schedule(
                self._handler, str(folder), recursive=True, event_filter=_EVENTS
            )

    def alive(self, folder: Path) -> bool:
        """Tell whether events of *folder* still arrive: the observer and this folder's own emitter run."""
        with self._lock:
            observer, watch = self._observer, self._watches.get(folder)
            if observer is None or watch is None or not observer.is_alive():
                return False
            return any(emitter.watch == watch and emitter.is_alive() for emitter in tuple(observer.emitters))

    def stop(self) -> None:
        """Stop watching; may be armed again."""
        with self._lock:
            observer, self._observer = self._observer, None
            self._watches.clear()
        if observer is not None:
            observer.stop()
            observer.join()

    def _unschedule(self, folder: Path) -> None:
        watch = self._watches.pop(folder, None)
        if watch is not None and self._observer is not None:
            self._observer.unschedule(watch)
