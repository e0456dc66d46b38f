"""One alarm per cause, healed when the cause is gone."""

from __future__ import annotations

import threading
from collections.abc import Callable

import structlog

from gateway.transports.folder.settings import FolderTrouble

_log = structlog.get_logger(__name__)

Tell = Callable[[FolderTrouble], None]
_Cause = tuple[str, str, str]


class AlarmBook:
    """Remembers which causes were told, so that a scan every few seconds does not tell them again.

    The two callables belong to the gateway and may fail (its database is the usual cause of alarms): a failure is
    logged with the trouble, and the scan goes on.
    """

    def __init__(self, alarm: Tell, heal: Tell) -> None:
        self._alarm = alarm
        self._heal = heal
        self._lock = threading.Lock()
        self._open: dict[_Cause, FolderTrouble] = {}

    def raise_(self, code: str, folder: str, subject: str, message: str) -> None:
        """Tell a trouble, once until it is healed."""
        trouble = FolderTrouble(code, folder, subject, message)
        with self._lock:
            if (code, folder, subject) in self._open:
                return
            self._open[code, folder, subject] = trouble
        self._tell(self._alarm, trouble)

    def once(self, code: str, folder: str, subject: str, message: str) -> None:
        """Tell something that happened and has no end, such as a refused file."""
        self._tell(self._alarm, FolderTrouble(code, folder, subject, message))

    def heal(self, code: str, folder: str, subject: str) -> None:
        """Say that a cause is gone; nothing happens when it was not told."""
        with self._lock:
            trouble = self._open.pop((code, folder, subject), None)
        if trouble is not None:
            self._tell(self._heal, trouble)

    def heal_others(self, code: str, folder: str, subjects: frozenset[str]) -> None:
        """Heal every open cause of this code in this folder whose subject is not among *subjects*."""
        with self._lock:
            gone = [key for key in self._open if key[:2] == (code, folder) and key[2] not in subjects]
        for key in gone:
            self.heal(*key)

    def open(self) -> list[FolderTrouble]:
        """Return the troubles that are not healed."""
        with self._lock:
            return list(self._open.values())

    def _tell(self, tell: Tell, trouble: FolderTrouble) -> None:
        try:
            tell(trouble)
        except Exception:  # noqa: BLE001 - the gateway's callable may fail in any way
            _log.exception("folder.alarm_not_told", **trouble._asdict())
