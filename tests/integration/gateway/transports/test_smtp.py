"""Mail over a real socket: what the server says decides, and nothing is sent in the open that should not be."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from certificates import own_certificate

from core.errors import DeliveryFailed, DeliveryRefused
from core.ports import WrittenNotice
from gateway.transports.mail import Letter, SmtpSender, compose

LETTER = Letter(
    "notice-7", "orders@us.example", "Us", ["desk@alpina.example"], ["ada@us.example"], "",
    datetime(2026, 3, 2, 8, 0, tzinfo=UTC),
)  # fmt: skip
MAIL = compose(LETTER, WrittenNotice("t", "v", "en", "Hello", "Grüße\n.\n..\nend\n"))


class Mailbox:
    """Takes mail, but for what a test has it say."""

    def __init__(self) -> None:
        self.taken: list[Envelope] = []
        self.answers: dict[str, str] = {}
        self.hangs_up = False

    async def handle_RCPT(self, _s: SMTP, _n: Session, envelope: Envelope, address: str, _o: list[str]) -> str:  # noqa: N802 - aiosmtpd's name
        answer = self.answers.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, _: Session, envelope: Envelope) -> str:  # noqa: N802 - as above
        if self.hangs_up:
            assert server.transport is not None
            server.transport.abort()
        else:
            self.taken.append(envelope)
        return self.answers.get("DATA", "250 OK")


class Server(Controller):
    """Listens on whatever port is free."""

    def _trigger_server(self) -> None:
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


def serve(mailbox: Mailbox, **options: Any) -> Iterator[Server]:
    controller = Server(mailbox, hostname="127.0.0.1", port=0, **options)
    controller.start()
    yield controller
    controller.stop()


@pytest.fixture
def server(mailbox: Mailbox) -> Iterator[Server]:
    yield from serve(mailbox)


def sender(server: Server, **options: Any) -> SmtpSender:
    return SmtpSender("127.0.0.1", server.port, **{"tls": "none", "timeout_seconds": 5} | options)


def send(server: Server, **options: Any) -> None:
    sender(server, **options).send("mail/ALPINA", "order.confirmed_7.eml", MAIL)


def test_the_stored_bytes_arrive_at_everybody_in_the_header(server: Server, mailbox: Mailbox) -> None:
    """CNF-07: a preference for mail yields an SMTP message."""
    send(server)
    (envelope,) = mailbox.taken
    assert envelope.mail_from == "orders@us.example"
    assert envelope.rcpt_tos == ["desk@alpina.example", "ada@us.example"]
    assert envelope.content == MAIL  # dots at the start of a line included


def test_a_refused_recipient_stops_the_mail_for_good(server: Server, mailbox: Mailbox) -> None:
    mailbox.answers["desk@alpina.example"] = "550 no such user"
    with pytest.raises(DeliveryRefused, match=r"desk@alpina\.example: 550 no such user"):
        send(server)
    assert mailbox.taken == []


def test_a_refused_copy_is_left_out(server: Server, mailbox: Mailbox) -> None:
    mailbox.answers["ada@us.example"] = "550 no such user"
    send(server)
    assert mailbox.taken[0].rcpt_tos == ["desk@alpina.example"]


@pytest.mark.parametrize("step", ["desk@alpina.example", "ada@us.example", "DATA"])
def test_a_server_that_is_busy_is_asked_again_later(server: Server, mailbox: Mailbox, step: str) -> None:
    mailbox.answers[step] = "451 try later"
    with pytest.raises(DeliveryFailed, match="451 try later") as failed:
        send(server)
    assert failed.value.retryable


def test_a_mail_that_is_refused_whole_is_refused(server: Server, mailbox: Mailbox) -> None:
    mailbox.answers["DATA"] = "554 looks like spam"
    with pytest.raises(DeliveryRefused, match="554 looks like spam"):
        send(server)


def test_a_connection_that_breaks_after_the_last_byte_is_tried_again(server: Server, mailbox: Mailbox) -> None:
    mailbox.hangs_up = True
    with pytest.raises(DeliveryFailed) as failed:
        send(server)
    assert failed.value.retryable


def test_without_starttls_nothing_is_sent_in_the_open(server: Server, mailbox: Mailbox) -> None:
    with pytest.raises(DeliveryRefused, match="offers no STARTTLS"):
        send(server, tls="starttls")
    assert mailbox.taken == []


def test_nobody_there_is_tried_again() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(DeliveryFailed) as failed:
        SmtpSender("127.0.0.1", port, tls="none", timeout_seconds=5).send("mail/A", "x.eml", MAIL)
    assert failed.value.retryable


def test_a_server_can_be_asked_whether_it_is_there(server: Server) -> None:
    assert sender(server).check() != "no greeting"


@pytest.fixture
def tls(tmp_path: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """What a server with a certificate of its own shows, and what a client that trusts it holds it to."""
    certificate = tmp_path / "server.pem"
    certificate.write_bytes(own_certificate())
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(certificate)
    return serving, ssl.create_default_context(cafile=certificate)


def test_starttls_and_a_password_are_used_where_they_are_asked_for(
    mailbox: Mailbox, tls: tuple[ssl.SSLContext, ssl.SSLContext]
) -> None:
    serving, trusting = tls

    def login(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: Any) -> AuthResult:
        known = LoginPassword(b"orders", b"secret")
        return AuthResult(success=data == known, handled=False)

    for server in serve(mailbox, tls_context=serving, auth_required=True, authenticator=login):
        send(server, tls="starttls", user="orders", password="secret", context=trusting)
        assert len(mailbox.taken) == 1
        with pytest.raises(DeliveryRefused):
            send(server, tls="starttls", user="orders", password="wrong", context=trusting)
        with pytest.raises(DeliveryFailed, match="cannot be trusted"):
            send(server, tls="starttls")  # the machine's own trust does not know that certificate
        assert len(mailbox.taken) == 1
