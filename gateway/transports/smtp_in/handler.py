"""What is answered to each step of a conversation: 250 after DATA says that the mail is on the disk, and nothing less.

Refusals carry a status of RFC 3463 that says which rule it was.
"""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Callable
from typing import Final

import structlog
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from core.clock import Clock
from core.errors import OrdergateError, StorageFull
from gateway.transports.arrival import Keep, Transport, claim_of, name_of
from gateway.transports.smtp_in.settings import NOBODY, SmtpInSettings
from gateway.transports.smtp_in.trace import Brought, trace

_log = structlog.get_logger(__name__)

#: how aiosmtpd offers to log in (RFC 4954)
_LOGIN: Final = "250-AUTH"


class Handler:
    """Answers all conversations of one door (the hooks of aiosmtpd).

    Args:
        settings: who may send what to whom.
        keep: keeps a mail; called in a thread.
        clock: of the ``Received`` line.
        server: what the server calls itself there.
        kept: told of each mail that is on the disk.
        trouble: told why a mail could not be kept, and "" when one was; called in a thread.
    """

    def __init__(
        self,
        settings: SmtpInSettings,
        keep: Keep,
        clock: Clock,
        *,
        server: str,
        kept: Callable[[], None],
        trouble: Callable[[str], None],
    ) -> None:
        self._settings = settings
        self._keep = keep
        self._clock = clock
        self._server = server
        self._kept = kept
        self._trouble = trouble
        #: mails that are being kept; the door closes after them
        self.busy = 0

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's name and arguments, as those below
        self, _server: SMTP, session: Session, _envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        """Offer to log in where there is somebody to log in as."""
        session.host_name = hostname
        return responses if self._settings.user else [one for one in responses if not one.startswith(_LOGIN)]

    def authenticate(
        self, _server: SMTP, session: Session, _envelope: Envelope, _mechanism: str, given: LoginPassword
    ) -> AuthResult:
        """Judge a login; how long that takes tells nothing of the password."""
        wanted = (self._settings.user.encode(), self._settings.password.encode())
        right = [hmac.compare_digest(one, other) for one, other in zip(given, wanted, strict=True)]
        if not all(right):
            _log.warning("login refused", peer=peer_of(session))
        return AuthResult(success=all(right), handled=False)

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's name, as those below
        self, _server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take a sender that is on the list, from who has logged in where that is asked for."""
        if self._settings.user and not session.authenticated:
            return "530 5.7.0 log in first"
        if self._settings.senders and not _is_among(address, self._settings.senders):
            _log.info("mail refused", sender=address, peer=peer_of(session))
            return f"550 5.7.1 {_told(address)} may not send here"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 OK"

    async def handle_RCPT(  # noqa: N802 - as above
        self, _server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take a recipient of ours. By LMTP one a mail: each would need an answer of its own (RFC 2033 section 4.2)."""
        if self._transport_of(address) is None:
            _log.info("mail refused", recipient=address, peer=peer_of(session))
            return f"550 5.1.1 nobody here takes mail for {_told(address)}"
        if envelope.rcpt_tos and self._settings.protocol == "lmtp":
            return "452 4.5.3 one recipient a mail; the next in a mail of its own"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - as above
        """Keep the mail; the answer is given after the commit."""
        content, sender, recipient = envelope.original_content, envelope.mail_from, envelope.rcpt_tos[0]
        assert content is not None
        assert sender is not None
        transport = self._transport_of(recipient)
        assert transport is not None
        brought = Brought(peer_of(session), session.host_name or "", sender, recipient, self._protocol(server))
        self.busy += 1
        try:
            return await asyncio.to_thread(self._take, content, brought, transport)
        finally:
            self.busy -= 1

    async def handle_exception(self, error: Exception) -> str:
        """Tell the other side to come again: what fails here by itself is no fault of its mail."""
        _log.error("a conversation failed", error=type(error).__name__, exc_info=error)
        return "451 4.3.0 something failed here; come again later"

    def _take(self, content: bytes, brought: Brought, transport: Transport) -> str:
        """Keep a mail and return the answer."""
        claim_id = claim_of(content)
        way = f"{_told(brought.sender)} -> {_told(brought.recipient)}"
        try:
            source_id = self._keep(
                trace(brought, server=self._server, at=self._clock.now()) + content,
                transport=transport,
                name=name_of(content, claim_id),
                origin=f"{self._settings.protocol} {brought.peer} {way}",
                claim_id=claim_id,
            )
        except Exception as error:  # noqa: BLE001 - whatever it was, the sender has to keep the mail
            known = isinstance(error, OrdergateError)
            words = str(error) or type(error).__name__
            _log.error("mail not kept", peer=brought.peer, error=words, exc_info=None if known else error)
            self._trouble(words)
            status = "452 4.3.1" if isinstance(error, StorageFull) else "451 4.3.0"
            return f"{status} not kept; send it again later"
        self._kept()
        self._trouble("")
        _log.info("mail taken", source_id=str(source_id), peer=brought.peer, sender=brought.sender, bytes=len(content))
        return f"250 2.6.0 kept as {source_id}"

    def _transport_of(self, address: str) -> Transport | None:
        if _is_among(address, self._settings.fax_to):
            return "fax"
        return "mail" if _is_among(address, self._settings.mail_to) else None

    def _protocol(self, server: SMTP) -> str:
        """Return how a mail came, as RFC 3848 has it."""
        assert server.transport is not None
        assert server.session is not None
        secured = "S" if server.transport.get_extra_info("sslcontext") is not None else ""
        if server.session.authenticated:
            secured += "A"
        if self._settings.protocol == "lmtp":
            return f"LMTP{secured}"
        return f"ESMTP{secured}" if server.session.extended_smtp else "SMTP"


def peer_of(session: Session) -> str:
    """Return the address of the other side."""
    return str(session.peer[0]) if session.peer else ""


def _is_among(address: str, listed: list[str]) -> bool:
    wanted = address.lower()
    return wanted in listed or (wanted != NOBODY and f"@{wanted.rpartition('@')[2]}" in listed)


def _told(address: str) -> str:
    """Return an address as it can stand in an answer, and in a database: one line of it, not too long."""
    return "".join(one if one.isprintable() else "_" for one in address)[:200]
