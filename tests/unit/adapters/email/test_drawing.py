"""Pages as pictures for people: of PDFs and pictures alone, within limits (issue 6, parts 6 and 7)."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from reportlab.pdfgen import canvas

from adapters.email.adapter import ADAPTER, Unreadable
from adapters.email.limits import Limits
from core.reading import Box


def letter() -> bytes:
    """Return a PDF of one page of 300 x 200 points with a black bar at 100,50 - 200,70 from the top left."""
    kept = io.BytesIO()
    page = canvas.Canvas(kept, pagesize=(300, 200))
    page.rect(100, 130, 100, 20, fill=1)
    page.save()
    return kept.getvalue()


def scan(*, kind: str = "PNG", size: tuple[int, int] = (300, 200), exif: int = 1) -> bytes:
    """Return a picture with a black bar at the same place in pixels."""
    image = Image.new("L", size, 255)
    image.paste(0, (100, 50, 200, 70))
    kept, turned = io.BytesIO(), Image.Exif()
    turned[0x0112] = exif
    image.save(kept, kind, exif=turned)
    return kept.getvalue()


def seen(answer: bytes | None) -> Image.Image:
    """Return the picture of an answer, in grey."""
    assert answer is not None
    picture = Image.open(io.BytesIO(answer))
    assert picture.format == "PNG"
    return picture.convert("L")


BAR = Box(100, 50, 200, 70)


@pytest.mark.parametrize("content", [letter(), scan()], ids=["pdf", "picture"])
def test_a_piece_is_what_lies_in_its_box(content: bytes) -> None:
    """The box counts from the top left in the page's own unit: the bar fills it, and white surrounds it."""
    picture = seen(ADAPTER.draw(content, 1, BAR))
    wide, high = picture.size
    assert picture.getpixel((wide // 2, high // 2)) == 0
    assert [picture.getpixel(corner) for corner in ((1, 1), (wide - 2, high - 2))] == [255, 255]
    dark = picture.point(lambda grey: 255 if grey < 128 else 0).getbbox()
    assert dark is not None
    scale = wide / (BAR.width + 2 * 12)
    assert (dark[2] - dark[0], dark[3] - dark[1]) == pytest.approx((100 * scale, 20 * scale), abs=4)


def test_a_whole_page_is_shown_as_its_camera_turned_it() -> None:
    assert seen(ADAPTER.draw(letter(), 1)).size == (500, 334)
    assert seen(ADAPTER.draw(scan(kind="JPEG", exif=6), 1)).size == (200, 300)


@pytest.mark.parametrize("content", [b"SKU;Qty\nA;1\n", b"<table><tr><td>A</td></tr></table>", b""])
def test_sheets_texts_and_html_have_none(content: bytes) -> None:
    """HTML is never rendered."""
    assert ADAPTER.draw(content, 1) is None


@pytest.mark.parametrize("page", [0, 2, 9999])
def test_a_page_that_is_not_there_has_none(page: int) -> None:
    assert ADAPTER.draw(letter(), page) is None
    assert ADAPTER.draw(scan(), page) is None


@pytest.mark.parametrize(
    ("content", "box"),
    [
        (letter()[:200], None),
        (scan()[:60], None),
        (scan(), Box(900, 900, 950, 950)),
        (letter(), Box(float("nan"), 0, 1, 1)),
    ],
)
def test_what_is_damaged_or_off_the_page_is_refused(content: bytes, box: Box | None) -> None:
    with pytest.raises(Unreadable) as refused:
        ADAPTER.draw(content, 1, box)
    assert refused.value.violation.code == "paper.broken"


def test_a_picture_of_too_many_pixels_is_never_unpacked() -> None:
    with pytest.raises(Unreadable) as refused:
        ADAPTER.draw(scan(), 1, limits=Limits(picture_pixels=59_999))
    assert refused.value.violation.code == "paper.too_many_pixels"
