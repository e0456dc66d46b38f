"""Values beside their labels: the rest of a cell, what stands to the right, or what stands below."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from adapters.email.extraction.lexicon import folded
from adapters.email.extraction.rows import Cell, Placed, Row

#: a label has at most so many words
_MOST_WORDS: Final = 6
#: a value below its label starts within so many heights of type under it
_BELOW: Final = 2.6
#: between a label and its value there may be so many heights of type
_RIGHT: Final = 40.0
_RATE: Final = re.compile(r"\(?\d+(?:[.,]\d+)?\s*%\)?")
_COLON: Final = re.compile(r"\s*[:：]\s*")


class Labelled(NamedTuple):
    """A label that was found: what it means, its words, and the words of the value in the order of likelihood."""

    meaning: str
    label: tuple[Placed, ...]
    values: tuple[tuple[Placed, ...], ...]


def labelled(rows: Sequence[Row], meanings: Mapping[str, str]) -> Iterator[Labelled]:
    """Yield every label of *meanings* with the words that may be its value."""
    for place, row in enumerate(rows):
        for number, cell in enumerate(row.cells):
            found = starts_with_label(cell, meanings)
            if found is None:
                continue
            meaning, label, rest = found
            right = row.cells[number + 1] if number + 1 < len(row.cells) else None
            near = right if right is not None and _is_near(cell, right) else None
            others = [one for one in (near, _below(rows, place, cell)) if one is not None]
            values = [rest] if rest else []
            values += [one.words for one in others if starts_with_label(one, meanings) is None]
            yield Labelled(meaning, label, tuple(values))


def starts_with_label(
    cell: Cell, meanings: Mapping[str, str]
) -> tuple[str, tuple[Placed, ...], tuple[Placed, ...]] | None:
    """Return what the label at the start of *cell* means, its words, and the rest; None where there is none.

    The longest label wins; a rate of tax is part of it: ``VAT 20%``.
    """
    if (inside := _within_word(cell, meanings)) is not None:
        return inside
    words = cell.words
    for count in range(min(_MOST_WORDS, len(words)), 0, -1):
        meaning = meanings.get(folded(_RATE.sub("", " ".join(word.text for word in words[:count]))))
        if meaning is None:
            continue
        rest = words[count:]
        if rest and _COLON.fullmatch(rest[0].text):
            rest = rest[1:]
        return meaning, words[:count], rest
    return None


def _within_word(cell: Cell, meanings: Mapping[str, str]) -> tuple[str, tuple[Placed, ...], tuple[Placed, ...]] | None:
    """Find a label that ends with a colon inside a word: ``订单编号：PO-4711``."""
    for count, word in enumerate(cell.words[:_MOST_WORDS]):
        colon = _COLON.search(word.text)
        if colon is None:
            continue
        before = word.part(0, colon.start())
        label = (*cell.words[:count], before) if before.text else cell.words[:count]
        meaning = meanings.get(folded(_RATE.sub("", " ".join(one.text for one in label))))
        if meaning is None:
            return None
        after = word.part(colon.end(), len(word.text))
        rest = ((after,) if after.text else ()) + cell.words[count + 1 :]
        return meaning, label, rest
    return None


def _is_near(label: Cell, value: Cell) -> bool:
    return value.at.left - label.at.right <= _RIGHT * max(label.at.height, value.at.height)


def _below(rows: Sequence[Row], place: int, cell: Cell) -> Cell | None:
    """Return the cell under *cell*, the nearest that starts within its width."""
    for row in rows[place + 1 : place + 4]:
        if row.page != rows[place].page or row.at.top - cell.at.bottom > _BELOW * cell.at.height:
            return None
        for other in row.cells:
            if other.at.left < cell.at.right and other.at.right > cell.at.left:
                return other
    return None
