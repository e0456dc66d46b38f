"""The same mail is one claim however it comes, and two mails are two (issue 6, part 1: Message-ID and hash)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.transports.arrival import claim_of, name_of

SENT = (
    b"From: Ada <ada@alpina.example>\r\nTo: orders@us.example\r\nSubject: order 7\r\n"
    b"Date: Mon, 2 Mar 2026 08:00:00 +0000\r\nMessage-ID: <7@alpina.example>\r\n\r\nten of A-1\r\n"
)
HOP = b"Received: from mx (mx.example [192.0.2.1])\r\n\tby us.example; Mon, 2 Mar 2026 08:00:01 +0000\r\n"


def test_lines_of_the_way_do_not_count() -> None:
    claim = claim_of(SENT)
    assert len(claim) == 69
    assert claim_of(HOP + b"Delivered-To: orders@us.example\r\n" + SENT) == claim
    assert claim_of(SENT.replace(b"\r\n", b"\n")) == claim, "a mailbox keeps lines in its own way"
    assert claim_of(SENT.replace(b"Subject: order 7", b"SUBJECT: order\r\n 7")) == claim, "a server folds as it likes"


def test_what_its_sender_wrote_counts() -> None:
    others = [
        SENT.replace(b"ten", b"six"),
        SENT.replace(b"order 7", b"order 8"),
        SENT.replace(b"08:00:00", b"09:00:00"),
        SENT.replace(b"ada@", b"eve@"),
        SENT.replace(b"<7@", b"<8@"),
        SENT.replace(b"To:", b"Content-Type: text/html\r\nTo:"),
        SENT.replace(b"To:", b"Content-Transfer-Encoding: base64\r\nTo:"),
    ]
    assert len({claim_of(one) for one in [SENT, *others]}) == 8


def test_without_an_id_every_byte_counts() -> None:
    bare = SENT.replace(b"Message-ID: <7@alpina.example>\r\n", b"")
    assert claim_of(bare) != claim_of(HOP + bare)
    assert claim_of(bare) == claim_of(bare)


def test_a_mail_is_called_by_its_id_and_by_its_claim_without_one() -> None:
    claim = claim_of(SENT)
    assert name_of(SENT, claim) == "7@alpina.example.eml"
    assert name_of(SENT.replace(b"<7@", b"<../\x00\xff7@"), claim) == "..___7@alpina.example.eml"
    assert name_of(b"no mail at all", claim) == f"{claim[:21]}.eml"


@given(st.binary(max_size=2000))
def test_whatever_comes_has_a_claim_and_a_plain_name(content: bytes) -> None:
    claim = claim_of(content)
    name = name_of(content, claim)
    assert len(claim) <= 80
    assert len(name) <= 124
    assert name.isascii()
    assert name.isprintable()
    assert "/" not in name


@pytest.mark.parametrize("broken", [b"", b"see below:\r\n"], ids=["cut off", "no blank line"])
def test_a_text_that_no_blank_line_begins_counts(broken: bytes) -> None:
    """Programs that give every mail one id, and leave the blank line out, must not lose an order (INT-05)."""
    head, _ = SENT.split(b"\r\n\r\n")
    one, other = (head + b"\r\n" + broken + b"%b of A-1\r\n" % count for count in (b"ten", b"six"))
    assert claim_of(one) != claim_of(other)
    assert claim_of(HOP + one) == claim_of(one)


def test_a_text_beyond_a_head_without_end_counts() -> None:
    head = b"X-Filler: x\r\n" * 30_000
    assert claim_of(SENT[:-16] + b"\r\n" + head + b"ten") != claim_of(SENT[:-16] + b"\r\n" + head + b"six")
