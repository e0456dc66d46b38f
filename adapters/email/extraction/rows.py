"""Words to rows and cells: what stands on one line, and what stands together on it (ocr-intake, section 5.4)."""

from __future__ import annotations

import math
import re
import unicodedata
from bisect import bisect_left, insort
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median, quantiles
from typing import Final, NamedTuple

from adapters.email.extraction.values import unit
from core.reading import Box, Page, Spot, Word, around

#: words of one line overlap by so much of the lower one's height
_SAME_LINE: Final = 0.5
#: cells stand apart by more than so much of the height of the type, and by more than so many of its narrow spaces
_APART: Final = 0.55
_SPACES: Final = 1.8
#: as far as that two cells of a table stand apart
_CELLS: Final = 2.0
#: a line that is drawn with signs
_RULE: Final = re.compile(r"[-_=*.·\u2014\u2500]{4,}")
#: signs of one width differ by so little, and words stand no further apart than so many of them
_EVEN: Final = 0.04
_TYPED: Final = 1.6
#: so few words show no width
_FEW: Final = 2
#: what stands apart, and what leaders part: ``PO No.______4711``
_WORD: Final = re.compile(r"(?:(?![_.·…]{4,}(?:[^\W_]|\s|$))\S)+|[_.·…]{4,}")
#: between digits it parts two numbers, and is no comma of one
_CHINESE_COMMA: Final = re.compile(r"(?<=\d)，(?=\d)")
_GLUED: Final = re.compile(r"(\d[\d.,]*)([^\W\d_]{1,8}[.,;，。；]?)")


class Placed(NamedTuple):
    """A word, the page that it is on, its box there, and where it stands once the page is upright.

    ``piece`` numbers what its reader gave as one; ``gridded`` says that pieces are cells of a table.
    """

    text: str
    page: int
    box: Box
    at: Box
    confidence: float
    piece: int
    gridded: bool

    def part(self, start: int, end: int) -> Placed:
        """Return a part of the word by its signs; they are taken to be equally wide."""
        share = len(self.text) or 1
        box, at = (_slice(one, start / share, end / share) for one in (self.box, self.at))
        return self._replace(text=self.text[start:end], box=box, at=at)


def gap(before: Placed, after: Placed) -> float:
    """Return how far two words of a line stand apart, in heights of type; cells of a table stand well apart."""
    if before.gridded:
        return 0.0 if before.piece == after.piece else _CELLS
    return (after.at.left - before.at.right) / max(before.at.height, after.at.height, 1e-6)


class Cell(NamedTuple):
    """Words that stand together on a line."""

    words: tuple[Placed, ...]

    @property
    def text(self) -> str:
        """What they say."""
        return " ".join(word.text for word in self.words)

    @property
    def at(self) -> Box:
        """Where they stand on the upright page."""
        return around(word.at for word in self.words)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a page, its cells from left to right."""

    page: int
    cells: tuple[Cell, ...]

    @property
    def words(self) -> list[Placed]:
        """All its words."""
        return [word for cell in self.cells for word in cell.words]

    @property
    def text(self) -> str:
        """What it says, cells apart."""
        return "  ".join(cell.text for cell in self.cells)

    @property
    def at(self) -> Box:
        """Where it stands."""
        return around(cell.at for cell in self.cells)


def spot_of(words: Iterable[Placed]) -> Spot:
    """Return the spot of some words of one page."""
    taken = list(words)
    return Spot(taken[0].page, around(word.box for word in taken))


def rows_of(page: Page) -> list[Row]:
    """Return the lines of a page from its top to its bottom."""
    placed = [one for piece, (word, at) in enumerate(_upright(page)) for one in _words(page, piece, word, at)]
    lines: list[_Line] = []
    for word in sorted(placed, key=lambda one: one.at.middle[1]):
        line = next((line for line in reversed(lines[-4:]) if _on_one_line(line.nearest(word), word)), None)
        if line is None:
            lines.append(line := _Line())
        line.add(word)
    ordered = [sorted(line.words, key=lambda one: one.at.left) for line in lines]
    ordered.sort(key=lambda line: median(word.at.middle[1] for word in line))
    apart, typed = _threshold(ordered), _typewritten(ordered)
    return [Row(page.number, tuple(_cells(line, max(apart, _typed(line), typed)))) for line in ordered]


def _words(page: Page, piece: int, word: Word, at: Box) -> list[Placed]:
    """Return the single words of what a reader gave as one, wide signs as plain ones."""
    text = word.text if page.medium == "ocr" else _CHINESE_COMMA.sub("， ", word.text)
    text = unicodedata.normalize("NFKC", text)
    whole = Placed(text, page.number, word.box, at, word.confidence, piece, page.unit == "cell")
    words = [whole.part(found.start(), found.end()) for found in _WORD.finditer(text) if not _RULE.fullmatch(found[0])]
    return [part for one in words for part in _parted(one)] if page.medium == "ocr" else words


def _parted(word: Placed) -> list[Placed]:
    """Return a number and the unit that a reader of pictures glued to it as two words: ``25kg``."""
    glued = _GLUED.fullmatch(word.text)
    if glued is None or not unit(glued[2]):
        return [word]
    return [word.part(0, glued.end(1)), word.part(glued.start(2), len(word.text))]


def _upright(page: Page) -> list[tuple[Word, Box]]:
    """Return each word with its box on the page turned upright; only the coordinates are turned, never the pixels."""
    if not page.turned and not page.skew:
        return [(word, word.box) for word in page.words]
    angle = math.radians(page.turned - page.skew)
    cosine, sine = math.cos(angle), math.sin(angle)
    # a page that was turned starts at its own top left corner again
    across = {90: page.height, 180: page.width}.get(page.turned, 0.0)
    down = {180: page.height, 270: page.width}.get(page.turned, 0.0)
    turned = []
    for word in page.words:
        x, y = word.box.middle
        x, y = x * cosine - y * sine + across, x * sine + y * cosine + down
        width, height = word.box.width, word.box.height
        if page.turned in (90, 270):
            width, height = height, width
        turned.append((word, Box(x - width / 2, y - height / 2, x + width / 2, y + height / 2)))
    return turned


class _Line:
    """Words of a line in the sequence in which they were found, and again by where their middles stand."""

    def __init__(self) -> None:
        self.words: list[Placed] = []
        self._places: list[tuple[float, int]] = []

    def add(self, word: Placed) -> None:
        """Put a word on the line."""
        insort(self._places, (word.at.middle[0], len(self.words)))
        self.words.append(word)

    def nearest(self, word: Placed) -> Placed:
        """Return the word whose middle is nearest to that of *word*; of several the one that was found first."""
        middle, places = word.at.middle[0], self._places
        right = bisect_left(places, (middle, 0))
        near = places[right : right + 1]
        if right:
            near.append(places[bisect_left(places, (places[right - 1][0], 0))])
        return self.words[min((abs(place - middle), number) for place, number in near)[1]]


def _on_one_line(near: Placed, word: Placed) -> bool:
    shared = min(near.at.bottom, word.at.bottom) - max(near.at.top, word.at.top)
    return shared > _SAME_LINE * min(near.at.height, word.at.height)


def _threshold(lines: Sequence[Sequence[Placed]]) -> float:
    """Return how far cells of a page stand apart, in heights of type: a typewriter's spaces are wide."""
    gaps = [gap(before, after) for line in lines for before, after in pairwise(line)]
    spaces = [one for one in gaps if 0 < one < 1]
    return max(_APART, _SPACES * quantiles(spaces, n=4)[0]) if len(spaces) > 1 else _APART


def _typed(line: Sequence[Placed]) -> float:
    """Return how far cells of a line stand apart whose signs all have one width, in heights of type; 0 for others."""
    said = [word for word in line if len(word.text) > 1 and word.text.isascii()]
    widths = [word.at.width / len(word.text) for word in said]
    if len(said) < _FEW or not any(word.text.isalpha() for word in said) or line[0].gridded:
        return 0.0
    if max(widths) > min(widths) * (1 + _EVEN):
        return 0.0
    return _TYPED * median(widths) / max(median(word.at.height for word in said), 1e-6)


def _typewritten(lines: Sequence[Sequence[Placed]]) -> float:
    """Return how far cells stand apart on a page of one width, where most lines that can show it do; 0 on others.

    A line of a number or two shows nothing by itself: all digits have one width.
    """
    able = [line for line in lines if sum(word.text.isalpha() and word.text.isascii() for word in line) >= _FEW]
    shown = [one for line in able if (one := _typed(line))]
    return median(shown) if len(shown) > _FEW and len(shown) > len(able) / 2 else 0.0


def _cells(line: Sequence[Placed], apart: float) -> list[Cell]:
    cells: list[list[Placed]] = []
    for word in line:
        before = cells[-1][-1] if cells else None
        if before is not None and (before.piece == word.piece or gap(before, word) <= apart):
            cells[-1].append(word)
        else:
            cells.append([word])
    return [Cell(tuple(words)) for words in cells]


def _slice(box: Box, start: float, end: float) -> Box:
    return box._replace(left=box.left + box.width * start, right=box.left + box.width * end)
