"""A mail as bytes: read back by the standard library's own parser, whatever stands in names and subjects."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, default

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import DeliveryRefused
from core.ports import Attachment, WrittenNotice
from gateway.transports.mail import Letter, compose, recipients

LETTER = Letter(
    "notice-7", "orders@us.example", "Muster Supply GmbH", ["desk@alpina.example"], ["ada@us.example"],
    "office@us.example", datetime(2026, 3, 2, 8, 0, tzinfo=UTC),
)  # fmt: skip
PDF = Attachment("Auftragsbestätigung 订单.pdf", "application/pdf", b"%PDF-1.7\n\x00\xff")
NOTICE = WrittenNotice(
    "order.confirmed", "0" * 64, "de", "Auftrag 2026-SR-000001 bestätigt", "Grüße\n", "<p>Grüße</p>", (PDF,)
)


def read(content: bytes) -> EmailMessage:
    return message_from_bytes(content, policy=default)


def test_text_html_and_attachment_are_read_back_as_they_were_written() -> None:
    mail = read(compose(LETTER, NOTICE))
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None
    assert html is not None
    assert (text.get_content(), html.get_content()) == ("Grüße\r\n", "<p>Grüße</p>\r\n")
    (attached,) = mail.iter_attachments()
    assert (attached.get_filename(), attached.get_content_type()) == (PDF.name, "application/pdf")
    assert attached.get_content() == PDF.content
    assert mail.get_content_type() == "multipart/mixed"


def test_the_headers_say_who_what_and_that_no_person_wrote_it() -> None:
    """CNF-19: the account manager is in copy."""
    mail = read(compose(LETTER, NOTICE))
    assert mail["Message-ID"] == "<notice-7@us.example>"
    assert mail["Date"] == "Mon, 02 Mar 2026 08:00:00 +0000"
    assert (mail["From"], mail["To"]) == ("Muster Supply GmbH <orders@us.example>", "desk@alpina.example")
    assert (mail["Cc"], mail["Reply-To"]) == ("ada@us.example", "office@us.example")
    assert mail["Subject"] == "Auftrag 2026-SR-000001 bestätigt"
    assert (mail["Auto-Submitted"], mail["Content-Language"]) == ("auto-generated", "de")


def test_a_notice_of_text_alone_is_one_part() -> None:
    mail = read(compose(LETTER._replace(cc=[], reply_to=""), NOTICE._replace(html="", attachments=())))
    assert mail.get_content_type() == "text/plain"
    assert (mail["Cc"], mail["Reply-To"]) == (None, None)


def test_the_same_notice_is_the_same_bytes_and_only_seven_bit_lines_of_998_at_most() -> None:
    long = NOTICE._replace(text="x" * 3000 + "\n" + "ü" * 3000, subject="ß" * 300)
    content = compose(LETTER, long)
    assert content == compose(LETTER, long)
    assert max(map(len, content.split(b"\r\n"))) <= 998
    assert content.isascii()
    assert b"\n" not in content.replace(b"\r\n", b"")


@pytest.mark.parametrize(
    "evil", ["x\r\nBcc: all@evil.example", "x\nBcc: all@evil.example", "x\r\n\r\nbody", "a\0b\x7f\u2028c"]
)
def test_nothing_of_a_subject_or_a_name_becomes_a_header(evil: str) -> None:
    attachment = PDF._replace(name=evil, media_type="text/html\r\nX: y")
    mail = read(compose(LETTER._replace(sender_name=evil), NOTICE._replace(subject=evil, attachments=(attachment,))))
    assert mail["Bcc"] is None
    assert mail["X"] is None
    assert set(mail.keys()) == {
        "Message-ID", "Date", "From", "To", "Cc", "Reply-To", "Subject", "Content-Language", "Auto-Submitted",
        "MIME-Version", "Content-Type",
    }  # fmt: skip
    assert recipients(compose(LETTER, NOTICE._replace(subject=evil)))[1:] == (list(LETTER.to), list(LETTER.cc))


@given(st.text(), st.text(), st.text(min_size=1))
def test_whatever_is_said_stays_where_it_was_said(subject: str, name: str, file_name: str) -> None:
    attachment = Attachment(file_name, "application/pdf", b"x")
    notice = NOTICE._replace(subject=subject, attachments=(attachment,))
    content = compose(LETTER._replace(sender_name=name), notice)
    assert recipients(content) == ("orders@us.example", list(LETTER.to), list(LETTER.cc))
    mail = message_from_bytes(content, policy=SMTP)
    assert len(list(mail.iter_attachments())) == 1
    assert not mail.defects


def test_a_file_name_leads_nowhere() -> None:
    evil = PDF._replace(name="../../etc/pass:wd")
    (attached,) = read(compose(LETTER, NOTICE._replace(attachments=(evil,)))).iter_attachments()
    assert attached.get_filename() == "_.._etc_pass_wd"


def test_a_mail_to_nobody_is_refused() -> None:
    with pytest.raises(DeliveryRefused):
        recipients(b"From: a@b.example\r\n\r\nx")


@pytest.mark.parametrize("address", ["a@b.example\r\nBcc: x@y.example", "a b@c.example", ""])
def test_what_is_no_address_makes_no_mail(address: str) -> None:
    with pytest.raises((ValueError, IndexError)):
        compose(LETTER._replace(to=[address]), NOTICE)


@given(st.lists(st.integers(1, 240), min_size=1, max_size=20))
def test_an_answer_names_the_mail_and_its_thread_however_long_their_names_are(lengths: list[int]) -> None:
    """RFC 5322, 3.6.4: a Message-ID is never broken or encoded, or no mail program finds the thread."""
    ids = [f"<{number}{'x' * length}@acme.example>" for number, length in enumerate(lengths)]
    content = compose(LETTER._replace(in_reply_to=ids[-1], references=ids), NOTICE)
    mail = read(content)
    assert (str(mail["In-Reply-To"]).split(), str(mail["References"]).split()) == (ids[-1:], ids)
    assert mail["Auto-Submitted"] == "auto-replied"
    assert all(one.encode() in content for one in ids)
