"""The envelope stays with the mail, and nothing that the other side said becomes a line of its own (RFC 5321, 4.4)."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes

from hypothesis import given
from hypothesis import strategies as st

from gateway.transports.smtp_in.trace import Brought, trace

AT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def test_the_lines_tell_who_brought_it_and_how() -> None:
    brought = Brought("192.0.2.1", "mx.example", "ada@alpina.example", "orders@us.example", "ESMTPS")
    assert trace(brought, server="us.example", at=AT).decode() == (
        "Return-Path: <ada@alpina.example>\r\n"
        "Received: from mx.example ([192.0.2.1])\r\n"
        "\tby us.example with ESMTPS\r\n"
        "\tfor <orders@us.example>; Mon, 02 Mar 2026 08:00:00 +0000\r\n"
    )


def test_a_bounce_has_no_sender() -> None:
    brought = Brought("::1", "mx", "<>", "orders@us.example", "LMTP")
    assert trace(brought, server="us", at=AT).startswith(b"Return-Path: <>\r\n")


@given(helo=st.text(max_size=400), sender=st.text(max_size=400))
def test_words_of_others_stay_words(helo: str, sender: str) -> None:
    written = trace(Brought("192.0.2.1", helo, sender, "orders@us.example", "SMTP"), server="us", at=AT)
    head = message_from_bytes(written + b"\r\nbody")
    assert head.keys() == ["Return-Path", "Received"]
    assert written.count(b"\r\n") == 4
