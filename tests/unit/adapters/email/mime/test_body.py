"""The text of a mail without what is not said now."""

import time
import tracemalloc

import pytest

from adapters.email.mime.body import said_now
from adapters.email.mime.letter import quoted_sender

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


@pytest.mark.parametrize("forwarded", [False, True])
@pytest.mark.parametrize(
    "piece", ["\n", " \n", "> ", ">\n", "- ", "--\n", "from:\n", "on ", "am x schrieb ", "在于写道"]
)
def test_the_time_grows_with_the_text_alone(piece: str, *, forwarded: bool) -> None:
    """Issue 6, part 7: a mail of 200 KB that says nothing took a minute."""
    text = piece * (200_000 // len(piece)) + "x"
    started = time.process_time()
    said_now(text, forwarded=forwarded)
    quoted_sender(text)
    assert time.process_time() - started < 2


@pytest.mark.parametrize("forwarded", [False, True])
@pytest.mark.parametrize("piece", [" ", ">", "> "])
def test_a_line_takes_no_memory_for_each_sign(piece: str, *, forwarded: bool) -> None:
    """A repeated group that may go back keeps 100 bytes a sign: a mail of 8 MB took the gigabyte that a reader has."""
    line = piece * 1_000_000 + "在"
    tracemalloc.start()
    try:
        said_now(line, forwarded=forwarded)
        quoted_sender(line)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 40_000_000


def test_a_quotation_is_announced_by_a_short_line() -> None:
    assert said_now("Send 5.\n" + " " * 300 + "On Monday Jo wrote:\nSend 7.", forwarded=False).endswith("Send 7.")
    assert said_now("On Monday, Jo wrote:\n> Send 7.", forwarded=False) == ""
    assert said_now("We need: 5\nAm Montag schrieb Jo Doe : \nSend 7.", forwarded=False) == "We need: 5"
