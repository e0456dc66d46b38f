"""Tells whether the text of a PDF page is what the eye sees: a page may say 1000 to a program and show 10 to a person.

Text can be there and not be shown: drawn without ink (render mode 3, ISO 32000-2 section 9.3.6), in the colour of its
ground, beneath a picture, in a layer that is switched off, cut away, beside the page, or too small for any eye. All of
it is found in one way: the page is drawn, and each sign must have left ink where it is said to stand.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from PIL import Image

from core.reading import Box

#: a page is drawn with so many dots to an inch to be looked at: enough for a point of 7-point type
DPI: Final = 144
#: ink differs from its ground by so much of 255; grey type of half the strength of black still does
_INK: Final = 32
#: type lower than this, in points, is for no eye: the smallest print of conditions has 4
_SMALLEST: Final = 2.5
#: the middle of a sign's place that is its own: its neighbours lean in at the sides
_OWN: Final = 0.8
#: a sign may reach so far beyond the edge of the page, in points: type set to the edge
_EDGE: Final = 1.0
#: so much of a word under a picture, or under another word, is covered
_COVERED: Final = 0.5
#: words on one another are of one text where the height of one is more than this of the other's
_ALIKE: Final = 0.5
#: what no reader has to have a font for, where the file brings none (ISO 32000-2, 9.6.2.2 names Latin ones alone)
_LATIN: Final = 0x24F

Char = Mapping[str, Any]


def is_all_seen(
    shown: Image.Image, page: Box, chars: Iterable[Char], words: Sequence[tuple[str, Box]], pictures: Iterable[Box]
) -> bool:
    """Tell whether every sign of a page left ink, and no word lies under a picture or another word.

    *shown* is the page drawn in grey, *page* its part that is shown; the boxes of *chars* (as pdfplumber has them),
    *words* and *pictures* are in points from the same corner as *page*.
    """
    return (
        all(_is_seen(shown, page, one) for one in chars if _has_ink(one))
        and not any(_covers(one, box) for one in pictures for _, box in words)
        and not _doubled(words)
    )


def _has_ink(char: Char) -> bool:
    """Tell whether a sign would leave ink: spaces and marks do not, nor need one whose font nobody brought."""
    text = char["text"]
    if not text.strip() or all(unicodedata.category(sign)[0] in "ZCM" for sign in text):
        return False
    brought = "+" in char["fontname"]  # a font within the file has a tag before its name (ISO 32000-2, 9.9.2)
    return brought or all(ord(sign) <= _LATIN for sign in text)


def _is_seen(shown: Image.Image, page: Box, char: Char) -> bool:
    left, top, right, bottom = char["x0"], char["top"], char["x1"], char["bottom"]
    if min(right - left, bottom - top) <= 0 or max(right - left, bottom - top) < _SMALLEST:
        return False
    if left < page.left - _EDGE or top < page.top - _EDGE or right > page.right + _EDGE or bottom > page.bottom + _EDGE:
        return False
    beside = (right - left) * (1 - _OWN) / 2
    across, down = shown.width / page.width, shown.height / page.height
    place = (
        max(0, int((left + beside - page.left) * across)),
        max(0, int((top - page.top) * down)),
        min(shown.width, int((right - beside - page.left) * across) + 1),
        min(shown.height, int((bottom - page.top) * down) + 1),
    )
    if place[0] >= place[2] or place[1] >= place[3]:
        return False
    darkest, lightest = shown.crop(place).getextrema()
    return bool(lightest - darkest >= _INK)  # type: ignore[operator] # of grey there is one pair


def _doubled(words: Sequence[tuple[str, Box]]) -> bool:
    """Tell whether a word stands on another that says something else; bold is often the same word twice."""
    ordered = sorted(words, key=lambda one: one[1].top)
    for place, (text, box) in enumerate(ordered):
        for other, under in ordered[place + 1 :]:
            if under.top >= box.bottom:
                break
            alike = _ALIKE * max(box.height, under.height) < min(box.height, under.height)  # not a large watermark
            if alike and text != other and (_covers(box, under) or _covers(under, box)):
                return True
    return False


def _covers(one: Box, other: Box) -> bool:
    shared = Box(
        max(one.left, other.left), max(one.top, other.top), min(one.right, other.right), min(one.bottom, other.bottom)
    )
    return min(shared.width, shared.height) > 0 and shared.area > _COVERED * other.area
