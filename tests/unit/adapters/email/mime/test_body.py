"""The text of a mail without what is not said now."""

import pytest

from adapters.email.mime.body import said_now, text_of


@pytest.mark.parametrize(
    ("content", "charset", "text"),
    [
        ("Größe".encode(), "utf-8", "Größe"),
        ("Größe".encode("cp1252"), "iso-8859-1", "Größe"),
        ("“5”".encode("cp1252"), "iso-8859-1", "“5”"),
        ("订单".encode("gb18030"), "gb2312", "订单"),
        ("订单".encode("gb18030"), None, "订单"),
        ("订单".encode(), "x-unknown", "订单"),
        ("Größe".encode(), "us-ascii", "Größe"),
        (b"a\x81", "utf-8", "a\x81"),
        (b"uryyb", "rot13", "uryyb"),
        (b"x", "../etc", "x"),
    ],
)
def test_a_text_is_read_whatever_its_charset_is_called(content: bytes, charset: str | None, text: str) -> None:
    assert text_of(content, charset) == text


ANSWERS = [
    "Send 5.\n\nOn Mon, 2 Nov 2026 at 10:00, Jo <jo@acme.example> wrote:\n> Send 7.",
    "Send 5.\r\n\r\nAm 02.11.2026 um 10:00 schrieb Jo Doe:\r\n> Send 7.",
    "Send 5.\n\n在 2026年11月2日，乔 写道：\n> Send 7.",
    "Send 5.\n\n-----Ursprüngliche Nachricht-----\nVon: Jo\nSend 7.",
    "> Send 7.\nSend 5.\n-- \nJo Doe\nOrder 7 today and save!",
]


@pytest.mark.parametrize("body", ANSWERS)
def test_an_answer_says_what_it_says_itself(body: str) -> None:
    assert said_now(body, forwarded=False) == "Send 5."


def test_a_mail_that_is_handed_on_says_what_it_quotes() -> None:
    said = said_now("FYI\n> On Monday:\n> > Send 7.\n>\n> Thanks", forwarded=True)
    assert said == "FYI\nOn Monday:\nSend 7.\n\nThanks"
