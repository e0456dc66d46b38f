"""One connection to a mailbox: what is there, its bytes, moving it, waiting for more.

All that imaplib and imap-tools raise is told in our own words, and never with the password.
"""

from __future__ import annotations

import contextlib
import imaplib
import re
import ssl
import time
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final

from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError, MailboxLoginError, UnexpectedCommandStatusError
from imap_tools.utils import encode_folder

from core.errors import DeliveryFailed, DeliveryRefused, SettingsInvalid
from gateway.transports.imap.settings import ImapSettings

if TYPE_CHECKING:
    from gateway.transports.imap.tokens import AccessTokens

_SIZE: Final = re.compile(rb"RFC822\.SIZE (\d+)")
#: how long one look into a waiting connection takes: so long may an end have to wait
_SLICE_SECONDS: Final = 0.5


class Connection:
    """A mailbox by IMAP (implements ``core.ports.Mailbox``); ``tells`` whether the server has news told at once."""

    def __init__(self, box: BaseMailBox, settings: ImapSettings) -> None:
        self._box = box
        self._settings = settings
        # A server tells what it can do once it knows who asks; imaplib asks before that.
        _, told = box.client.capability()
        box.client.capabilities = tuple(told[-1].decode("ascii", "replace").upper().split())
        self.tells = "IDLE" in box.client.capabilities

    def uids(self) -> list[str]:
        """Return what lies in the folder, the oldest first."""
        with _told(self._settings):
            return [uid for uid in self._box.uids("UNDELETED", charset=None) if uid.isdigit()]

    def size(self, uid: str) -> int | None:
        """Return the bytes of a mail, None where it is gone."""
        answer = self._of_mail("FETCH", uid, "(RFC822.SIZE)")
        found = next((_SIZE.search(one) for one in answer if isinstance(one, bytes)), None)
        return None if found is None else int(found[1])

    def content(self, uid: str) -> bytes | None:
        """Return a mail byte for byte, unread as before; None where it is gone."""
        answer = self._of_mail("FETCH", uid, "(BODY.PEEK[])")
        return next((one[1] for one in answer if isinstance(one, tuple)), None)

    def move(self, uid: str, folder: str) -> None:
        """Move a mail, and no other; nothing happens when it is gone.

        A server without MOVE copies and deletes it. Without UIDPLUS it would clear away whatever else is marked as
        deleted in the folder, so there it is only marked, and not seen any more.
        """
        place = encode_folder(folder)
        if "MOVE" in self._box.client.capabilities:
            self._of_mail("MOVE", uid, place)
            return
        self._of_mail("COPY", uid, place)
        self._of_mail("STORE", uid, "+FLAGS.SILENT", r"(\Deleted)")
        if "UIDPLUS" in self._box.client.capabilities:
            self._of_mail("EXPUNGE", uid)

    def _of_mail(self, command: str, uid: str, *arguments: str | bytes) -> list[Any]:
        """Have something done with one mail, and return what the server tells.

        Raises:
            DeliveryRefused: it says no.
        """
        with _told(self._settings):
            result, answer = self._box.client.uid(command, uid, *arguments)  # type: ignore[arg-type] # bytes, too
        if result != "OK":
            place = f"{self._settings.host}:{self._settings.port}"
            raise DeliveryRefused(
                f"{place} refuses {command} of the mail {uid}: {_words(answer)}", hint="See [imap] and the mailbox."
            )
        return answer

    def wait(self, seconds: float, stopped: Callable[[float], bool]) -> None:
        """Wait until something happens in the folder, *seconds* pass, or *stopped*, which waits itself, says so."""
        until = time.monotonic() + seconds
        if not self.tells:
            while time.monotonic() < until and not stopped(min(_SLICE_SECONDS, seconds)):
                pass
            return
        with _told(self._settings):
            self._box.idle.start()  # type: ignore[no-untyped-call] # imap-tools leaves it out
            told = _is_unread(self._box.client)
            while not told and (started := time.monotonic()) < until and not stopped(0):
                # What returns before its time is news, or the end of the connection, of which `stop` tells.
                if self._box.idle.poll(_SLICE_SECONDS) or time.monotonic() - started < _SLICE_SECONDS / 2:
                    break
            self._box.idle.stop()  # type: ignore[no-untyped-call] # as above


def _is_unread(client: imaplib.IMAP4) -> bool:
    """Tell whether the server has said more than was looked at: of a mail that came before the wait it tells at once.

    imap-tools waits for the socket, and does not see what came with the first line and lies in the file above it.
    """
    patience = client.sock.gettimeout()
    client.sock.settimeout(0)
    try:
        return bool(client.file.peek(1))  # type: ignore[union-attr] # a BufferedReader
    except (BlockingIOError, ssl.SSLWantReadError):
        return False
    finally:
        client.sock.settimeout(patience)


@contextlib.contextmanager
def connected(settings: ImapSettings, tokens: AccessTokens | None = None) -> Iterator[Connection]:
    """Log in, choose the folder and make those that mails are moved to. With *tokens* no password is used.

    Raises:
        SettingsInvalid: the certificates to trust cannot be read.
        DeliveryFailed: no connection, a certificate that is not trusted, no such folder; it may work later.
        DeliveryRefused: the login is refused, or there is no token for it.
    """
    token = "" if tokens is None else tokens.current()
    with _told(settings):
        box = _opened(settings)
    try:
        with _told(settings):
            if tokens is None:
                login = box.login if (settings.user + settings.password).isascii() else box.login_utf8
                login(settings.user, settings.password, initial_folder=None)
            else:
                _present(box.client, settings, token, tokens)
            for folder in (settings.done_folder, settings.too_large_folder):
                if not box.folder.exists(folder):
                    box.folder.create(folder)
            box.folder.set(settings.folder)
            connection = Connection(box, settings)
        yield connection
    finally:
        with contextlib.suppress(ImapToolsError, imaplib.IMAP4.error, OSError):  # it may be gone already
            box.client.logout()
        with contextlib.suppress(OSError):  # what fails to log out leaves its socket open
            box.client.shutdown()


def _opened(settings: ImapSettings) -> BaseMailBox:
    place, seconds = (settings.host, settings.port), settings.timeout_seconds
    if settings.tls == "none":
        return MailBoxUnencrypted(*place, timeout=seconds)
    try:
        context = ssl.create_default_context(cafile=settings.ca_file or None)
    except OSError as error:
        raise SettingsInvalid(f"imap.ca_file: {settings.ca_file}: {error.strerror or error}") from error
    kind = MailBox if settings.tls == "tls" else MailBoxStartTls
    return kind(*place, timeout=seconds, ssl_context=context)


def _present(client: imaplib.IMAP4, settings: ImapSettings, token: str, tokens: AccessTokens) -> None:
    """Log in with a token (XOAUTH2); a server that refuses it says why first, and wants an empty answer."""
    said = iter([f"user={settings.user}\1auth=Bearer {token}\1\1".encode()])
    try:
        client.authenticate("XOAUTH2", lambda _: next(said, b""))
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error as error:
        tokens.forget()
        place, words = f"{settings.host}:{settings.port}", " ".join(str(error).split())[:200]
        raise DeliveryRefused(
            f"{place} refuses the token for {settings.user}: {words}", hint="See [imap] user and [imap.oauth]."
        ) from error


@contextlib.contextmanager
def _told(settings: ImapSettings) -> Iterator[None]:
    place = f"{settings.host}:{settings.port}"
    try:
        yield
    except MailboxLoginError as error:
        raise DeliveryRefused(
            f"{place} refuses the login of {settings.user}: {_words(error.command_result[1])}",
            hint="See [imap] user and password.",
        ) from None  # the chain would show the command
    except UnexpectedCommandStatusError as error:
        raise DeliveryFailed(f"{place}: {_words(error.command_result[1])}", hint="See [imap].") from error
    except ssl.SSLCertVerificationError as error:
        words = f"the certificate of {settings.host} cannot be trusted: {error.verify_message}"
        raise DeliveryFailed(words, hint="See [imap] host and ca_file.") from error
    except (ImapToolsError, imaplib.IMAP4.error, OSError, ValueError) as error:
        raise DeliveryFailed(f"{place} broke off: {str(error) or type(error).__name__}") from error


def _words(said: Iterable[object] | None) -> str:
    """Return what the server says, on one line."""
    lines = [one.decode("utf-8", "replace") if isinstance(one, bytes) else str(one) for one in said or ()]
    return " ".join(" ".join(lines).split())[:200] or "it says no"
