"""What the head of a mail claims, in every spelling that mails come in (ocr-intake, section 6)."""

import pytest

from adapters.email.mime.letter import MappingHead, is_forward, letter_of, quoted_sender
from adapters.email.mime.tree import head_of, parse


def head(*fields: bytes) -> bytes:
    return b"\r\n".join((b"From: a@acme.example", *fields)) + b"\r\n\r\nhello"


def test_a_head_is_read() -> None:
    letter = head_of(
        parse(
            b"From: =?utf-8?Q?J=C3=B6rg_M=C3=BCller?= <Joerg@ACME.example>\r\n"
            b"Reply-To: orders@acme.example\r\nSubject: =?gb18030?B?tqm1pQ==?= 4711\r\n"
            b"Message-ID: <1@acme>\r\nIn-Reply-To: <0@us>\r\nDate: Mon, 2 Nov 2026 10:00:00 +0100\r\n\r\nhello"
        ),
        "",
    )
    assert (letter.sender, letter.sender_name) == ("joerg@acme.example", "Jörg Müller")
    assert (letter.subject, letter.message_id) == ("订单 4711", "<1@acme>")
    assert (letter.reply_to, letter.in_reply_to) == ("orders@acme.example", "<0@us>")
    assert letter.sent_at == "2026-11-02T09:00:00.000000Z"
    assert not letter.automatic


@pytest.mark.parametrize(
    ("subject", "read"),
    [
        ("订单 1".encode(), "订单 1"),
        ("订单 1".encode("gb18030"), "订单 1"),
        (b"=?x-unknown?B?AAAA?= 1", "=?x-unknown?B?AAAA?= 1"),
        (b"=?utf-8?B?4?=", "=?utf-8?B?4?="),
        (b"=?utf-8?B?broken", "=?utf-8?B?broken"),
        (b"Order\r\n 4711", "Order 4711"),
        (b"", ""),
    ],
)
def test_a_subject_is_read_as_far_as_it_goes(subject: bytes, read: str) -> None:
    assert head_of(parse(head(b"Subject: " + subject)), "").subject == read


def test_a_date_that_is_none_and_a_sender_that_is_none_are_not_told() -> None:
    letter = head_of(parse(b"From: undisclosed\r\nDate: yesterday\r\nSubject: x\r\n\r\n"), "")
    assert (letter.sender, letter.sender_name, letter.sent_at) == ("", "", "")


@pytest.mark.parametrize(
    "claimed",
    [
        b"=?utf-8?q?=3Cbuyer=40acme=2Eexample=3E=2C?= <evil@evil.example>",
        b"=?utf-8?b?YnV5ZXJAYWNtZS5leGFtcGxlLA==?= <evil@evil.example>",
        b'"buyer@acme.example" <evil@evil.example>',
    ],
)
def test_an_address_in_a_name_is_a_name(claimed: bytes) -> None:
    """A mail server checks the address outside; encoded words hold names alone (RFC 2047, section 5)."""
    letter = head_of(parse(b"From: " + claimed + b"\r\n\r\nhello"), "")
    assert letter.sender == "evil@evil.example"
    assert "buyer@acme.example" in letter.sender_name


@pytest.mark.parametrize(
    "claimed",
    [
        b"buyer@acme.example, evil@evil.example",
        b"buyer@acme.example <evil@evil.example>",
        b"evil@evil.example\r\nFrom: buyer@acme.example",
        b"us: buyer@acme.example;, evil@evil.example",
        b"<buyer@acme.example>" + b" " * 30_000 + b"<evil@evil.example>",
    ],
)
def test_of_several_senders_none_is_believed(claimed: bytes) -> None:
    """Which of them a mail server checked, nobody knows (RFC 7489, section 6.6.1)."""
    assert head_of(parse(b"From: " + claimed + b"\r\n\r\nhello"), "").sender == ""


def test_only_the_results_of_our_own_server_are_taken_down() -> None:
    """Anybody can write a result of another server (RFC 8601, section 7.1)."""
    fields = (
        b"Authentication-Results: mx.seller.example; spf=pass smtp.mailfrom=acme.example; dkim=fail",
        b"Authentication-Results: evil.example; spf=pass",
        b"Authentication-Results: mx.seller.example.evil.example; dkim=pass",
        b"Authentication-Results: =?utf-8?q?mx.seller.example?=; dmarc=pass",
    )
    assert head_of(parse(head(*fields)), "mx.seller.example").authentication == (
        "mx.seller.example; spf=pass smtp.mailfrom=acme.example; dkim=fail",
    )
    assert head_of(parse(head(*fields)), "").authentication == ()


@pytest.mark.parametrize(
    "field",
    [
        b"Auto-Submitted: auto-replied (vacation)",
        b"Precedence: bulk",
        b"X-Auto-Response-Suppress: All",
        b"List-Id: <orders.acme.example>",
        b"Return-Path: <>",
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=x",
    ],
)
def test_a_machine_is_known(field: bytes) -> None:
    assert head_of(parse(head(field)), "").automatic


@pytest.mark.parametrize("sender", ["MAILER-DAEMON@acme.example", "no-reply@acme.example", "bounce-1@acme.example"])
def test_a_machine_is_known_by_its_name(sender: str) -> None:
    assert letter_of(MappingHead({"From": sender})).automatic


def test_a_person_is_no_machine() -> None:
    assert not head_of(parse(head(b"Auto-Submitted: no", b"Return-Path: <a@acme.example>")), "").automatic


@pytest.mark.parametrize("subject", ["Fwd: Order", "FW: x", "WG: Bestellung", "转发：订单"])
def test_a_mail_that_is_handed_on_is_known(subject: str) -> None:
    assert is_forward(subject)


@pytest.mark.parametrize("subject", ["Re: Fwd: Order", "Forwarding agents", "Order FW: 1"])
def test_a_mail_that_is_not_handed_on_is_not(subject: str) -> None:
    assert not is_forward(subject)


@pytest.mark.parametrize(
    "body",
    [
        "FYI\n\n-----Original Message-----\nFrom: Jo Doe [mailto:jo@acme.example]\nSent: Monday\n\nPlease send",
        "---------- Forwarded message ---------\nFrom: Jo <JO@acme.example>\nDate: Mon\n",
        "-------- Weitergeleitete Nachricht --------\nBetreff: x\nVon: Jo <jo@acme.example>\n",
        "Von: Jo Doe <jo@acme.example>\nGesendet: Montag\nAn: wir\n",
        "------------------ 原始邮件 ------------------\n发件人: “乔” <jo@acme.example>;\n",
        "> Begin forwarded message:\n> From: Jo <jo@acme.example>\n",
    ],
)
def test_the_buyer_is_in_the_quoted_head(body: str) -> None:
    assert quoted_sender(body) == "jo@acme.example"


def test_there_may_be_no_quoted_head() -> None:
    assert quoted_sender("Please send 5 pieces from stock") == ""


def test_a_thread_is_told_by_its_first_mail_and_its_last_ones() -> None:
    """RFC 5322, 3.6.4; what is no Message-ID is left out."""
    ids = [f"<{number}@acme.example>" for number in range(30)]
    letter = head_of(parse(head(b"References: oops " + "\r\n ".join(ids).encode())), "")
    assert letter.references == (ids[0], *ids[-19:])
    assert head_of(parse(head(b"References: <a> b <c>")), "").references == ("<a>", "<c>")
    hidden = b"References: =?utf-8?q?=3Ca=00b=40x=3E?="
    assert head_of(parse(head(hidden)), "").references == ("<ab@x>",), "PostgreSQL keeps no NUL"
