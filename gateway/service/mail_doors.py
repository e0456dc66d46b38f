"""Opens the doors that mail comes in by, and tells of them: counts, and one alert a cause."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from typing import Final

import structlog

from core.errors import OrdergateError
from core.store.alerts import close_alert, raise_alert
from core.store.engine import Tx
from gateway.telemetry import Telemetry
from gateway.wiring import Gateway

_log = structlog.get_logger(__name__)

#: the alert of mails that are not taken, one a door
MAIL_STOPPED: Final = "mail.stopped"


class MailDoors:
    """The mail doors of one process that serves; each only where its settings name it.

    Raises:
        SettingsInvalid: what they name cannot be used.
    """

    def __init__(self, gateway: Gateway, telemetry: Telemetry, wake: Callable[[], None]) -> None:
        self._book = AlertBook(gateway, wake)
        self._smtp = None
        self._imap = None
        if gateway.settings.smtp_in.port is not None:
            from gateway.transports.smtp_in.door import SmtpDoor  # noqa: PLC0415 - 60 ms that most starts do not need

            self._smtp = SmtpDoor(
                gateway.settings.smtp_in,
                gateway.paper_door.keep,
                gateway.clock,
                count=lambda result: telemetry.mails.labels("smtp_in", result).inc(),
                trouble=lambda words: self._book.tell("smtp_in", words),
            )

        if gateway.settings.imap.host:
            from gateway.transports.imap.mailbox import connected  # noqa: PLC0415 - as above
            from gateway.transports.imap.puller import ImapPuller  # noqa: PLC0415 - as above

            tokens = None
            if gateway.settings.imap.oauth.token_url:
                from gateway.transports.imap.tokens import AccessTokens  # noqa: PLC0415 - as above

                tokens = AccessTokens(gateway.settings.imap.oauth, gateway.settings.http_out)
            self._imap = ImapPuller(
                gateway.settings.imap,
                partial(connected, gateway.settings.imap, tokens),
                gateway.paper_door.keep,
                count=lambda result: telemetry.mails.labels("imap", result).inc(),
                trouble=lambda words: self._book.tell("imap", words),
            )

    def open(self) -> list[str]:
        """Take mail from now on, and return the addresses that are listened on.

        Raises:
            SettingsInvalid: an address cannot be listened on.
        """
        if self._imap is not None:
            self._imap.start()
        return [] if self._smtp is None else [self._smtp.start()]

    def close(self) -> None:
        """Finish the mails in hand and take no more."""
        for door in (self._smtp, self._imap):
            if door is not None:
                door.stop()


class AlertBook:
    """One alert a door while it takes no mail; the database is asked only when something changed."""

    def __init__(self, gateway: Gateway, wake: Callable[[], None]) -> None:
        self._gateway = gateway
        self._wake = wake
        self._lock = threading.Lock()
        #: what was told last, by door; a door that is not in it may have left an alert when the process before ended
        self._told: dict[str, str] = {}

    def tell(self, door: str, words: str) -> None:
        """Raise the alert of *door* for the reason *words*; "" closes it."""
        with self._lock:
            if self._told.get(door) == words:
                return
            if self._write(door, words):
                self._told[door] = words
        self._wake()

    def _write(self, door: str, words: str) -> bool:
        now = self._gateway.clock.now()

        def work(tx: Tx) -> None:
            if words:
                raise_alert(tx, MAIL_STOPPED, door, f"mail is not taken by {door}: {words}", at=now)
            else:
                close_alert(tx, MAIL_STOPPED, door, at=now)

        try:
            self._gateway.store.write(work)
        except OrdergateError as error:  # told again with the next mail
            _log.error("an alert could not be kept", error=error.message)
            return False
        return True
