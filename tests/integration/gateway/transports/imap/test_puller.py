"""A mailbox on a real server: mails are fetched by IDLE or without it, over TLS, and what breaks off is taken up again.

What becomes of each mail is shown with the port's fake; ``test_mailboxes`` shows that both keep the same promises.

Issue 6, part 1: IMAP pull by UID and move, idempotent by Message-ID and hash, IDLE.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, NamedTuple

import pytest
from dovecot import PASSWORD, USER, Dovecot, dovecot

from core.errors import DeliveryFailed
from gateway.transports.imap.mailbox import connected
from gateway.transports.imap.puller import ImapPuller
from gateway.transports.imap.settings import ImapSettings

FOLDERS = ("INBOX", "Ordergate", "Ordergate-too-large")


def mail(number: int, more: bytes = b"") -> bytes:
    return (
        b"From: Ada <ada@alpina.example>\r\nTo: orders@us.example\r\nSubject: order\r\n"
        b"Message-ID: <%d@alpina.example>\r\n\r\n\xe4 ten of A-1\r\n%b" % (number, more)
    )


class Pulled(NamedTuple):
    """What a puller handed over; the same claim is kept once, as the store does it."""

    kept: dict[str, bytes]
    calls: list[str]
    counted: list[str]
    troubles: list[str]

    def keep(self, content: bytes, *, transport: str, name: str, origin: str, claim_id: str) -> int:
        self.calls.append(f"{transport} {name} {origin}")
        self.kept.setdefault(claim_id, content)
        return len(self.kept)


@pytest.fixture(scope="module")
def _server() -> Iterator[Dovecot]:
    with dovecot() as server:
        yield server


@pytest.fixture
def imap_server(_server: Dovecot) -> Dovecot:
    _server.empty(*FOLDERS)
    return _server


def settings(server: Dovecot, **changes: Any) -> ImapSettings:
    values = {
        "host": "127.0.0.1", "port": server.port, "tls": "none", "user": USER, "password": PASSWORD,
        "timeout_seconds": 10, "max_bytes": 20_000,
    }  # fmt: skip
    return ImapSettings(**(values | changes))


@contextmanager
def pulling(server: Dovecot, **changes: Any) -> Iterator[Pulled]:
    pulled = Pulled({}, [], [], [])
    chosen = settings(server, **changes)
    puller = ImapPuller(
        chosen,
        partial(connected, chosen),
        pulled.keep,
        count=pulled.counted.append,
        trouble=pulled.troubles.append,
        first_pause_seconds=0.05,
    )
    puller.start()
    try:
        yield pulled
    finally:
        puller.stop()


def until(condition: Callable[[], bool], seconds: float = 15) -> bool:
    pause = threading.Event()
    for _ in range(int(seconds / 0.02)):
        if condition():
            return True
        pause.wait(0.02)
    return condition()


def test_what_lies_there_is_kept_byte_for_byte_and_moved(imap_server: Dovecot) -> None:
    imap_server.put(mail(1), mail(2))
    with pulling(imap_server, kind="fax") as pulled:
        assert until(lambda: pulled.counted == ["kept", "kept"])
    assert sorted(pulled.kept.values()) == [mail(1), mail(2)]
    assert pulled.calls[0] == "fax 1@alpina.example.eml imap orders@127.0.0.1 INBOX"
    assert [imap_server.count(folder) for folder in FOLDERS] == [0, 2, 0]


def test_the_server_tells_of_a_mail_that_comes(imap_server: Dovecot) -> None:
    with pulling(imap_server, look_seconds=1000) as pulled:
        assert until(lambda: pulled.troubles == [""])
        imap_server.put(mail(1))
        assert until(lambda: pulled.counted == ["kept"])
        imap_server.put(mail(2))
        assert until(lambda: pulled.counted == ["kept", "kept"])


def test_a_login_that_is_refused_is_told_without_the_password(imap_server: Dovecot) -> None:
    with pulling(imap_server, password="not the word") as pulled:
        assert until(lambda: bool(pulled.troubles))
    assert "refuses the login of orders" in pulled.troubles[0]
    assert "not the word" not in pulled.troubles[0]


def test_certificates_are_checked(imap_server: Dovecot) -> None:
    secure = {"tls": "tls", "port": imap_server.tls_port}
    with pytest.raises(DeliveryFailed, match="cannot be trusted"), connected(settings(imap_server, **secure)):
        pass
    trusting = settings(imap_server, **secure, ca_file=str(imap_server.certificate))
    with connected(trusting) as connection:
        assert connection.uids() == []
    with connected(settings(imap_server, tls="starttls", ca_file=str(imap_server.certificate))) as connection:
        assert connection.tells


def test_a_folder_that_is_missing_is_told(imap_server: Dovecot) -> None:
    with pytest.raises(DeliveryFailed, match="Mailbox doesn't exist"), connected(settings(imap_server, folder="Nope")):
        pass


@pytest.mark.parametrize(("capability", "left"), [("IMAP4rev1", [mail(7), mail(1)]), ("IMAP4rev1 UIDPLUS", [mail(7)])])
def test_a_server_without_idle_and_move_is_asked_now_and_then(capability: str, left: list[bytes]) -> None:
    """What a person has marked as deleted is neither taken nor cleared away: the server may clear one mail, or none."""
    with dovecot(capability) as poor:
        poor.put(mail(7))
        with poor.opened() as box:
            box.client.uid("STORE", "1", "+FLAGS", r"(\Deleted)")  # imap-tools would clear it away at once
        with pulling(poor, look_seconds=1) as pulled:
            assert until(lambda: pulled.troubles == [""])
            poor.put(mail(1))
            assert until(lambda: pulled.counted == ["kept"])
            assert until(lambda: poor.look("INBOX") == left)
            assert until(lambda: len(pulled.troubles) > 2)
        assert (pulled.counted, poor.look("Ordergate")) == (["kept"], [mail(1)])


def test_a_connection_that_breaks_while_it_waits_is_made_again(imap_server: Dovecot) -> None:
    with relay(imap_server.port) as wire, pulling(imap_server, port=wire.port, look_seconds=1000) as pulled:
        assert until(lambda: pulled.troubles == [""])
        wire.cut()
        assert until(lambda: pulled.troubles[-1] == "" and len(pulled.troubles) == 3)
        assert "broke off" in pulled.troubles[1]
        imap_server.put(mail(1))
        assert until(lambda: pulled.counted == ["kept"])


class Wire(NamedTuple):
    """A way to a server that can be cut; it is there again for the next connection."""

    port: int
    ends: list[socket.socket]

    def cut(self) -> None:
        while self.ends:
            with self.ends.pop() as end, contextlib.suppress(OSError):  # the other side may have ended it
                end.shutdown(socket.SHUT_RDWR)


@contextmanager
def relay(port: int) -> Iterator[Wire]:
    with socket.create_server(("127.0.0.1", 0)) as entry:
        wire = Wire(entry.getsockname()[1], [])

        def pump(source: socket.socket, sink: socket.socket) -> None:
            with source, sink, contextlib.suppress(OSError):
                while sent := source.recv(65_536):
                    sink.sendall(sent)

        def accept() -> None:
            with contextlib.suppress(OSError):  # the entry is closed
                while True:
                    near, far = entry.accept()[0], socket.create_connection(("127.0.0.1", port))
                    wire.ends.extend((near, far))
                    for source, sink in ((near, far), (far, near)):
                        threading.Thread(target=pump, args=(source.dup(), sink.dup()), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        try:
            yield wire
        finally:
            wire.cut()
            entry.shutdown(socket.SHUT_RDWR)
