"""Fetches mails until it is stopped: each is kept first and moved afterwards, so that a crash loses none.

A mail that was kept and not moved is fetched again and is the same source, by its claim.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Final

import structlog

from core.errors import DeliveryRefused, OrdergateError
from core.ports import Mailbox
from gateway.transports.arrival import Keep, claim_of, name_of
from gateway.transports.imap.settings import ImapSettings

_log = structlog.get_logger(__name__)

#: pauses after a failure: they double from the first to the last
_FIRST_PAUSE: Final = 1.0
_LAST_PAUSE: Final = 300.0


class ImapPuller:
    """One thread that empties one mailbox. Started and stopped once.

    Args:
        settings: with a host.
        opened: opens the mailbox, and closes it again.
        keep: keeps a mail.
        count: told of each mail ``kept`` or ``too_large``.
        trouble: told why mails are not fetched, and "" when a look went well.
        first_pause_seconds: after the first failure.
    """

    def __init__(
        self,
        settings: ImapSettings,
        opened: Callable[[], AbstractContextManager[Mailbox]],
        keep: Keep,
        *,
        count: Callable[[str], None],
        trouble: Callable[[str], None],
        first_pause_seconds: float = _FIRST_PAUSE,
    ) -> None:
        self._settings = settings
        self._opened = opened
        self._keep = keep
        self._count = count
        self._trouble = trouble
        self._first_pause = first_pause_seconds
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="imap", daemon=True)

    def start(self) -> None:
        """Start the thread; a server that does not answer is asked again and again."""
        self._thread.start()

    def stop(self) -> None:
        """Finish the mail in hand and end."""
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        pause = self._first_pause
        while not self._stopping.is_set():
            try:
                with self._opened() as mailbox:
                    while not self._stopping.is_set():
                        self._trouble(self._look(mailbox))
                        pause = self._first_pause
                        if not self._stopping.is_set():
                            mailbox.wait(self._settings.look_seconds, self._stopping.wait)
            except Exception as error:  # noqa: BLE001 - nothing else would bring the mails back
                known = isinstance(error, OrdergateError)
                words = str(error) or type(error).__name__
                _log.warning(
                    "mails are not fetched", error=words, again_seconds=pause, exc_info=None if known else error
                )
                self._trouble(words)
                self._stopping.wait(pause)
                pause = min(pause * 2, _LAST_PAUSE)

    def _look(self, mailbox: Mailbox) -> str:
        """Take every mail that lies in the folder, and return why one could not be; that one is tried at each look."""
        refused = ""
        for uid in mailbox.uids():
            if self._stopping.is_set():
                break
            try:
                self._fetch(mailbox, uid)
            except DeliveryRefused as error:  # a full folder, a mail that the server has lost: it keeps back no other
                refused = error.message
                _log.warning("mail not fetched", uid=uid, error=refused)
        return refused

    def _fetch(self, mailbox: Mailbox, uid: str) -> None:
        size = mailbox.size(uid)
        if size is not None and size > self._settings.max_bytes:
            mailbox.move(uid, self._settings.too_large_folder)
            self._count("too_large")
            _log.warning("mail not fetched", uid=uid, bytes=size, folder=self._settings.too_large_folder)
        elif size is not None:
            self._take(mailbox, uid)

    def _take(self, mailbox: Mailbox, uid: str) -> None:
        content = mailbox.content(uid)
        if content is None:  # another gateway took it
            return
        claim_id = claim_of(content)
        settings = self._settings
        source_id = self._keep(
            content,
            transport=settings.kind,
            name=name_of(content, claim_id),
            origin=f"imap {settings.user}@{settings.host} {settings.folder}",
            claim_id=claim_id,
        )
        mailbox.move(uid, settings.done_folder)
        self._count("kept")
        _log.info("mail fetched", source_id=str(source_id), uid=uid, bytes=len(content))
