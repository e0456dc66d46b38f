"""A picture of a page to its words: turned upright, read, and led back to the pixels as they were received."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from adapters.email.ocr.engine import Engine, Found, Line
from adapters.email.ocr.leftover import leftover
from adapters.email.ocr.pictures import Picture
from adapters.email.ocr.prepare import Prepared, prepared, skew_of
from adapters.email.ocr.second_look import confirmed
from core.reading import Box, Page, Word

#: a line this much higher than wide runs up or down the page
_UPRIGHT: Final = 1.5
#: a page whose signs are less sure than this may lie on its head
_LIKELY: Final = 0.8
#: a word whose least sure sign is read so is read well
_WELL: Final = 0.95


def page_of(picture: Picture, number: int, engine: Engine) -> Page:
    """Return the words of one page, read by *engine*; a page on its side or its head is turned first."""
    page, lines = _upright(prepared(picture.pixels, picture.dpi), engine)
    found = confirmed(page.pixels, [*_words(lines), *leftover(page.pixels, lines, engine)], engine)
    scale = picture.points or 1.0
    words = [Word(one.text.strip(), _scaled(page.box(one.corners), scale), one.confidence) for one in found]
    height, width = picture.pixels.shape
    return Page(
        number=number,
        width=width * scale,
        height=height * scale,
        unit="pt" if picture.points else "px",
        medium="ocr",
        words=tuple(sorted((word for word in words if word.text), key=lambda word: (word.box.top, word.box.left))),
        reader=engine.name,
        dpi=picture.dpi,
        skew=skew_of(page.pixels) if found else 0.0,
        turned=page.turned,
        quality=_quality(found),
    )


def _upright(page: Prepared, engine: Engine) -> tuple[Prepared, list[Line]]:
    """Return the page the way round that it is read best, and its lines."""
    lines = engine.read(page.pixels)
    if _lies(lines):
        page = page.turn(90)
        lines = engine.read(page.pixels)
    words = _words(lines)
    if words and _worth(words) < _LIKELY * _signs(words):
        other = page.turn(180)
        again = engine.read(other.pixels)
        if _worth(_words(again)) > _worth(words):
            return other, again
    return page, lines


def _words(lines: Sequence[Line]) -> list[Found]:
    return [word for line in lines for word in line.words]


def _lies(lines: Sequence[Line]) -> bool:
    """Tell whether most of the text runs up or down the page."""
    up = along = 0.0
    for line in lines:
        wide, high = np.ptp(line.corners[:, 0]), np.ptp(line.corners[:, 1])
        up += high if high > _UPRIGHT * wide else 0.0
        along += wide if wide > _UPRIGHT * high else 0.0
    return up > along


def _signs(found: Sequence[Found]) -> int:
    return sum(len(one.text) for one in found)


def _worth(found: Sequence[Found]) -> float:
    """Return how many signs were read, each as much as its word is sure."""
    return sum(one.confidence * len(one.text) for one in found)


def _quality(found: Sequence[Found]) -> float:
    """Return the share of signs that were read well; 1 where there is nothing to read."""
    signs = _signs(found)
    return _signs([one for one in found if one.confidence >= _WELL]) / signs if signs else 1.0


def _scaled(box: Box, scale: float) -> Box:
    return Box(*(one * scale for one in box))
