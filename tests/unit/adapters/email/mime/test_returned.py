"""A mail that came back is told by the report of its server (RFC 3464; RFC 6522)."""

from __future__ import annotations

import pytest

from adapters.email.mime.returned import returned_by
from adapters.email.mime.tree import parse

OURS = "Message-ID: <question-7.secret@us.example>\nSubject: Re: Order\n"
STATUS = "Reporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; po@acme.example\nAction: {action}\nStatus: 5.1.1\n"


def report(
    action: str = "failed", given_back: str = f"Content-Type: message/rfc822\n\n{OURS}\nDear Petra\n",
    kind: str = "multipart/report; report-type=delivery-status",
) -> str:  # fmt: skip
    parts = (
        "Content-Type: text/plain\n\nI am sorry.\n",
        f"Content-Type: message/delivery-status\n\n{STATUS.format(action=action)}",
        given_back,
    )
    head = f'From: MAILER-DAEMON@mx.example\nContent-Type: {kind}; boundary="b"\n\n'
    return head + "".join(f"--b\n{part}\n" for part in parts) + "--b--\n"


@pytest.mark.parametrize(
    "given_back",
    [
        f"Content-Type: message/rfc822\n\n{OURS}\nDear Petra\n",
        f"Content-Type: text/rfc822-headers\n\n{OURS}\n",
        f"Content-Type: message/rfc822\n\n{OURS}",
    ],
)
def test_the_mail_that_came_back_is_named(given_back: str) -> None:
    assert returned_by(parse(report(given_back=given_back).encode())) == "<question-7.secret@us.example>"


@pytest.mark.parametrize(
    "mail",
    [
        report("delayed"),
        report("delivered"),
        report("relayed"),
        report(kind="multipart/mixed"),
        report(given_back="Content-Type: text/plain\n\nIt was a mail of yours.\n"),
        report(given_back="Content-Type: message/rfc822\n\nSubject: without an id\n\n"),
        "Content-Type: multipart/report\n\nnothing in it\n",
        f"{OURS}\nDear Petra\n",
    ],
)
def test_what_is_late_or_arrived_or_is_no_report_names_none(mail: str) -> None:
    assert returned_by(parse(mail.encode())) == ""
