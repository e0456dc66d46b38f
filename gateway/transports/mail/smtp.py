"""Sends stored mails by SMTP (RFC 5321), TLS as agreed, one connection a mail.

Blocking :mod:`smtplib`: a sender runs in the dispatcher's own thread, and mail is not what a loop has to be kept free
for (explanation/decisions).
"""

from __future__ import annotations

import contextlib
import smtplib
import ssl
from collections.abc import Iterator, Sequence
from typing import Final, Literal

import structlog

from core.errors import DeliveryFailed, DeliveryRefused
from gateway.transports.mail.message import recipients

_log = structlog.get_logger(__name__)

#: a reply of this class says: never (RFC 5321 section 4.2.1)
_PERMANENT: Final = 5
_CLASS: Final = 100

Tls = Literal["none", "starttls", "tls"]


class SmtpSender:
    """A :class:`core.ports.Sender` of mails; whom a mail goes to stands in its own header.

    Args:
        host: the server.
        port: its port.
        tls: ``tls`` from the first byte, ``starttls`` refuses to go on without it, ``none`` only where nobody listens.
        user: "" sends without logging in.
        password: of *user*.
        timeout_seconds: of each step.
        context: what certificates are held to; None is the machine's own trust.
    """

    def __init__(
        self,
        host: str,
        port: int,
        *,
        tls: Tls,
        user: str = "",
        password: str = "",
        timeout_seconds: float = 30,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self._host = host
        self._port = port
        self._tls = tls
        self._user = user
        self._password = password
        self._timeout_seconds = timeout_seconds
        self._context = context or ssl.create_default_context()

    def send(self, endpoint: str, name: str, content: bytes) -> None:  # noqa: ARG002 - the mail says whom it goes to
        """Hand *content* to the server.

        A recipient that the server refuses stops the mail before anybody gets it; one in copy is left out. Where the
        connection breaks after the last byte nobody knows what became of it: it is sent again under the same
        Message-ID, by which mailboxes tell a double.

        Raises:
            DeliveryFailed: no connection, or the server says 4xx; try again later.
            DeliveryRefused: the server says 5xx, knows no TLS that it should, or refuses the password.
        """
        sender, to, cc = recipients(content)
        with self._told(), self._connected() as server:
            self._expect(server.mail(sender), f"the sender {sender}")
            for address in to:
                self._expect(server.rcpt(address), address)
            for address in cc:
                code, words = server.rcpt(address)
                if code // _CLASS == _PERMANENT:
                    _log.warning("a copy is left out", name=name, address=address, answer=_words(code, words))
                else:
                    self._expect((code, words), address)
            self._expect(server.data(content), "the mail")

    def check(self) -> str:
        """Connect and log in, send nothing; return what the server says of itself.

        Raises:
            DeliveryFailed, DeliveryRefused: as :meth:`send`.
        """
        with self._told(), self._connected() as server:
            greeting = (server.ehlo_resp or server.helo_resp or b"").decode("ascii", "replace")
            return greeting.splitlines()[0] if greeting else "no greeting"

    @contextlib.contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        server: smtplib.SMTP
        if self._tls == "tls":
            server = smtplib.SMTP_SSL(self._host, self._port, timeout=self._timeout_seconds, context=self._context)
        else:
            server = smtplib.SMTP(self._host, self._port, timeout=self._timeout_seconds)
        try:
            server.ehlo_or_helo_if_needed()
            if self._tls == "starttls":
                self._start_tls(server)
            if self._user:
                server.login(self._user, self._password)
            yield server
            with contextlib.suppress(smtplib.SMTPException, OSError):  # it has the mail, whatever it says to QUIT
                server.quit()
        finally:
            server.close()

    def _start_tls(self, server: smtplib.SMTP) -> None:
        if not server.has_extn("starttls"):
            raise DeliveryRefused(
                f"{self._host} offers no STARTTLS, so nothing is sent in the open", hint="See [mail] tls."
            )
        server.starttls(context=self._context)
        server.ehlo_or_helo_if_needed()

    def _expect(self, answer: tuple[int, bytes], whom: str) -> None:
        code, words = answer
        if code // _CLASS == _PERMANENT:
            raise DeliveryRefused(f"{self._host} refuses {whom}: {_words(code, words)}")
        if code // _CLASS != 2:
            raise DeliveryFailed(f"{self._host} does not take {whom} now: {_words(code, words)}")

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        """Tell what smtplib raises in our own words."""
        try:
            yield
        except smtplib.SMTPResponseException as error:
            raw = error.smtp_error
            words = _words(error.smtp_code, raw if isinstance(raw, bytes) else raw.encode())
            kind = DeliveryRefused if error.smtp_code // _CLASS == _PERMANENT else DeliveryFailed
            raise kind(f"{self._host}: {words}", hint="See [mail].") from error
        except smtplib.SMTPNotSupportedError as error:
            raise DeliveryRefused(f"{self._host}: {error}", hint="See [mail].") from error
        except ssl.SSLCertVerificationError as error:
            words = f"the certificate of {self._host} cannot be trusted: {error.verify_message}"
            raise DeliveryFailed(words, hint="See [mail] host and ca_file.") from error
        except (smtplib.SMTPException, OSError) as error:
            raise DeliveryFailed(
                f"{self._host}:{self._port} broke off: {str(error) or type(error).__name__}"
            ) from error


def _words(code: int, words: Sequence[int] | bytes) -> str:
    return f"{code} {' '.join(bytes(words).decode('utf-8', 'replace').split())}"[:300]
