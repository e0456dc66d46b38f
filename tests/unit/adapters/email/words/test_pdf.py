"""The words of a PDF with their places (issue 6, part 3)."""

from __future__ import annotations

import io

import pytest
from mail_samples import pdf, picture
from pypdf import PdfWriter
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen import canvas

from adapters.email.limits import Limits, Unreadable
from adapters.email.words.pdf import read_pdf

LIMITS = Limits()
A4 = (595.2756, 841.8898)


def drawn(*pages: str, scan: bool = False, width: float = 595) -> bytes:
    kept = io.BytesIO()
    paper = canvas.Canvas(kept, pagesize=A4, invariant=1)
    for text in pages:
        if scan:
            paper.drawImage(ImageReader(io.BytesIO(picture(300, 400))), 0, 0, width, 842)
        paper.drawString(72, 842 - 72, text)
        paper.showPage()
    paper.save()
    return kept.getvalue()


def test_every_word_has_its_place_in_points_from_the_top_left() -> None:
    (page,) = read_pdf(pdf("PO Number: 4711"), "o.pdf", LIMITS)
    assert [word.text for word in page.words] == ["PO", "Number:", "4711"]
    assert (page.unit, page.medium, page.number, page.quality) == ("pt", "text", 1, 1.0)
    box = page.words[0].box
    assert box.left == pytest.approx(60, abs=0.5)
    assert box.top == pytest.approx(page.height - 780 - 9, abs=3)
    assert 5 < box.height < 15


def test_a_page_that_lies_on_its_side_is_read_as_it_is_shown() -> None:
    writer = PdfWriter(clone_from=io.BytesIO(drawn("PO Number 4711")))
    writer.pages[0].rotate(90)
    kept = io.BytesIO()
    writer.write(kept)
    (page,) = read_pdf(kept.getvalue(), "o.pdf", LIMITS)
    assert page.width > page.height
    assert sorted(word.text for word in page.words) == ["4711", "Number", "PO"]


def test_ligatures_are_read_as_their_letters() -> None:
    pdfmetrics.registerFont(TTFont("Vera", "Vera.ttf"))
    kept = io.BytesIO()
    paper = canvas.Canvas(kept, invariant=1)
    paper.setFont("Vera", 10)
    paper.drawString(72, 700, "o\N{LATIN SMALL LIGATURE FI}ce")
    paper.save()
    assert [word.text for word in read_pdf(kept.getvalue(), "o.pdf", LIMITS)[0].words] == ["ofice"]


def test_the_picture_of_a_page_has_no_quality_and_the_text_below_a_scan_is_half_trusted() -> None:
    assert read_pdf(drawn("", scan=True), "o.pdf", LIMITS)[0].quality == 0
    assert read_pdf(drawn("PO Number 4711", scan=True), "o.pdf", LIMITS)[0].quality == 0.5
    assert read_pdf(drawn("PO Number 4711", scan=True, width=60), "o.pdf", LIMITS)[0].quality == 1  # a letterhead
    assert read_pdf(drawn(""), "o.pdf", LIMITS)[0].quality == 1  # nothing to read


def test_signs_without_meaning_are_told_by_the_quality() -> None:
    """A font that does not say what its shapes mean is shown well and read as garbage."""
    pdfmetrics.registerFont(TTFont("Vera", "Vera.ttf"))
    kept = io.BytesIO()
    paper = canvas.Canvas(kept, invariant=1)
    paper.setFont("Vera", 10)
    paper.drawString(72, 700, "ÄÖÜäöüßéèêçñàâîôûÅåØøÆæ")
    paper.save()
    writer = PdfWriter(clone_from=kept)
    assert read_pdf(kept.getvalue(), "o.pdf", LIMITS)[0].quality == 1
    for font in writer.pages[0]["/Resources"]["/Font"].values():
        font.get_object().pop("/ToUnicode", None)
        font.get_object().pop("/Encoding", None)
    mute = io.BytesIO()
    writer.write(mute)
    assert read_pdf(mute.getvalue(), "o.pdf", LIMITS)[0].quality < 0.9


def test_more_pages_than_allowed_are_refused() -> None:
    with pytest.raises(Unreadable) as caught:
        read_pdf(drawn("1", "2", "3"), "o.pdf", Limits(pages=2))
    assert caught.value.violation.code == "paper.too_many_pages"
    assert [page.number for page in read_pdf(drawn("1", "2", "3"), "o.pdf", LIMITS)] == [1, 2, 3]


@pytest.mark.parametrize("content", [b"%PDF-1.4", b"%PDF-1.4\nxref\n0 1\ntrailer\n<<>>", pdf("x")[:300]])
def test_a_damaged_file_is_told(content: bytes) -> None:
    with pytest.raises(Unreadable) as caught:
        read_pdf(content, "o.pdf", LIMITS)
    assert caught.value.violation.code == "paper.broken"
