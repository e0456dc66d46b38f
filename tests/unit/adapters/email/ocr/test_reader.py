"""Pictures read as pages of words: faxes, scans and photos, whichever way round (issue 6, part 3)."""

from __future__ import annotations

import io
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from mail_samples import pdf, picture
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen import canvas

from adapters.email.adapter import ADAPTER
from adapters.email.limits import Limits, Unreadable
from adapters.email.ocr import reader
from adapters.email.words.pdf import read_pdf
from core.reading import Box, Page

LIMITS = Limits()
READER = reader.Pictures()
FONT = Path(sys.modules["reportlab"].__file__ or "").parent / "fonts" / "Vera.ttf"
WIDE, HIGH = 900, 740  # detection scales smaller pages up, which only costs time
#: text, and where its baseline's left end stands on the page
WORDS = (("Purchase Order PO-93417", 60, 60), ("Quantity", 60, 340), ("7", 380, 340), ("1,204.50", 620, 640))


def drawn(turned: int = 0, skew: float = 0.0) -> tuple[Image.Image, dict[str, Box]]:
    """Return a small page with words, and the box of each on it, before it is turned."""
    page = Image.new("L", (WIDE, HIGH), 255)
    draw = ImageDraw.Draw(page)
    font = ImageFont.truetype(str(FONT), 30)
    boxes = {}
    for text, left, base in WORDS:
        draw.text((left, base), text, font=font, fill=0, anchor="ls")
        boxes[text] = Box(*draw.textbbox((left, base), text, font=font, anchor="ls"))
    page = page.rotate(-skew, Image.Resampling.BICUBIC, fillcolor=255) if skew else page
    return page.rotate(-turned, expand=True), boxes


def saved(page: Image.Image, kind: str = "PNG", **settings: object) -> bytes:
    kept = io.BytesIO()
    page.save(kept, kind, **settings)
    return kept.getvalue()


def on_received(box: Box, turned: int) -> Box:
    """Return where a box of the upright page is once the page was turned clockwise."""
    left, top, right, bottom = box
    return {
        0: box,
        90: Box(HIGH - bottom, left, HIGH - top, right),
        180: Box(WIDE - right, HIGH - bottom, WIDE - left, HIGH - top),
        270: Box(top, WIDE - right, bottom, WIDE - left),
    }[turned]


def texts(page: Page) -> str:
    return " ".join(word.text for word in page.words)


@cache
def read_turned(turned: int) -> Page:
    """Return the page as it is read when it arrives turned *counter* to reading by so many degrees."""
    (page,) = READER(saved(drawn(turned)[0], dpi=(200, 200)), "scan.png", LIMITS)
    return page


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_a_page_is_read_whichever_way_round_it_lies(turned: int) -> None:
    page = read_turned(turned)
    assert page.turned == (360 - turned) % 360
    assert {word.text for word in page.words} == {word for text, *_ in WORDS for word in text.split()}
    assert (page.width, page.height) == ((HIGH, WIDE) if turned in (90, 270) else (WIDE, HIGH))
    _, boxes = drawn()
    for word in page.words:
        if word.text in boxes and word.text != "7":
            assert word.box.overlap(on_received(boxes[word.text], turned)) > 0.5, word


def test_a_lone_digit_is_read_where_detection_sees_none() -> None:
    """Lone digits are the largest loss of quantities (ocr-intake, section 3)."""
    (seven,) = [word for word in read_turned(0).words if word.text == "7"]
    x, y = seven.box.middle
    _, boxes = drawn()
    assert boxes["7"].left <= x <= boxes["7"].right
    assert boxes["7"].top <= y <= boxes["7"].bottom


def test_what_a_reader_says_of_itself_is_kept() -> None:
    page = read_turned(0)
    assert all(0.6 <= word.confidence <= 1 for word in page.words)
    assert page.medium == "ocr"
    assert page.unit == "px"
    assert page.reader.startswith("rapidocr 3.")
    assert page.quality > 0.8


def test_a_fax_of_two_pages_at_98_lines_an_inch_keeps_its_pixels() -> None:
    page, boxes = drawn()
    coarse = page.resize((WIDE, HIGH // 2), Image.Resampling.BOX).convert("1", dither=Image.Dither.NONE)
    fax = saved(coarse, "TIFF", compression="group4", dpi=(204, 98), save_all=True, append_images=[coarse])
    pages = READER(fax, "fax.tif", LIMITS)
    assert [one.number for one in pages] == [1, 2]
    assert (pages[0].width, pages[0].height, pages[0].dpi) == (WIDE, HIGH // 2, (204, 98))
    assert "93417" in texts(pages[0])
    (amount,) = [word for word in pages[1].words if "204" in word.text]
    left, top, right, bottom = boxes["1,204.50"]
    assert amount.box.overlap(Box(left, top / 2, right, bottom / 2)) > 0.5


def test_skew_is_measured_and_boxes_stay_where_the_words_are() -> None:
    (page,) = READER(saved(drawn(skew=1.5)[0], dpi=(200, 200)), "scan.png", LIMITS)
    assert page.skew == pytest.approx(1.5, abs=0.25)
    assert "PO-93417" in texts(page)


#: the page in points, at 200 dots to an inch
SHEET = (WIDE * 0.36, HIGH * 0.36)


def scanned(*pages: Image.Image | str) -> bytes:
    kept = io.BytesIO()
    paper = canvas.Canvas(kept, pagesize=SHEET, invariant=1)
    for one in pages:
        if isinstance(one, str):
            paper.drawString(20, 40, one)
        else:
            paper.drawImage(ImageReader(one), 0, 0, *SHEET)
        paper.showPage()
    paper.save()
    return kept.getvalue()


def test_only_pages_without_text_of_their_own_are_read_from_their_picture() -> None:
    content = scanned("Order 4711 of today", drawn()[0])
    own = read_pdf(content, "o.pdf", LIMITS)
    first, second = READER.improve(content, "o.pdf", own, LIMITS)
    assert first is own[0]
    assert (second.medium, second.unit, second.number) == ("ocr", "pt", 2)
    assert (second.width, second.height) == pytest.approx(SHEET, abs=0.5)
    amount = next(word for word in second.words if word.text == "1,204.50")
    shown = Box(*(one * 0.36 for one in drawn()[1]["1,204.50"]))
    assert amount.box.overlap(shown) > 0.5


def test_an_empty_page_has_no_words() -> None:
    (page,) = READER(picture(300, 200), "fax.png", LIMITS)
    assert (page.words, page.quality, page.skew) == ((), 1.0, 0.0)


def refused(content: bytes, limits: Limits = LIMITS) -> Unreadable:
    with pytest.raises(Unreadable) as error:
        reader.Pictures()(content, "fax.tif", limits)
    return error.value


def test_pixels_are_counted_before_they_are_unpacked() -> None:
    """A G4 file of 12 kB can hold 400 million pixels (gateway.md, section 7; ocr-intake, section 6)."""
    bomb = saved(Image.new("1", (8_000, 6_000), 1), "TIFF", compression="group4")
    assert len(bomb) < 200_000
    violation = refused(bomb).violation
    assert violation.code == "paper.too_many_pixels"
    assert violation.parameters == {"name": "fax.tif", "pixels": 48_000_000, "most": LIMITS.picture_pixels}


def test_pages_are_counted_before_any_is_read() -> None:
    page = Image.new("1", (100, 100), 1)
    fax = saved(page, "TIFF", compression="group4", save_all=True, append_images=[page] * 4)
    assert refused(fax, Limits(pages=4)).violation.code == "paper.too_many_pages"


def test_a_page_of_a_pdf_as_large_as_a_wall_is_refused() -> None:
    kept = io.BytesIO()
    wall = canvas.Canvas(kept, pagesize=(14_000, 14_000))
    wall.showPage()
    wall.save()
    own = (Page(1, 14_000, 14_000, "pt", "text", (), "", quality=0.0),)
    with pytest.raises(Unreadable) as error:
        reader.Pictures().improve(kept.getvalue(), "wall.pdf", own, LIMITS)
    assert error.value.violation.code == "paper.too_many_pixels"


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "JPEG", "GIF", "BMP"])
def test_a_damaged_picture_is_told(kind: str) -> None:
    page = drawn()[0]
    assert refused(saved(page, kind)[: 200 if kind != "TIFF" else 100]).violation.code == "paper.broken"


def test_a_damaged_pdf_is_told() -> None:
    own = (Page(1, 595, 842, "pt", "text", (), "", quality=0.0),)
    with pytest.raises(Unreadable) as error:
        reader.Pictures().improve(b"%PDF-1.7 nothing", "o.pdf", own, LIMITS)
    assert error.value.violation.code == "paper.broken"


def test_the_adapter_reads_pictures_where_the_extra_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ADAPTER.readers.pictures, "_started", READER._engine())  # one set of models is enough
    (part,) = ADAPTER.read(saved(drawn()[0], dpi=(200, 200)), "scan.png").parts
    assert part.fate == "paper"
    assert part.paper is not None
    assert "PO-93417" in texts(part.paper.pages[0])
    assert part.extracted is not None
    assert part.extracted.guessed


def test_without_the_extra_there_is_no_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "find_spec", lambda name: None if name == "rapidocr" else object())
    assert reader.installed() is None


OFFLINE = """
import sys
def forbid(event, details):
    if event.startswith("socket."):
        raise AssertionError(f"{event} {details}")
sys.addaudithook(forbid)
from adapters.email.adapter import ADAPTER
assert "rapidocr" not in sys.modules and "numpy" not in sys.modules, "started before its first use"
(part,) = ADAPTER.read(sys.stdin.buffer.read(), "scan.png").parts
assert part.fate == "paper", part
print(" ".join(word.text for word in part.paper.pages[0].words))
"""


def test_it_reads_without_a_network_and_says_nothing() -> None:
    """No model is ever downloaded, nobody is told, nothing is logged (issue 6, part 3); not started before use."""
    done = subprocess.run(
        [sys.executable, "-c", OFFLINE], input=saved(drawn()[0]), capture_output=True, timeout=100, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    assert "PO-93417" in done.stdout.decode()
    assert done.stderr == b""


def test_a_text_of_its_own_needs_no_reader_of_pictures() -> None:
    content = pdf("PO Number: 4711")
    own = read_pdf(content, "o.pdf", LIMITS)
    lazy = reader.Pictures()
    assert lazy.improve(content, "o.pdf", own, LIMITS) == own
    assert lazy._started is None
