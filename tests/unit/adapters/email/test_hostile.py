"""What costs its reader far more than it weighs, or breaks it, is refused at once and harms nothing else (part 7)."""

from __future__ import annotations

import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from mail_samples import archive, attach, mail, pdf

from adapters.email.limits import Limits, Unreadable
from adapters.email.mime.tree import head_of, parse
from adapters.email.reader import read
from adapters.email.readers import Readers
from adapters.email.words.html import read_html
from adapters.email.words.text import read_text
from core.reading import ReadSource

LIMITS = Limits()
READERS = Readers({"text": read_text, "html": read_html})
HEAD = b"From: a@acme.example\r\nSubject: Order\r\nMIME-Version: 1.0\r\n"
PARTS = b"\r\n\r\n--b\r\nContent-Type: text/plain%b\r\n\r\n5 of A-1\r\n--b--\r\n"


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Processor time, so that a busy machine does not count."""
    started = time.process_time()
    yield
    assert time.process_time() - started < seconds


def taken(content: bytes) -> ReadSource:
    return read(content, "a.eml", READERS, LIMITS)


@pytest.mark.parametrize("much", [b";" * 400_000, b'; a="' + b"; " * 100_000 + b'"'])
def test_a_field_that_describes_a_part_is_read_so_far(much: bytes) -> None:
    """400 kB took half a minute: the standard library goes over the rest of the field at each of its signs."""
    with within(3):
        taken(HEAD + b"Content-Type: multipart/mixed" + much + b"; boundary=b" + PARTS % b"")
        named = taken(HEAD + b"Content-Type: multipart/mixed; boundary=b" + PARTS % (b"; name=x" + much))
    assert [part.fate for part in named.parts] != []


def test_several_senders_are_none_however_far_apart() -> None:
    """What is cut of a field must not hide a sender: a mail server may have checked that one."""
    far = b"From: a@acme.example," + b" " * 30_000 + b"evil@evil.example\r\n\r\nhello"
    assert head_of(parse(far), "").sender == ""


def test_alternatives_in_alternatives_are_opened_to_a_depth() -> None:
    """1.3 MB took 40 s: each alternative looks for a table in all that it holds."""
    opened = b"".join(
        b"--b%d\r\nContent-Type: multipart/alternative; boundary=b%d\r\n\r\n" % (at, at + 1) for at in range(80)
    )
    text = b"--b80\r\nContent-Type: text/plain\r\n\r\n" + b"5 of A-1\r\n" * 20_000
    with within(5):
        source = taken(HEAD + b"Content-Type: multipart/mixed; boundary=b0\r\n\r\n" + opened + text)
    assert source.violation is not None
    assert source.violation.code == "paper.too_deep"


@pytest.mark.parametrize(
    "content", [b"a;b;c\n" * 1_000_000, b"x;y\n" + b";" * 6_000_000, b"a  b\n" * 1_000_000, b"\n" * 6_000_000 + b"x"]
)
def test_a_text_of_a_million_cells_is_not_parted(content: bytes) -> None:
    with within(2), pytest.raises(Unreadable) as caught:
        read_text(content, "o.csv", LIMITS)
    assert caught.value.violation.code == "paper.too_many_cells"


@pytest.mark.parametrize(
    "content",
    [
        b"<table><tr>" + b"<td colspan=100>a" * 200_000,
        b"<table><tr>" + b"<td rowspan=99>a" * 20_000 + b"<tr><td>b" * 200,
        b"<html>" + b"<br>a" * 300_000,
        b"<table><tr><td>" + b"<p>a" * 300_000,
    ],
)
def test_a_page_of_more_cells_than_are_read_is_given_up_at_the_last_of_these(content: bytes) -> None:
    with within(8), pytest.raises(Unreadable) as caught:
        read_html(content, "o.html", LIMITS)
    assert caught.value.violation.code == "paper.too_many_cells"


def test_an_archive_that_breaks_while_it_unpacks_harms_no_other_part() -> None:
    """A stream of deflate that is none raises ``zlib.error``, which is no OSError: the whole mail was given up."""
    packed = bytearray(archive({"a.csv": b"5;A-1\n" * 500}))
    begin = packed.index(b"a.csv") + len(b"a.csv")
    packed[begin : begin + 4] = b"\xff\xff\xff\xff"
    with pytest.raises(zlib.error):
        zlib.decompress(bytes(packed[begin : begin + 20]), -15)
    message = mail("5 of A-1")
    attach(message, bytes(packed), "a.zip")
    source = taken(message.as_bytes())
    assert source.letter is not None
    assert [part.fate for part in source.parts] == ["paper", "unreadable"]


def test_a_mail_within_a_mail_that_breaks_its_reader_harms_no_other_part() -> None:
    message = mail("5 of A-1")
    deep = b"".join(b"--b%d\r\nContent-Type: multipart/mixed; boundary=b%d\r\n\r\n" % (n, n + 1) for n in range(3_000))
    attach(message, HEAD + b"Content-Type: multipart/mixed; boundary=b0\r\n\r\n" + deep, "inner.eml")
    attach(message, b"5;A-1;x\n6;A-2;y\n", "o.csv")
    source = taken(message.as_bytes())
    assert [part.fate for part in source.parts] == ["paper", "unreadable", "paper"]
    assert taken(pdf("x")).parts  # and the next one is read
