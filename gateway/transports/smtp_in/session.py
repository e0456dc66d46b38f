"""A conversation that begins only with whom the door takes, and of which every refusal is counted."""

from __future__ import annotations

import asyncio
from typing import Any, AnyStr, Final, Protocol

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, syntax

from gateway.transports.smtp_in.handler import Handler

#: programs that break no lines send a page as one; RFC 5321 section 4.5.3.1.6 asks for 1,000 bytes
_LINE: Final = 256 * 1024
#: logins that may fail in one connection, and how long is waited after each
_LOGINS: Final = 3
_PAUSE_SECONDS: Final = 0.5
#: first digits of a refusal: later, never (RFC 5321 section 4.2.1)
_REFUSALS: Final = ("4", "5")


class Doorkeeper(Protocol):
    """Who lets conversations in and out; called on the loop."""

    def came(self, session: Conversation, peer: str) -> str:
        """Return the answer to a connection that is not taken, "" when it is."""

    def left(self, session: Conversation) -> None:
        """Forget a connection that has ended."""

    def count(self, result: str) -> None:
        """Count an answer by its code."""


class Conversation(SMTP):
    """A connection by SMTP."""

    line_length_limit = _LINE

    def __init__(self, door: Doorkeeper, handler: Handler, *, has_users: bool, **options: Any) -> None:
        super().__init__(handler, authenticator=handler.authenticate, **options)
        self._door = door
        self._has_users = has_users
        self._failed_logins = 0
        self._turned_away = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin, unless the door says no."""
        upgraded = self._original_transport is not None  # STARTTLS inside a connection that was taken
        peer = transport.get_extra_info("peername")
        if not upgraded and (words := self._door.came(self, str(peer[0]))):
            self._turned_away = True
            _say_last(transport, words)
            return
        super().connection_made(transport)

    def data_received(self, data: bytes) -> None:
        """Read on."""
        if not self._turned_away:
            super().data_received(data)

    def eof_received(self) -> bool | None:
        """End with the other side."""
        return None if self._turned_away else super().eof_received()

    def connection_lost(self, error: Exception | None) -> None:
        """End."""
        self._door.left(self)
        if not self._turned_away:
            super().connection_lost(error)

    async def push(self, status: AnyStr) -> None:
        """Answer."""
        answer: str | bytes = status
        code = answer[:3].decode("ascii") if isinstance(answer, bytes) else answer[:3]
        if code.startswith(_REFUSALS):
            self._door.count(code)
        await super().push(status)

    @syntax("AUTH <mechanism>")
    async def smtp_AUTH(self, arg: str) -> None:  # noqa: N802 - aiosmtpd's name
        """Log in; after each refusal the next command waits, and after some there is none."""
        if not self._has_users:
            await self.push("502 5.5.1 nobody logs in here")
            return
        await super().smtp_AUTH(arg)
        if self.session is None or self.session.authenticated:
            return
        self._failed_logins += 1
        await asyncio.sleep(_PAUSE_SECONDS)
        if self._failed_logins >= _LOGINS:
            self.end("421 4.7.0 too many logins failed")

    def end(self, words: str) -> None:
        """Tell why, and end."""
        if self.transport is not None and not self.transport.is_closing():
            _say_last(self.transport, words)

    def abort(self) -> None:
        """End without a word."""
        if isinstance(self.transport, asyncio.WriteTransport):
            self.transport.abort()


class LocalConversation(LMTP, Conversation):
    """A connection by LMTP."""


def _say_last(transport: asyncio.BaseTransport, words: str) -> None:
    assert isinstance(transport, asyncio.Transport)
    transport.write(f"{words}\r\n".encode("ascii"))
    transport.close()
