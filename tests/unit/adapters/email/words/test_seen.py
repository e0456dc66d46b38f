"""A text that says to a program what it does not show to a person is doubted (issue 6, part 3; attacks on readers)."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from mail_samples import picture
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, RectangleObject, TextStringObject
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen import canvas

from adapters.email.limits import Limits, Unreadable
from adapters.email.words.pdf import read_pdf
from core.reading import Page

LIMITS = Limits()
SIZE = (400, 300)
TRUSTED = 0.9

Draw = Callable[[canvas.Canvas], None]


def page_of(draw: Draw) -> Page:
    """Return a page that shows a quantity of 10, and what *draw* does to it."""
    (page,) = read_pdf(pdf_of(draw).getvalue(), "o.pdf", LIMITS)
    return page


def pdf_of(draw: Draw) -> io.BytesIO:
    kept = io.BytesIO()
    paper = canvas.Canvas(kept, pagesize=SIZE, invariant=1)
    paper.setFont("Helvetica", 9)
    paper.drawString(40, 250, "Purchase Order PO-4711")
    paper.drawString(40, 200, "Quantity")
    paper.drawString(120, 200, "10")
    draw(paper)
    paper.save()
    return kept


def nothing(paper: canvas.Canvas) -> None:
    pass


def without_ink(paper: canvas.Canvas) -> None:
    text = paper.beginText(200, 200)
    text.setTextRenderMode(3)
    text.textOut("1000")
    paper.drawText(text)


def white(paper: canvas.Canvas) -> None:
    paper.setFillGray(1)
    paper.drawString(200, 200, "1000")


def nearly_white(paper: canvas.Canvas) -> None:
    paper.setFillGray(0.95)
    paper.drawString(200, 200, "1000")


def two_zeros_more(paper: canvas.Canvas) -> None:
    """To a program it is one word, 1000; the eye reads its first two signs."""
    paper.setFillGray(1)
    paper.drawString(120 + paper.stringWidth("10"), 200, "00")


def for_no_eye(paper: canvas.Canvas) -> None:
    paper.setFontSize(1)
    paper.drawString(200, 200, "1000")


def beside_the_page(paper: canvas.Canvas) -> None:
    paper.drawString(SIZE[0] + 20, 200, "1000")


def beneath_paint(paper: canvas.Canvas) -> None:
    paper.drawString(200, 200, "1000")
    paper.setFillGray(1)
    paper.rect(195, 195, 60, 20, stroke=0, fill=1)


def beneath_a_picture(paper: canvas.Canvas) -> None:
    paper.drawString(200, 200, "1000")
    paper.drawImage(ImageReader(io.BytesIO(picture(60, 20))), 195, 195, 60, 20)


def behind_another(paper: canvas.Canvas) -> None:
    paper.setFillGray(1)
    paper.drawString(119, 200, "1000")


def cut_away(paper: canvas.Canvas) -> None:
    paper.saveState()
    path = paper.beginPath()
    path.rect(0, 0, 1, 1)
    paper.clipPath(path, stroke=0)
    paper.drawString(200, 200, "1000")
    paper.restoreState()


@pytest.mark.parametrize(
    "draw",
    [without_ink, white, nearly_white, two_zeros_more, for_no_eye, beside_the_page, beneath_paint, beneath_a_picture,
     behind_another, cut_away],
)  # fmt: skip
def test_text_that_no_eye_sees_makes_its_page_doubtful(draw: Draw) -> None:
    assert page_of(draw).quality < TRUSTED


def on_dark_ground(paper: canvas.Canvas) -> None:
    paper.rect(195, 195, 60, 20, stroke=0, fill=1)
    paper.setFillGray(1)
    paper.drawString(200, 200, "Amount")


def grey(paper: canvas.Canvas) -> None:
    paper.setFillGray(0.6)
    paper.drawString(200, 200, "1,200.50 - i.e. l/j")


def small_print(paper: canvas.Canvas) -> None:
    paper.setFontSize(4)
    paper.drawString(200, 20, "Our conditions of purchase apply: 1.2, 3.4.")


def bold_by_printing_twice(paper: canvas.Canvas) -> None:
    paper.drawString(120.3, 200, "10")


def beside_a_logo(paper: canvas.Canvas) -> None:
    paper.drawImage(ImageReader(io.BytesIO(picture(60, 60))), 300, 220, 60, 60)


def over_a_watermark(paper: canvas.Canvas) -> None:
    paper.setFillGray(0.8)
    paper.setFontSize(60)
    paper.drawString(100, 180, "COPY")


def of_a_font_that_nobody_brought(paper: canvas.Canvas) -> None:
    """As programs in China often write: the reader's machine may have the font, ours need not."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    paper.setFont("STSong-Light", 9)
    paper.drawString(200, 200, "采购订单 4711")


@pytest.mark.parametrize(
    "draw",
    [nothing, on_dark_ground, grey, small_print, bold_by_printing_twice, beside_a_logo, over_a_watermark,
     of_a_font_that_nobody_brought],
)  # fmt: skip
def test_what_the_eye_sees_is_trusted(draw: Draw) -> None:
    assert page_of(draw).quality == 1


def test_a_layer_that_is_switched_off_is_not_seen() -> None:
    """Optional content (ISO 32000-2, 8.11): shown or not as its file says."""
    for shown in (True, False):
        writer = PdfWriter(clone_from=pdf_of(nothing))
        layer = writer._add_object(
            DictionaryObject({NameObject("/Type"): NameObject("/OCG"), NameObject("/Name"): TextStringObject("more")})
        )
        hidden = ArrayObject([] if shown else [layer])
        setting = DictionaryObject({NameObject("/OFF"): hidden, NameObject("/BaseState"): NameObject("/ON")})
        writer.root_object[NameObject("/OCProperties")] = DictionaryObject(
            {NameObject("/OCGs"): ArrayObject([layer]), NameObject("/D"): setting}
        )
        page = writer.pages[0]
        page["/Resources"][NameObject("/Properties")] = DictionaryObject({NameObject("/more"): layer})
        content = page.get_contents()
        content.set_data(content.get_data() + b"\n/OC /more BDC BT /F1 9 Tf 200 200 Td (1000) Tj ET EMC")
        page.replace_contents(content)
        kept = io.BytesIO()
        writer.write(kept)
        (read,) = read_pdf(kept.getvalue(), "o.pdf", LIMITS)
        assert "1000" in [word.text for word in read.words]
        assert (read.quality == 1) is shown


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_places_are_those_of_the_page_that_is_shown_where_it_is_cropped(turned: int) -> None:
    """A printer's marks lie beside the crop box (ISO 32000-2, 14.11.2): boxes count from its corner."""
    writer = PdfWriter(clone_from=pdf_of(nothing))
    writer.pages[0].cropbox = RectangleObject((30, 180, 230, 270))
    writer.pages[0].rotate(turned)
    kept = io.BytesIO()
    writer.write(kept)
    (page,) = read_pdf(kept.getvalue(), "o.pdf", LIMITS)
    assert (page.width, page.height) == ((200, 90) if turned in (0, 180) else (90, 200))
    assert page.quality == 1
    (ten,) = [word for word in page.words if word.text in ("10", "01")]
    x, y = ten.box.middle
    upright = {0: (x, y), 90: (y, page.width - x), 180: (page.width - x, page.height - y), 270: (page.height - y, x)}
    assert upright[turned] == pytest.approx((120 + 5 - 30, 270 - 203), abs=2)
    beside = PdfWriter(clone_from=pdf_of(nothing))
    beside.pages[0].cropbox = RectangleObject((30, 220, 230, 270))  # the quantity is cropped away
    cut = io.BytesIO()
    beside.write(cut)
    assert read_pdf(cut.getvalue(), "o.pdf", LIMITS)[0].quality < TRUSTED


def test_a_page_as_large_as_a_wall_is_refused() -> None:
    kept = io.BytesIO()
    paper = canvas.Canvas(kept, pagesize=(14_000, 14_000), invariant=1)
    paper.drawString(100, 100, "Purchase Order")
    paper.save()
    with pytest.raises(Unreadable) as caught:
        read_pdf(kept.getvalue(), "wall.pdf", LIMITS)
    assert caught.value.violation.code == "paper.too_many_pixels"
