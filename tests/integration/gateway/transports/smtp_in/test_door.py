"""Mail over real sockets: 250 only for what was kept, 4xx for our own trouble, 5xx for what is not for us.

Issue 6, part 1: SMTP and LMTP receive, 250 only after the commit.
"""

from __future__ import annotations

import base64
import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from certificates import own_certificate

from core.errors import SettingsInvalid, StorageFull, StoreUnavailable
from core.testing.carrier import SteppedClock
from core.testing.trade import MONDAY
from gateway.transports.arrival import claim_of
from gateway.transports.smtp_in.door import SmtpDoor
from gateway.transports.smtp_in.settings import SmtpInSettings

ADA, ORDERS, FAX = "ada@alpina.example", "orders@us.example", "in@fax.us.example"
MAIL = (
    b"From: Ada <ada@alpina.example>\r\nTo: orders@us.example\r\nSubject: order 7\r\nMessage-ID: <7@alpina.example>\r\n"
    b"\r\n.\r\n..ten of A-1\r\nbare\nline feed \xe4\r\n"
)


class Kept(NamedTuple):
    content: bytes
    transport: str
    name: str
    origin: str
    claim_id: str


class Shelf:
    """What a door handed over; fails as a test says."""

    def __init__(self) -> None:
        self.kept: list[Kept] = []
        self.fault: Exception | None = None
        self.goes_on = threading.Event()
        self.goes_on.set()
        self.reached = threading.Event()

    def keep(self, content: bytes, *, transport: str, name: str, origin: str, claim_id: str) -> int:
        self.reached.set()
        assert self.goes_on.wait(20)
        if self.fault is not None:
            raise self.fault
        self.kept.append(Kept(content, transport, name, origin, claim_id))
        return 4700 + len(self.kept)


class Opened(NamedTuple):
    door: SmtpDoor
    port: int
    shelf: Shelf
    counted: list[str]
    troubles: list[str]

    def client(self) -> smtplib.SMTP:
        client = smtplib.SMTP("127.0.0.1", self.port, local_hostname="mx.alpina.example", timeout=10)
        client.ehlo()
        return client


def opening(**changes: Any) -> Opened:
    values = {"port": 0, "mail_to": [ORDERS], "fax_to": ["@fax.us.example"], "name": "us.example"} | changes
    shelf, counted, troubles = Shelf(), [], []
    door = SmtpDoor(
        SmtpInSettings(**values), shelf.keep, SteppedClock(MONDAY), count=counted.append, trouble=troubles.append
    )
    port = int(door.start().rpartition(":")[2])
    return Opened(door, port, shelf, counted, troubles)


@contextmanager
def opened(**changes: Any) -> Iterator[Opened]:
    door = opening(**changes)
    try:
        yield door
    finally:
        door.door.stop()


@pytest.fixture(scope="module")
def _shared() -> Iterator[Opened]:
    with opened(senders=["@alpina.example", "<>"], max_bytes=20_000) as door:
        yield door


@pytest.fixture
def door(_shared: Opened) -> Opened:
    _shared.shelf.kept.clear()
    _shared.shelf.fault = None
    _shared.counted.clear()
    _shared.troubles.clear()
    return _shared


def refusal(door: Opened, sender: str, recipient: str, content: bytes = MAIL) -> str:
    """Return what a mail was refused with, as code and words."""
    with door.client() as client, pytest.raises(smtplib.SMTPException) as refused:
        client.sendmail(sender, [recipient], content)
    error = refused.value
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        ((code, words),) = error.recipients.values()
    else:
        assert isinstance(error, smtplib.SMTPResponseException)
        code, words = error.smtp_code, error.smtp_error
    return f"{code} {words.decode()}"


def test_a_sender_whose_signs_no_database_keeps_is_told_without_them(door: Opened) -> None:
    """PostgreSQL refuses a NUL: the mail would be brought again and again, and the alert stay open."""
    with smtplib.SMTP("127.0.0.1", door.port) as line:
        line.ehlo("mx.example")
        assert line.docmd('MAIL FROM:<"a\0b"@alpina.example>')[0] == 250
        line.rcpt(ORDERS)
        assert line.data(MAIL)[0] == 250
    assert door.shelf.kept[0].origin == f"smtp 127.0.0.1 a_b@alpina.example -> {ORDERS}"


def test_a_mail_is_kept_byte_for_byte_below_the_lines_of_the_way(door: Opened) -> None:
    with door.client() as client:
        client.mail(ADA)
        client.rcpt(ORDERS.upper())
        code, words = client.data(MAIL)
    assert (code, words) == (250, b"2.6.0 kept as 4701")
    (kept,) = door.shelf.kept
    head, _, sent = kept.content.partition(b"From: ")
    assert b"From: " + sent == MAIL
    assert head.startswith(b"Return-Path: <ada@alpina.example>\r\nReceived: from mx.alpina.example ([127.0.0.1])\r\n")
    assert b"by us.example with ESMTP\r\n" in head
    assert (kept.transport, kept.name) == ("mail", "7@alpina.example.eml")
    assert kept.origin == "smtp 127.0.0.1 ada@alpina.example -> ORDERS@US.EXAMPLE"
    assert kept.claim_id == claim_of(MAIL)
    assert (door.counted, door.troubles) == (["kept"], [""])


def test_what_a_fax_server_brings_counts_as_fax(door: Opened) -> None:
    with door.client() as client:
        client.sendmail("<>", [FAX], MAIL)
    assert [kept.transport for kept in door.shelf.kept] == ["fax"]


def test_several_mails_come_in_one_conversation(door: Opened) -> None:
    with door.client() as client:
        for number in range(3):
            client.sendmail(ADA, [ORDERS], MAIL.replace(b"<7@", b"<%d@" % number))
    assert len({kept.claim_id for kept in door.shelf.kept}) == 3


@pytest.mark.parametrize(
    ("sender", "recipient", "answer"),
    [
        (ADA, "nobody@us.example", "550 5.1.1 nobody here takes mail for nobody@us.example"),
        (ADA, "orders@us.example.org", "550 5.1.1 nobody here takes mail for orders@us.example.org"),
        ("eve@elsewhere.example", ORDERS, "550 5.7.1 eve@elsewhere.example may not send here"),
        ("ada@not-alpina.example", ORDERS, "550 5.7.1 ada@not-alpina.example may not send here"),
    ],
)
def test_what_is_not_for_us_is_refused_for_good(door: Opened, sender: str, recipient: str, answer: str) -> None:
    assert refusal(door, sender, recipient) == answer
    assert (door.shelf.kept, door.counted) == ([], ["550"])


def test_a_mail_that_is_too_large_is_refused_whether_its_size_was_told_or_not(door: Opened) -> None:
    large = MAIL + b"x" * 100 + b"\r\n" * 15_000
    assert refusal(door, ADA, ORDERS, large).startswith("552 ")
    with door.client() as client:
        client.helo("mx.alpina.example")  # without EHLO there is no SIZE
        client.mail(ADA)
        client.rcpt(ORDERS)
        assert client.data(large)[0] == 552
    assert (door.shelf.kept, door.counted) == ([], ["552", "552"])


@pytest.mark.parametrize(
    ("fault", "answer"),
    [
        (StoreUnavailable("the database is away"), "451 4.3.0 not kept; send it again later"),
        (StorageFull("no room"), "452 4.3.1 not kept; send it again later"),
        (RuntimeError("a fault of ours"), "451 4.3.0 not kept; send it again later"),
    ],
)
def test_our_own_trouble_is_a_later_never_a_no(door: Opened, fault: Exception, answer: str) -> None:
    door.shelf.fault = fault
    assert refusal(door, ADA, ORDERS) == answer
    assert door.troubles == [str(fault)]
    door.shelf.fault = None
    with door.client() as client:
        client.sendmail(ADA, [ORDERS], MAIL)
    assert door.troubles == [str(fault), ""], "the trouble is over with the next mail that was kept"


def test_a_bare_line_feed_ends_no_mail(door: Opened) -> None:
    """SMTP smuggling: `<LF>.<LF>` inside a mail must not start another conversation (research/gateway.md, 7)."""
    smuggled = b"Subject: a\r\n\r\nend\n.\nMAIL FROM:<eve@alpina.example>\r\nRCPT TO:<orders@us.example>\r\nDATA\r\n"
    with socket.create_connection(("127.0.0.1", door.port), 10) as line, line.makefile("rb") as answers:
        for command in (b"EHLO mx", b"MAIL FROM:<ada@alpina.example>", b"RCPT TO:<orders@us.example>", b"DATA"):
            line.sendall(command + b"\r\n")
        line.sendall(smuggled + b".\r\nQUIT\r\n")
        told = answers.read().decode()
    assert told.count("kept as") == 1
    assert door.shelf.kept[0].content.endswith(smuggled)


def test_programs_that_break_no_lines_are_taken(door: Opened) -> None:
    with door.client() as client:
        client.sendmail(ADA, [ORDERS], b"Subject: one line\r\n\r\n" + b"x" * 15_000 + b"\r\n")
    assert len(door.shelf.kept) == 1


def test_by_lmtp_each_recipient_is_a_mail_of_its_own() -> None:
    with opened(protocol="lmtp") as door, smtplib.LMTP("127.0.0.1", door.port, timeout=10) as client:
        client.ehlo("mx.alpina.example")
        client.mail(ADA)
        assert client.rcpt(ORDERS)[0] == 250
        assert client.rcpt(FAX) == (452, b"4.5.3 one recipient a mail; the next in a mail of its own")
        assert client.data(MAIL)[0] == 250
        assert b"with LMTP\r\n" in door.shelf.kept[0].content
        assert door.shelf.kept[0].origin.startswith("lmtp 127.0.0.1")


def test_strangers_are_turned_away_at_the_door() -> None:
    with opened(networks=["192.0.2.0/24"]) as door:
        with pytest.raises(smtplib.SMTPConnectError) as refused:
            door.client()
        assert refused.value.smtp_code == 554
        assert door.counted == ["554"]


def test_one_connection_too_many_is_told_to_come_later() -> None:
    with opened(connections=1) as door:
        with door.client():
            with pytest.raises(smtplib.SMTPConnectError) as refused:
                door.client()
            assert refused.value.smtp_code == 421
        for _ in range(100):  # the first has ended; its place is free as soon as the door has seen that
            try:
                with door.client() as client:
                    client.sendmail(ADA, [ORDERS], MAIL)
                break
            except smtplib.SMTPConnectError:
                threading.Event().wait(0.02)
        assert len(door.shelf.kept) == 1


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("smtp") / "server.pem"
    made.write_bytes(own_certificate())
    return made


@contextmanager
def secured(door: Opened, tls: str, certificate: Path) -> Iterator[smtplib.SMTP]:
    trusting = ssl.create_default_context(cafile=certificate)
    if tls == "tls":
        with smtplib.SMTP_SSL("127.0.0.1", door.port, timeout=10, context=trusting) as client:
            client.ehlo()
            yield client
        return
    with door.client() as client:
        assert client.docmd("MAIL", "FROM:<ada@alpina.example>")[0] == 530
        client.starttls(context=trusting)
        client.ehlo()
        yield client


@pytest.mark.parametrize("tls", ["starttls", "tls"])
def test_with_tls_nothing_is_taken_in_the_open(certificate: Path, tls: str) -> None:
    with opened(tls=tls, cert_file=str(certificate)) as door:
        with secured(door, tls, certificate) as client:
            client.sendmail(ADA, [ORDERS], MAIL)
        assert b"with ESMTPS\r\n" in door.shelf.kept[0].content


def test_a_mail_in_hand_is_kept_and_answered_before_the_door_closes() -> None:
    door = opening()
    with closing(door.client()) as idle, closing(door.client()) as client:
        door.shelf.goes_on.clear()
        answer: list[Any] = []
        client.mail(ADA)
        client.rcpt(ORDERS)
        sending = threading.Thread(target=lambda: answer.append(client.data(MAIL)))
        sending.start()
        assert door.shelf.reached.wait(10)
        ending = threading.Thread(target=door.door.stop)
        ending.start()
        door.shelf.goes_on.set()
        sending.join(10)
        ending.join(10)
        assert answer[0][0] == 250
        assert idle.noop()[0] == 421


def test_an_address_that_is_taken_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other, pytest.raises(SettingsInvalid, match="cannot listen on"):
        opening(port=other.getsockname()[1])


USER = {"user": "fax", "password": "brings-mail-every-day"}


@pytest.mark.parametrize("tls", ["starttls", "tls"])
def test_who_brings_mail_has_to_log_in_where_there_is_a_user(certificate: Path, tls: str) -> None:
    with opened(tls=tls, cert_file=str(certificate), **USER) as door, secured(door, tls, certificate) as client:
        assert set(client.esmtp_features["auth"].split()) == {"LOGIN", "PLAIN"}
        assert client.mail(ADA) == (530, b"5.7.0 log in first")
        with pytest.raises(smtplib.SMTPAuthenticationError) as refused:
            client.login("fax", "brings-mail-every-week")
        assert refused.value.smtp_code == 535
        client.login(*USER.values())
        client.sendmail(ADA, [ORDERS], MAIL)
        assert b"with ESMTPSA\r\n" in door.shelf.kept[0].content
        assert door.counted.count("535") == len(("PLAIN", "LOGIN")), "smtplib tries both ways"


def test_logins_that_fail_end_the_connection(certificate: Path) -> None:
    with opened(tls="starttls", cert_file=str(certificate), **USER) as door:
        with secured(door, "starttls", certificate) as client:
            answers = [client.docmd("AUTH PLAIN", base64.b64encode(b"\0fax\0wrong").decode()) for _ in range(3)]
            assert [code for code, _ in answers] == [535, 535, 535]
            assert client.getreply() == (421, b"4.7.0 too many logins failed")
        with door.client() as client:
            assert client.docmd("AUTH PLAIN")[0] == 530, "never in the open"


def test_nobody_is_offered_to_log_in_where_there_is_no_user(certificate: Path) -> None:
    with opened(tls="starttls", cert_file=str(certificate)) as door, secured(door, "starttls", certificate) as client:
        assert "auth" not in client.esmtp_features
        assert client.docmd("AUTH PLAIN AGEAYg==")[0] == 502
    with pytest.raises(SettingsInvalid, match="the user has no password"):
        opening(tls="starttls", cert_file=str(certificate), user="fax")
