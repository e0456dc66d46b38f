"""Labels and heads of a picture as they are written: words that a reader broke apart are joined, misread ones mended.

Only what is a label but for a sign or two is mended, and only where no other label is as near (ocr-intake, section 3:
exact first, fuzzy only where nothing is exact). Values are never touched.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from adapters.email.extraction.columns import head_of
from adapters.email.extraction.labels import starts_with_label
from adapters.email.extraction.lexicon import Lexicon, Terms, lexicon
from adapters.email.extraction.rows import Cell, Placed, Row, gap
from core.reading import around

#: a label or a head has at most so many words, broken over so many cells
_MOST_WORDS: Final = 4
_MOST_CELLS: Final = 3
#: spaces of a picture are up to so many heights of type wide
_SPACE: Final = 1.0
#: words of one label stand within so many heights of type
_NEAR: Final = 2.5
_COLONS: Final = (":", "：", ";", "；")
#: a row with so many heads that are known is the head of a table
_HEADS: Final = 2


def spelled(rows: Sequence[Row]) -> list[Row]:
    """Return the rows of a picture with their labels and heads as they are written."""
    words = lexicon()
    return [_heads(row, words) or _labels(row, words) for row in rows]


def _labels(row: Row, words: Lexicon) -> Row:
    cells: list[Cell] = []
    rest = _joined(row.cells)
    while rest:
        count = next((count for count in range(_MOST_CELLS, 1, -1) if _is_one_label(rest[:count], words)), 1)
        cells.append(_mended(Cell(tuple(word for cell in rest[:count] for word in cell.words)), words))
        rest = rest[count:]
    return Row(row.page, tuple(cells))


def _joined(cells: Sequence[Cell]) -> list[Cell]:
    """Return cells, those that stand a wide space apart as one: no column starts so near."""
    joined = [cells[0]]
    for cell in cells[1:]:
        if gap(joined[-1].words[-1], cell.words[0]) <= _SPACE:
            joined[-1] = Cell((*joined[-1].words, *cell.words))
        else:
            joined.append(cell)
    return joined


def _is_one_label(cells: Sequence[Cell], words: Lexicon) -> bool:
    """Tell whether cells are one label that was broken apart, to its colon: ``Ship | To:``."""
    if len(cells) < 2 or any(gap(one.words[-1], two.words[0]) > _NEAR for one, two in pairwise(cells)):
        return False
    text = " ".join(cell.text for cell in cells)
    return text.endswith(_COLONS) and any(_is_known(terms, text) for terms in (words.labels, words.parties))


def _is_known(terms: Terms[str], text: str) -> bool:
    return bool(terms.of(text) or terms.near(text))


def _mended(cell: Cell, words: Lexicon) -> Cell:
    """Return a cell with the label that it starts with, to its colon or its end, as that is written."""
    if any(starts_with_label(cell, terms) is not None for terms in (words.labels, words.parties)):
        return cell
    for count in range(min(_MOST_WORDS, len(cell.words)), 0, -1):
        last = cell.words[count - 1].text
        if count < len(cell.words) and not last.endswith(_COLONS):
            continue
        text = _text(cell.words[:count])
        if near := words.labels.near(text) or words.parties.near(text):
            return Cell((_one(cell.words[:count], near + ":"), *cell.words[count:]))
    return cell


def _heads(row: Row, words: Lexicon) -> Row | None:
    """Return a row that is the head of a table with its heads as they are written; None where it is none."""
    if head_of(row.words):
        return row
    parts = [part for word in row.words for part in _parted(word, words.columns)]
    heads: list[Placed] = []
    known = 0
    while parts:
        groups = [parts[:count] for count in range(min(_MOST_WORDS, len(parts)), 0, -1) if _together(parts[:count])]
        if exact := next((group for group in groups if words.columns.of(_text(group))), None):
            known += 1
            heads += exact
            parts = parts[len(exact) :]
        elif misread := next((group for group in groups if words.columns.near(_text(group))), None):
            heads.append(_one(misread, words.columns.near(_text(misread))))
            parts = parts[len(misread) :]
        else:
            heads.append(parts.pop(0))
    if known < _HEADS or not head_of(heads):
        return None
    return Row(row.page, tuple(Cell((word,)) for word in heads))


def _together(group: Sequence[Placed]) -> bool:
    return all(gap(one, two) <= _SPACE for one, two in pairwise(group))


def _text(words: Sequence[Placed]) -> str:
    return " ".join(word.text for word in words)


def _parted(word: Placed, heads: Terms[tuple[str, ...]]) -> list[Placed]:
    """Return two heads that a reader glued to one word: ``QuantityUnit``."""
    if heads.of(word.text) is None:
        for place in range(2, len(word.text) - 1):
            if heads.of(word.text[:place]) and heads.of(word.text[place:]):
                return [word.part(0, place), word.part(place, len(word.text))]
    return [word]


def _one(words: Sequence[Placed], text: str) -> Placed:
    """Return words as one with another text."""
    box, at = around(word.box for word in words), around(word.at for word in words)
    return words[0]._replace(text=text, box=box, at=at, confidence=min(word.confidence for word in words))
