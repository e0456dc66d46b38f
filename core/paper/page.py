"""A page of words: the one shape in which every reader gives a document, be it a PDF, a scan, a sheet or a mail.

Nothing behind this shape knows what the document was: the same extraction reads them all (INT-05).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple

#: what the numbers of a box count: points of a PDF (1/72 inch), pixels of a picture, columns and rows of a table
Unit = Literal["pt", "px", "cell"]
#: what the words were read from
Medium = Literal["text", "ocr", "sheet", "html", "body"]


class Box(NamedTuple):
    """A rectangle on a page as it was received, in the page's unit, from its top left corner."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """How far it reaches to the right."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """How far it reaches down."""
        return self.bottom - self.top

    @property
    def area(self) -> float:
        """Its size; 0 where it has none."""
        return max(0.0, self.width) * max(0.0, self.height)

    @property
    def middle(self) -> tuple[float, float]:
        """The point in its middle."""
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    def overlap(self, other: Box) -> float:
        """Return the share of the two that both cover, 0 to 1 (intersection over union)."""
        shared = Box(
            max(self.left, other.left),
            max(self.top, other.top),
            min(self.right, other.right),
            min(self.bottom, other.bottom),
        )
        if shared.width <= 0 or shared.height <= 0:
            return 0.0
        return shared.area / (self.area + other.area - shared.area)


def around(boxes: Iterable[Box]) -> Box:
    """Return the smallest box around *boxes*.

    Raises:
        ValueError: there are none.
    """
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return Box(min(lefts), min(tops), max(rights), max(bottoms))


class Word(NamedTuple):
    """What a reader gives as one piece: a word of a text, a stretch of one line of a picture, or a cell.

    ``confidence`` is what its reader says of it, 0 to 1, as it says it; 1 where nothing was guessed. It is not a
    probability: what it is worth is for the acceptance to know (``core.paper.acceptance``).
    """

    text: str
    box: Box
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Page:
    """One page, with its words in the order of reading.

    ``number`` counts from 1 within its document; ``name`` is that of a sheet. ``skew`` is by how many degrees the text
    runs askew, clockwise, and ``turned`` by how many the page has to be turned clockwise to be read; the boxes are
    those on the page as received. ``quality`` is how well it can be read, 0 to 1. ``reader`` names what read the page,
    with its version.
    """

    number: int
    width: float
    height: float
    unit: Unit
    medium: Medium
    words: tuple[Word, ...]
    reader: str
    name: str = ""
    dpi: tuple[float, float] | None = None
    skew: float = 0.0
    turned: Literal[0, 90, 180, 270] = 0
    quality: float = 1.0


@dataclass(frozen=True, slots=True)
class Paper:
    """One candidate for an order: a part of what was received, as pages.

    ``place`` says which part, as the ways of a tree ("2.1"; "" for the whole source), ``name`` what its sender called
    it, ``sha256`` is that of its own bytes.
    """

    place: str
    name: str
    media_type: str
    sha256: str
    pages: tuple[Page, ...]
