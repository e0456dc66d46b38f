"""The words of a PDF, in points from the top left corner of each page as it is shown."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any, Final

import pdfplumber
from pdfminer.pdfexceptions import PDFException
from pdfplumber.page import Page as PdfPage
from pdfplumber.utils.exceptions import PdfminerException

from adapters.email.limits import Limits, Unreadable
from core.reading import Box, Page, Word

#: letters nearer than this, in points, belong to one word; type is set closer than a space
_GAP: Final = 1.5
#: a page with fewer signs than these has no text of its own to speak of
_FEW: Final = 10
#: a picture over so much of a page is the page: its text was guessed by a program that we do not know
_SCAN: Final = 0.6
#: how far such a text is trusted
_FOREIGN: Final = 0.5


def read_pdf(content: bytes, name: str, limits: Limits) -> tuple[Page, ...]:
    """Return the pages of a PDF; ``quality`` is 0 where a page is a picture, and low where its signs are garbage.

    Raises:
        Unreadable: it is damaged or has too many pages.
    """
    try:
        with pdfplumber.open(io.BytesIO(content)) as document:
            if len(document.pages) > limits.pages:
                pages = len(document.pages)
                raise Unreadable("paper.too_many_pages", {"name": name, "pages": pages, "most": limits.pages})
            return tuple(_page(page) for page in document.pages)
    except (PDFException, PdfminerException) as error:
        raise Unreadable("paper.broken", {"name": name, "detail": type(error).__name__}) from error


def _page(page: PdfPage) -> Page:
    found = page.extract_words(x_tolerance=_GAP, keep_blank_chars=False)
    words = tuple(_word(one) for one in found)
    read = Page(
        number=page.page_number,
        width=float(page.width),
        height=float(page.height),
        unit="pt",
        medium="text",
        words=words,
        reader=f"pdfplumber {pdfplumber.__version__}",
        quality=_quality(page, words),
    )
    page.close()  # what it has parsed would be kept for all pages
    return read


def _word(found: Mapping[str, Any]) -> Word:
    text = unicodedata.normalize("NFKC", found["text"])  # ligatures, and the width of Chinese digits
    return Word(text, Box(found["x0"], found["top"], found["x1"], found["bottom"]))


def _quality(page: PdfPage, words: Sequence[Word]) -> float:
    text = "".join(word.text for word in words)
    pictures = sum(_shown(page, one) for one in page.images) / (float(page.width) * float(page.height))
    if len(text) < _FEW:
        return 0.0 if page.images else 1.0  # an empty page is read as well as it can be
    sound = sum(_is_sound(sign) for sign in text) / len(text)
    if "(cid:" in text:  # signs without a meaning of their own: nothing beside them can be trusted
        return 0.0
    return min(sound, _FOREIGN) if pictures >= _SCAN else sound


def _shown(page: PdfPage, picture: Mapping[str, Any]) -> float:
    """Return how much of the page a picture covers, in square points."""
    width = min(float(page.width), float(picture["x1"])) - max(0.0, float(picture["x0"]))
    height = min(float(page.height), float(picture["bottom"])) - max(0.0, float(picture["top"]))
    return max(0.0, width) * max(0.0, height)


def _is_sound(sign: str) -> bool:
    """Tell whether a sign can stand in a text: neither unassigned, nor of private use, nor a replacement."""
    return sign != "\N{REPLACEMENT CHARACTER}" and unicodedata.category(sign) not in ("Cc", "Cn", "Co", "Cs")
