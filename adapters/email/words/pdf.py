"""The words of a PDF, in points from the top left corner of each page as it is shown."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Mapping
from typing import Any, Final

import pdfplumber
from pdfminer.pdfexceptions import PDFException
from pdfplumber.page import Page as PdfPage
from pdfplumber.utils.exceptions import PdfminerException
from PIL import Image

from adapters.email.limits import Limits, Unreadable
from adapters.email.pdfium import drawn_pages
from adapters.email.plain import visible
from adapters.email.words.load import check_load
from adapters.email.words.seen import DPI, is_all_seen
from core.reading import Box, Page, Word

#: letters nearer than this, in points, belong to one word; type is set closer than a space
_GAP: Final = 1.5
#: a page with fewer signs than these has no text of its own to speak of
_FEW: Final = 10
#: a picture over so much of a page is the page: its text was guessed by a program that we do not know
_SCAN: Final = 0.6
#: how far such a text is trusted, and one that the eye does not see
_FOREIGN: Final = 0.5


def read_pdf(content: bytes, name: str, limits: Limits) -> tuple[Page, ...]:
    """Return the pages of a PDF as they are shown: what lies beside the crop box is not on the page.

    ``quality`` is 0 where a page is a picture, and low where its signs are garbage or not what the eye sees
    (:mod:`adapters.email.words.seen`).

    Raises:
        Unreadable: it is damaged, or has too many pages, or pages too large or too full to be drawn.
    """
    try:
        with pdfplumber.open(io.BytesIO(content)) as document:
            if len(document.pages) > limits.pages:
                pages = len(document.pages)
                raise Unreadable("paper.too_many_pages", {"name": name, "pages": pages, "most": limits.pages})
            check_load((page.page_obj for page in document.pages), document.rsrcmgr, name, limits)
            numbers = range(1, len(document.pages) + 1)
            drawn = drawn_pages(content, name, numbers, DPI, limits)
            return tuple(_page(page, shown) for page, (_, shown) in zip(document.pages, drawn, strict=True))
    except (PDFException, PdfminerException) as error:
        raise Unreadable("paper.broken", {"name": name, "detail": type(error).__name__}) from error


def _page(page: PdfPage, shown: Image.Image) -> Page:
    sheet = _sheet(page)
    found = page.extract_words(x_tolerance=_GAP, keep_blank_chars=False)
    words = [(_text(one["text"]), _box(one)) for one in found]
    quality = _quality(page, sheet, "".join(text for text, _ in words))
    if quality > _FOREIGN and not is_all_seen(shown, sheet, page.chars, words, map(_box, page.images)):
        quality = _FOREIGN
    read = Page(
        number=page.page_number,
        width=sheet.width,
        height=sheet.height,
        unit="pt",
        medium="text",
        words=tuple(Word(said, _moved(box, sheet)) for text, box in words if (said := visible(text).strip())),
        reader=f"pdfplumber {pdfplumber.__version__}",
        quality=quality,
    )
    page.close()  # what it has parsed would be kept for all pages
    return read


def _sheet(page: PdfPage) -> Box:
    """Return the part of the page that is shown: the crop box within the media box (ISO 32000-2, 14.11.2)."""
    left, bottom, right, top = page.page_obj.mediabox
    from_left, from_bottom, to_right, to_top = page.page_obj.cropbox
    clockwise = [max(0.0, one) for one in (from_left - left, top - to_top, right - to_right, from_bottom - bottom)]
    turned = page.rotation // 90 % 4  # a page that is turned clockwise shows its lower edge on the left
    cut = clockwise[-turned:] + clockwise[:-turned] if turned else clockwise
    whole = Box(*page.mediabox)
    sheet = Box(whole.left + cut[0], whole.top + cut[1], whole.right - cut[2], whole.bottom - cut[3])
    return sheet if min(sheet.width, sheet.height) > 0 else whole


def _text(found: str) -> str:
    # ligatures, and the width of Chinese digits; a Chinese comma is kept, as a plain one would join two numbers
    return "，".join(unicodedata.normalize("NFKC", part) for part in found.split("，"))


def _box(found: Mapping[str, Any]) -> Box:
    return Box(float(found["x0"]), float(found["top"]), float(found["x1"]), float(found["bottom"]))


def _moved(box: Box, sheet: Box) -> Box:
    """Return *box* counted from the corner of the page that is shown."""
    return Box(box.left - sheet.left, box.top - sheet.top, box.right - sheet.left, box.bottom - sheet.top)


def _quality(page: PdfPage, sheet: Box, text: str) -> float:
    pictures = sum(_shown(sheet, _box(one)) for one in page.images) / sheet.area
    if len(text) < _FEW:
        return 0.0 if page.images else 1.0  # an empty page is read as well as it can be
    sound = sum(_is_sound(sign) for sign in text) / len(text)
    if "(cid:" in text:  # signs without a meaning of their own: nothing beside them can be trusted
        return 0.0
    return min(sound, _FOREIGN) if pictures >= _SCAN else sound


def _shown(sheet: Box, picture: Box) -> float:
    """Return how much of the page a picture covers, in square points."""
    width = min(sheet.right, picture.right) - max(sheet.left, picture.left)
    height = min(sheet.bottom, picture.bottom) - max(sheet.top, picture.top)
    return max(0.0, width) * max(0.0, height)


def _is_sound(sign: str) -> bool:
    """Tell whether a sign can stand in a text: neither unassigned, nor of private use, nor a replacement."""
    return sign != "\N{REPLACEMENT CHARACTER}" and unicodedata.category(sign) not in ("Cc", "Cn", "Co", "Cs")
