"""The mailbox port's fake and its one exerciser, which every mailbox, real or fake, has to pass."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from itertools import count
from typing import Final, Protocol

from core.errors import DeliveryFailed, DeliveryRefused
from core.ports import Mailbox

#: how long the fake looks away between two looks at whether it shall stop
_SLICE_SECONDS: Final = 0.02


class FakeMailbox:
    """Folders of mails in memory (implements ``core.ports.Mailbox``); fails when it is told to. Safe for threads."""

    def __init__(self, folder: str = "INBOX", others: Sequence[str] = ("Ordergate", "Ordergate-too-large")) -> None:
        self.folders: dict[str, dict[str, bytes]] = {folder: {}}
        #: how often it was opened
        self.openings = 0
        self._folder = folder
        #: made where they are missing when it is opened
        self._others = others
        self._numbers = count(1)
        self._failures: deque[tuple[str, Exception]] = deque()
        self._changed = threading.Condition()
        #: whether something happened since it was looked last
        self._news = False

    @contextmanager
    def opened(self) -> Iterator[FakeMailbox]:
        """Open it; DeliveryFailed where the test said so."""
        self.openings += 1
        self._fail("opened")
        for folder in self._others:
            self.folders.setdefault(folder, {})
        yield self

    def fail_next(self, method: str, error: Exception) -> None:
        """Raise *error* at the next call of *method*; what is told first is raised first."""
        with self._changed:
            self._failures.append((method, error))
            self._news = True

    def put(self, content: bytes) -> None:
        """Have a mail come."""
        with self._changed:
            self.folders[self._folder][str(next(self._numbers))] = content
            self._news = True
            self._changed.notify_all()

    def look(self, folder: str) -> list[bytes]:
        """Return the mails of a folder."""
        with self._changed:
            return list(self.folders.get(folder, {}).values())

    def uids(self) -> list[str]:
        """See ``core.ports.Mailbox``."""
        self._fail("uids")
        with self._changed:
            self._news = False
            return list(self.folders[self._folder])

    def size(self, uid: str) -> int | None:
        """See ``core.ports.Mailbox``."""
        self._fail("size")
        content = self.folders[self._folder].get(uid)
        return None if content is None else len(content)

    def content(self, uid: str) -> bytes | None:
        """See ``core.ports.Mailbox``."""
        self._fail("content")
        return self.folders[self._folder].get(uid)

    def move(self, uid: str, folder: str) -> None:
        """See ``core.ports.Mailbox``."""
        self._fail("move")
        if folder not in self.folders:
            raise DeliveryRefused(f"mailbox.example:993: there is no folder {folder}")
        with self._changed:
            content = self.folders[self._folder].pop(uid, None)
            if content is not None:
                self.folders[folder][str(next(self._numbers))] = content

    def wait(self, seconds: float, stopped: Callable[[float], bool]) -> None:
        """See ``core.ports.Mailbox``."""
        until = time.monotonic() + seconds
        with self._changed:
            while not self._news and time.monotonic() < until and not stopped(0):
                self._changed.wait(_SLICE_SECONDS)
        self._fail("wait")

    def _fail(self, method: str) -> None:
        if self._failures and self._failures[0][0] == method:
            raise self._failures.popleft()[1]


class Postbox(Protocol):
    """A mailbox as others see it: they put mails in and look into its folders."""

    def opened(self) -> AbstractContextManager[Mailbox]:
        """Open it as the gateway does."""
        ...

    def put(self, content: bytes) -> None:
        """Have a mail come."""
        ...

    def look(self, folder: str) -> list[bytes]:
        """Return the mails of a folder."""
        ...


def exercise_mailbox(postbox: Postbox, *, folder: str, done_folder: str) -> None:
    """Do with an empty mailbox what fetching mails does, and assert every promise of ``core.ports.Mailbox``."""
    first, second = (b"Subject: %d\r\n\r\n\xe4 ten of A-1\r\n.\r\n" % number for number in (1, 2))
    with postbox.opened() as mailbox:
        assert mailbox.uids() == []
        postbox.put(first)
        started = time.monotonic()
        mailbox.wait(60, lambda _: False)
        assert time.monotonic() - started < 30, "a mail that came before the wait is told, too"
        postbox.put(second)
    with postbox.opened() as mailbox:
        uids = mailbox.uids()
        assert [mailbox.content(uid) for uid in uids] == [first, second], "the oldest first, byte for byte"
        assert [mailbox.size(uid) for uid in uids] == [len(first), len(second)]
        try:
            mailbox.move(uids[0], "no such folder")
        except DeliveryRefused:
            assert mailbox.uids() == uids, "it stays where it was, and the connection goes on"
        else:
            raise AssertionError("a mail was moved to a folder that is not there")
        mailbox.move(uids[0], done_folder)
        assert mailbox.uids() == uids[1:]
        assert (mailbox.size(uids[0]), mailbox.content(uids[0])) == (None, None), "it is gone"
        mailbox.move(uids[0], done_folder)
    assert (postbox.look(folder), postbox.look(done_folder)) == ([second], [first])
    with postbox.opened() as mailbox:
        started = time.monotonic()
        mailbox.wait(60, lambda _: True)
        assert time.monotonic() - started < 30, "it does not wait when it shall stop"
        mailbox.wait(0.05, threading.Event().wait)
        mailbox.move(uids[1], done_folder)
    assert (postbox.look(folder), postbox.look(done_folder)) == ([], [first, second])


def broken_off() -> DeliveryFailed:
    """Return what a mailbox raises whose connection is gone."""
    return DeliveryFailed("mailbox.example:993 broke off: the connection is gone")
