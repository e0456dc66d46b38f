"""The sender port's fake: a mailbox in memory that keeps the port's promises and fails when it is told to."""

from __future__ import annotations

import threading
import unicodedata
from collections import deque

from core.errors import DeliveryFailed, DeliveryRefused

#: bytes that a file name may have on the file systems that partners use
_NAME_BYTES = 255


class MemorySender:
    """Delivers into a dictionary; an endpoint is there once it is opened."""

    def __init__(self, *endpoints: str) -> None:
        self.received: dict[str, dict[str, bytes]] = {endpoint: {} for endpoint in endpoints}
        #: every call in its sequence, those that failed included
        self.attempts: list[tuple[str, str, bytes]] = []
        self._failures: deque[Exception] = deque()
        self._lock = threading.Lock()

    def fail_next(self, *failures: Exception) -> None:
        """Raise these, one at each of the next calls."""
        self._failures.extend(failures)

    def send(self, endpoint: str, name: str, content: bytes) -> None:
        """Deliver *content* under *name*, as ``core.ports.Sender`` promises.

        Raises:
            DeliveryFailed: the endpoint is not there, or the test said so.
            DeliveryRefused: something else lies there under that name, or the name could lead elsewhere.
        """
        with self._lock:
            self.attempts.append((endpoint, name, content))
            if self._failures:
                raise self._failures.popleft()
            if not _is_plain(name):
                raise DeliveryRefused(f"{name!r} is no plain file name")
            if endpoint not in self.received:
                raise DeliveryFailed(f"{endpoint}: No such file or directory")
            if self.received[endpoint].setdefault(name, content) != content:
                raise DeliveryRefused(f"{endpoint}/{name} holds something else")

    def names(self, endpoint: str) -> list[str]:
        """Return what was delivered to *endpoint*, in the sequence of its arrival."""
        return list(self.received[endpoint])


def _is_plain(name: str) -> bool:
    return (
        0 < len(name.encode()) <= _NAME_BYTES
        and not name.startswith(".")
        and not name.endswith(".part")
        and not set(name) & {"/", "\\"}
        and not any(unicodedata.category(character).startswith("C") for character in name)
    )
