"""From the bytes of a mail to its parts: every leaf is accounted for, and nothing raises (issue 6, parts 2 and 7)."""

from __future__ import annotations

from collections.abc import Sequence
from email.message import EmailMessage
from typing import Any

import pytest
from compound_files import outlook_mail
from hypothesis import given, settings
from hypothesis import strategies as st
from mail_samples import archive, attach, mail, pdf, picture, workbook

from adapters.email.claims import Claim
from adapters.email.limits import Limits, Unreadable
from adapters.email.reader import read
from adapters.email.readers import Readers
from core.reading import Box, Candidate, Extracted, Page, Paper, PartRead, ReadSource, Spot, Word

LIMITS = Limits()


def page(text: str, medium: Any = "text", quality: float = 1.0) -> Page:
    return Page(1, 100, 100, "pt", medium, (Word(text, Box(0, 0, 50, 10)),), "test", quality=quality)


def as_text(content: bytes, name: str, limits: Limits) -> tuple[Page, ...]:
    return (page(content.decode()),)


def as_file(content: bytes, name: str, limits: Limits) -> tuple[Page, ...]:
    return (page(f"{name}: {len(content)} bytes"),)


def garbage(content: bytes, name: str, limits: Limits) -> tuple[Page, ...]:
    return (page("(cid:3)(cid:9)", quality=0.1),)


class Eyes:
    """A reader of pictures that sees the same on each, and knows what it looked at."""

    def __init__(self) -> None:
        self.looked: list[tuple[str, int, int]] = []

    def __call__(self, content: bytes, name: str, limits: Limits) -> tuple[Page, ...]:
        self.looked.append((name, len(content), limits.picture_pixels))
        return (page("seen", "ocr"),)

    def improve(self, content: bytes, name: str, pages: tuple[Page, ...], limits: Limits) -> tuple[Page, ...]:
        seen = self(content, name, limits)
        return tuple(seen[0] if one.quality < 0.9 else one for one in pages)


def looked_at(content: bytes, name: str, claims: Sequence[Claim], limits: Limits) -> frozenset[int]:
    assert (content, name, limits) == (pdf("x"), "o.pdf", LIMITS)
    return frozenset(claim.page for claim in claims if claim.text == "1000")


BLIND = Readers({"text": as_text, "html": as_text, "pdf": as_file, "workbook": as_file})
EYES = Eyes()
SEEING = Readers(BLIND.pages, EYES)


def taken(message: EmailMessage | bytes, readers: Readers = BLIND, limits: Limits = LIMITS) -> ReadSource:
    content = message if isinstance(message, bytes) else message.as_bytes()
    return read(content, "order.eml", readers, limits)


def told(source: ReadSource) -> list[tuple[str, str, str]]:
    """Return place, name and fate of each part."""
    return [(part.place, part.name, part.fate) for part in source.parts]


def said(source: ReadSource) -> list[str]:
    """Return the words of the parts that were read."""
    return [part.paper.pages[0].words[0].text for part in source.parts if part.paper]


def code(part: PartRead) -> str:
    assert part.violation is not None
    return part.violation.code


def test_a_mail_with_its_order_attached() -> None:
    message = mail("Please find our order attached.")
    attach(message, pdf("Order 4711"), "PO 4711.pdf", "application/pdf")
    source = taken(message)
    assert told(source) == [("1", "", "paper"), ("2", "PO 4711.pdf", "paper")]
    assert source.letter is not None
    assert source.letter.sender == "jo@acme.example"
    assert source.parts[1].media_type == "application/pdf"
    assert source.parts[1].content == pdf("Order 4711")


def test_one_order_in_two_forms_and_several_orders_are_all_read() -> None:
    message = mail("Two orders.")
    for name, content in (("a.pdf", pdf("A")), ("a.xlsx", workbook()), ("b.pdf", pdf("B"))):
        attach(message, content, name)
    assert [fate for _, _, fate in told(taken(message))] == ["paper"] * 4


def test_a_file_is_read_by_its_bytes_and_not_by_its_name() -> None:
    message = mail("x")
    attach(message, pdf("Order"), "order.txt", "text/plain; charset=us-ascii".partition(";")[0])
    assert taken(message).parts[1].media_type == "application/pdf"


def test_a_table_in_the_text_of_a_mail_is_read_in_place_of_its_plain_text() -> None:
    message = mail("5 A-1")
    message.add_alternative("<table><tr><td>5<td>A-1</table>", subtype="html")
    source = taken(message)
    assert told(source) == [("1", "", "ignored"), ("2", "", "paper")]
    without = mail("5 A-1")
    without.add_alternative("<p>5 A-1</p>", subtype="html")
    assert told(taken(without)) == [("1", "", "paper"), ("2", "", "ignored")]


def test_logos_signatures_and_receipts_are_passed_over_and_a_page_in_the_text_is_not() -> None:
    message = mail("See below")
    message.add_alternative('<p>See below <img src="cid:logo"> <img src="cid:scan"></p>', subtype="html")
    html = message.get_payload()[1]  # type: ignore[index]
    html.add_related(picture(200, 80), "image", "png", cid="<logo>")  # type: ignore[union-attr]
    html.add_related(picture(1200, 1600), "image", "png", cid="<scan>")  # type: ignore[union-attr]
    attach(message, b"-----BEGIN PGP", "signature.asc", "application/pgp-signature")
    fates = [part.fate for part in taken(message, SEEING).parts if part.media_type == "image/png"]
    assert fates == ["ignored", "paper"]
    assert taken(message).parts[-1].fate == "ignored"


def test_a_forwarded_mail_names_who_wrote_it() -> None:
    outer = mail("FYI", subject="WG: Bestellung", sender="sales@seller.example")
    inner = mail("5 of A-1", sender="buyer@acme.example")
    outer.add_attachment(inner)
    source = taken(outer)
    assert source.letter is not None
    assert source.letter.forwarded_from == "buyer@acme.example"
    assert [text.strip() for text in said(source)] == ["FYI", "5 of A-1"]
    quoted = mail("FYI\n\nVon: Jo <buyer@acme.example>\nGesendet: heute\n\n5 of A-1", subject="WG: Bestellung")
    letter = taken(quoted).letter
    assert letter is not None
    assert letter.forwarded_from == "buyer@acme.example"


def test_mails_inside_mails_are_opened_to_a_depth() -> None:
    message = mail("the order")
    for _ in range(8):
        outer = mail("see attached")
        outer.add_attachment(message)
        message = outer
    source = taken(message)
    assert [part.fate for part in source.parts] == ["paper"] * 6 + ["quarantined"]
    assert code(source.parts[-1]) == "paper.too_deep"


def test_edifact_and_xml_go_to_their_own_decoder() -> None:
    message = mail("x")
    attach(message, b"UNA:+.? 'UNB+UNOC:3+A+B+261102:1000+1'", "order.txt", "text/plain")
    attach(message, b"<?xml version='1.0'?><Order/>", "order.xml")
    assert [part.fate for part in taken(message).parts[1:]] == ["format", "format"]


def test_what_is_dangerous_is_kept_and_not_opened() -> None:
    message = mail("x")
    attach(message, workbook({"xl/vbaProject.bin": b"x"}), "order.xlsx")
    attach(message, b"<html><script>x()</script>", "order.html")
    attach(message, b"MZ\x90\0", "order.pdf")
    attach(message, b"\x78\x9f\x3e\x22\x01\x00", "winmail.dat")
    parts = taken(message).parts[1:]
    assert [(part.fate, code(part)) for part in parts] == [
        ("quarantined", "paper.macros"),
        ("quarantined", "paper.active"),
        ("quarantined", "paper.program"),
        ("unreadable", "paper.winmail"),
    ]
    assert all(part.content for part in parts)


def test_the_text_of_a_mail_may_have_scripts_that_nobody_runs() -> None:
    message = mail("")
    message.set_content("<table onclick=x()><tr><td>5</table><script>y()</script>", subtype="html")
    assert taken(message).parts[0].fate == "paper"


def test_broken_base64_is_told_and_not_read_as_far_as_it_goes() -> None:
    raw = (
        b"From: a@b.example\r\nSubject: x\r\nMIME-Version: 1.0\r\n"
        b"Content-Type: application/pdf; name=o.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\nJVBERi0xLjQKJ"
    )
    source = taken(raw)
    assert (source.parts[0].fate, code(source.parts[0])) == ("unreadable", "paper.broken")


def test_an_archive_is_opened_within_its_limits() -> None:
    content = archive({"in/a.pdf": pdf("A"), "b.zip": archive({"c.pdf": pdf("C")}), "d.csv": b"5;A-1\n"})
    source = taken(content)
    assert told(source) == [("1", "a.pdf", "paper"), ("2.1", "c.pdf", "paper"), ("3", "d.csv", "paper")]
    assert source.letter is None
    bomb = taken(archive({"a.pdf": b"\0" * 30_000_000}))
    assert bomb.violation is not None
    assert bomb.violation.code == "paper.bomb"


def test_a_saved_outlook_mail_is_read() -> None:
    fields = {0x0037: "FW: Order", 0x1000: "FYI\r\nFrom: Jo <jo@acme.example>\r\n5 of A-1", 0x0C1F: "x"}
    source = taken(outlook_mail(fields, [("po.pdf", pdf("Order"))], inner=True))
    assert source.letter is not None
    assert (source.letter.subject, source.letter.forwarded_from) == ("FW: Order", "jo@acme.example")
    assert [(part.name, part.fate) for part in source.parts] == [
        ("", "paper"), ("po.pdf", "paper"), ("inner.msg", "unreadable"),
    ]  # fmt: skip


def test_a_hundred_attachments_and_more_than_that_are_bounded() -> None:
    message = mail("x")
    for number in range(100):
        attach(message, b"5;A-1\n", f"{number}.csv")
    assert len(taken(message).parts) == 101
    source = taken(message, limits=Limits(parts=50))
    assert source.parts == ()
    assert source.violation is not None
    assert source.violation.code == "paper.too_many_parts"


def test_a_picture_waits_where_nothing_reads_pictures() -> None:
    source = read(picture(), "fax.png", BLIND, LIMITS)
    assert [(part.fate, code(part)) for part in source.parts] == [("picture", "paper.picture_unread")]
    assert source.parts[0].content is None  # the source itself is kept
    assert said(read(picture(), "fax.png", SEEING, LIMITS)) == ["seen"]
    assert EYES.looked[-1] == ("fax.png", len(picture()), LIMITS.picture_pixels)


def test_a_pdf_whose_text_cannot_be_trusted_is_looked_at() -> None:
    distrusted = Readers({"pdf": garbage}, Eyes())
    assert said(read(pdf("x"), "o.pdf", distrusted, LIMITS)) == ["seen"]
    blind = read(pdf("x"), "o.pdf", Readers({"pdf": garbage}), LIMITS)
    assert [(part.fate, code(part)) for part in blind.parts] == [("picture", "paper.text_doubtful")]


@pytest.mark.parametrize(("text", "taken"), [("1000", "seen"), ("10", "10")])
def test_a_text_whose_numbers_are_not_shown_gives_way_to_what_is_seen(text: str, taken: str) -> None:
    def understands(paper: Paper) -> Extracted:
        word = paper.pages[0].words[0]
        quantity = Candidate(word.text, word.text, Spot(1, word.box), 1.0, "column")
        return Extracted("order", "en", {"lines.1.quantity": (quantity,)})

    def numbers(content: bytes, name: str, limits: Limits) -> tuple[Page, ...]:
        return (page(text),)

    (part,) = read(pdf("x"), "o.pdf", Readers({"pdf": numbers}, Eyes(), looked_at, understands), LIMITS).parts
    assert part.extracted is not None
    assert part.extracted.best("lines.1.quantity") == taken
    assert part.paper is not None
    assert part.paper.pages[0].words[0].text == taken
    (alone,) = read(pdf("x"), "o.pdf", Readers({"pdf": numbers}, None, looked_at, understands), LIMITS).parts
    if text == taken:
        assert alone.fate == "paper"
    else:  # who reads pictures has to
        assert (alone.fate, code(alone)) == ("picture", "paper.text_doubtful")


def test_a_reader_that_fails_harms_only_its_part() -> None:
    def fails(content: bytes, name: str, limits: Limits) -> tuple[Page, ...]:
        raise RuntimeError("of the library")

    def refuses(content: bytes, name: str, limits: Limits) -> tuple[Page, ...]:
        raise Unreadable("paper.encrypted", {"name": name})

    message = mail("5 of A-1")
    attach(message, pdf("A"), "a.pdf")
    attach(message, workbook(), "b.xlsx")
    parts = taken(message, Readers({"text": as_text, "pdf": fails, "workbook": refuses})).parts
    assert [part.fate for part in parts] == ["paper", "unreadable", "unreadable"]
    assert [code(part) for part in parts[1:]] == ["paper.broken", "paper.encrypted"]


def test_too_little_memory_is_not_the_fault_of_the_file() -> None:
    def starves(content: bytes, name: str, limits: Limits) -> tuple[Page, ...]:
        raise Unreadable("paper.broken", {"name": name, "detail": "x"}) from RuntimeError("std::bad_alloc")

    with pytest.raises(MemoryError):
        read(pdf("A"), "a.pdf", Readers({"pdf": starves}), LIMITS)


def test_what_a_paper_says_is_extracted_and_an_extraction_that_fails_is_told() -> None:
    def understands(paper: Paper) -> Extracted:
        return Extracted("order", "en", {}, layout=paper.name)

    def fails(paper: Paper) -> Extracted:
        raise ValueError("no rows")

    part = read(pdf("A"), "a.pdf", Readers(BLIND.pages, extract=understands), LIMITS).parts[0]
    assert part.extracted == Extracted("order", "en", {}, layout="a.pdf")
    failed = read(pdf("A"), "a.pdf", Readers(BLIND.pages, extract=fails), LIMITS).parts[0]
    assert (failed.fate, code(failed)) == ("unreadable", "paper.broken")


def test_an_empty_file_is_told() -> None:
    assert code(read(b"", "a.pdf", BLIND, LIMITS).parts[0]) == "paper.empty"


MAILS = st.lists(
    st.sampled_from(
        [
            b"From: a@b.example\r\n", b"Subject: =?utf-8?B?x?=\r\n", b"MIME-Version: 1.0\r\n", b"\r\n", b"--x\r\n",
            b"--x--\r\n", b"Content-Type: multipart/mixed; boundary=x\r\n",
            b"Content-Type: multipart/alternative; boundary=x\r\n", b"Content-Type: message/rfc822\r\n",
            b"Content-Type: text/html; charset=nonsense\r\n", b"<table>5",
            b"Content-Transfer-Encoding: base64\r\n", b"Content-Disposition: attachment; filename*=x''%00\r\n",
            b"5 of A-1\r\n",
            b"Content-Type: image/png\r\n", b"Content-ID: <a>\r\n", b"\x89PNG\r\n\x1a\n", b"PK\x03\x04", b"\xff\xfe",
        ]
    ),
    max_size=25,
)  # fmt: skip


@settings(max_examples=150)
@given(MAILS.map(b"".join) | st.binary(max_size=400))
def test_any_bytes_give_parts_or_a_reason(content: bytes) -> None:
    source = read(content, "x", BLIND, LIMITS)
    assert source.parts or source.violation or source.letter
    places = [part.place for part in source.parts]
    assert len(set(places)) == len(places)
    for part in source.parts:
        assert (part.fate in ("paper", "format", "ignored")) == (part.violation is None)
        assert (part.paper is not None) == (part.fate == "paper")


@pytest.mark.parametrize("content", [b"From: a@b\r\nSubject: x\r\n\r\n", mail("").as_bytes()])
def test_a_mail_that_says_nothing_has_nothing_to_read(content: bytes) -> None:
    assert [part.fate for part in taken(content).parts] == ["ignored"]
