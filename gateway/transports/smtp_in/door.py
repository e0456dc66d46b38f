"""Listens for mail in a thread of its own, so that a sender who dawdles holds up nobody else."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import threading
import time
from collections.abc import Callable
from typing import Final

import structlog

from core.clock import Clock
from core.errors import SettingsInvalid
from gateway.transports.arrival import Keep
from gateway.transports.smtp_in.examination import IDENT
from gateway.transports.smtp_in.handler import Handler
from gateway.transports.smtp_in.session import Conversation, LocalConversation
from gateway.transports.smtp_in.settings import Network, SmtpInSettings, tls_context

_log = structlog.get_logger(__name__)

#: of each command in one connection, NOOP too: who sends more is told to connect again
_CALLS: Final = 1000
#: how long mails in hand may take to be kept when the door closes
_LAST_SECONDS: Final = 10.0
#: how long the other sides may take to end then
_FAREWELL_SECONDS: Final = 1.0
_LOOK_SECONDS: Final = 0.01


class SmtpDoor:
    """One listening door. Started and stopped once.

    Args:
        settings: with a port.
        keep: keeps a mail; called in several threads.
        clock: of the ``Received`` lines.
        count: told ``kept`` of a mail, and the SMTP code of every refusal.
        trouble: told why mails cannot be kept, and "" when one was; called in several threads.

    Raises:
        SettingsInvalid: the certificate cannot be used, or there is a user without a password.
    """

    def __init__(
        self,
        settings: SmtpInSettings,
        keep: Keep,
        clock: Clock,
        *,
        count: Callable[[str], None],
        trouble: Callable[[str], None],
    ) -> None:
        if settings.user and not settings.password:
            raise SettingsInvalid("smtp_in: the user has no password", hint="Set ORDERGATE_SMTP_IN__PASSWORD.")
        self._settings = settings
        self._networks = settings.allowed_networks()
        self._context = tls_context(settings)
        self._name = settings.name or socket.gethostname()
        self._handler = Handler(settings, keep, clock, server=self._name, kept=lambda: count("kept"), trouble=trouble)
        self.count = count
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="smtp in", daemon=True)
        self._server: asyncio.Server | None = None
        self._open: set[Conversation] = set()

    def start(self) -> str:
        """Listen, and return where: ``127.0.0.1:2525``.

        Raises:
            SettingsInvalid: the address cannot be listened on.
        """
        self._thread.start()
        try:
            self._server = asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result()
        except OSError as error:
            self._end()
            raise SettingsInvalid(
                f"smtp_in: cannot listen on {self._settings.host}:{self._settings.port}: {error.strerror or error}",
                hint="Is another server there? A port below 1024 needs a right of its own.",
            ) from error
        host, port = self._server.sockets[0].getsockname()[:2]
        address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        _log.info("mail is taken", address=address, protocol=self._settings.protocol, tls=self._settings.tls)
        return address

    def stop(self) -> None:
        """Take no more connections, let mails in hand be kept and answered, and tell the others to come again."""
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result()
        self._end()

    def came(self, session: Conversation, peer: str) -> str:
        """Return the answer to a connection that is not taken, "" when it is; called on the loop."""
        if not _is_within(peer, self._networks):
            self.count("554")
            _log.warning("connection refused", peer=peer, reason="it is in none of [smtp_in] networks")
            return "554 5.7.1 this server takes mail from its own network alone"
        if len(self._open) >= self._settings.connections:
            self.count("421")
            _log.warning("connection refused", peer=peer, reason="as many as [smtp_in] connections are open")
            return "421 4.7.0 too many connections; come again later"
        self._open.add(session)
        return ""

    def left(self, session: Conversation) -> None:
        """Forget a connection that has ended; called on the loop."""
        self._open.discard(session)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()

    def _end(self) -> None:
        """Let threads that keep a mail come to their end, and end the loop."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.run_until_complete(self._loop.shutdown_default_executor())
        self._loop.close()

    async def _listen(self) -> asyncio.Server:
        settings = self._settings
        implicit = self._context if settings.tls == "tls" else None
        return await self._loop.create_server(self._conversation, settings.host, settings.port, ssl=implicit)

    def _conversation(self) -> Conversation:
        settings = self._settings
        kind = LocalConversation if settings.protocol == "lmtp" else Conversation
        return kind(
            self,
            self._handler,
            has_users=bool(settings.user),
            auth_require_tls=settings.tls == "starttls",  # with "tls" there is nothing else
            data_size_limit=settings.max_bytes,
            enable_SMTPUTF8=True,
            hostname=self._name,
            ident=IDENT,
            tls_context=self._context if settings.tls == "starttls" else None,
            require_starttls=settings.tls == "starttls",
            timeout=settings.timeout_seconds,
            command_call_limit=_CALLS,
            loop=self._loop,
        )

    async def _close(self) -> None:
        assert self._server is not None
        self._server.close()
        await self._until(lambda: not self._handler.busy, _LAST_SECONDS)
        for one in tuple(self._open):
            one.end("421 4.3.2 closing; come again later")
        await self._until(lambda: not self._open, _FAREWELL_SECONDS)
        for one in tuple(self._open):
            one.abort()
        left = asyncio.all_tasks() - {asyncio.current_task()}
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    @staticmethod
    async def _until(reached: Callable[[], bool], seconds: float) -> None:
        until = time.monotonic() + seconds
        while not reached() and time.monotonic() < until:  # noqa: ASYNC110 - of both ends, once in the life of a door
            await asyncio.sleep(_LOOK_SECONDS)


def _is_within(peer: str, networks: tuple[Network, ...]) -> bool:
    address = ipaddress.ip_address(peer.partition("%")[0])
    mapped = getattr(address, "ipv4_mapped", None)  # IPv4 at a door that listens for both
    return any((mapped or address) in network for network in networks)
