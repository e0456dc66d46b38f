"""What stands beside a value and may name it: words before it, left of it and above it, told by the words within.

No lexicon has every label that forms print. ``Erw. Wareneingang`` names a day of delivery by the word within, whatever
the rest is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from adapters.email.extraction.labels import below, is_near
from adapters.email.extraction.lexicon import folded, lexicon
from adapters.email.extraction.rows import Cell, Row
from adapters.email.extraction.values import days

#: shorter words name a thing only as whole words: ``due`` is not within ``residue``
_WITHIN: Final = 5
#: a caption has at most so many words
_MOST_WORDS: Final = 8
#: the caption of a box stands within so many rows above its value
_ABOVE: Final = 4
_WORD: Final = re.compile(r"[^\W\d_]+")
#: the number of a box
_BOX: Final = re.compile(r"^\(?\d{1,2}[.):]?\s+")
#: where a sentence ends, but for what is short for something: ``Erw. Wareneingang``
_SENTENCE: Final = re.compile(r"(?<=\w{5})[.;]\s|[。；;]")


def captions(rows: Sequence[Row], place: int, number: int, before: str, after: str) -> Iterator[str]:
    """Yield what may name a value of a cell, the surest first: words before it, a label left of it, one above it.

    *before* and *after* are what the cell says beside the value.
    """
    row = rows[place]
    cell = row.cells[number]
    if said := _last_words(before):
        yield said
    elif number:
        left = row.cells[number - 1]
        if is_near(left, cell) and is_caption(left):
            yield left.text
    for over in above(rows, place, cell):
        if is_caption(over):
            yield over.text
    if said := _last_words(after):
        yield said


def above(rows: Sequence[Row], place: int, cell: Cell) -> Iterator[Cell]:
    """Yield the cell that stands right over *cell*, if any."""
    for number in range(place - 1, max(-1, place - _ABOVE), -1):
        for other in rows[number].cells:
            if below(rows, number, other) is cell:
                yield other
                return


def is_caption(cell: Cell) -> bool:
    """Tell whether a cell may be a label alone: few words, no number but that of its box, no day."""
    text = _BOX.sub("", cell.text)
    return len(cell.words) <= _MOST_WORDS and not any(sign.isdigit() for sign in text) and not days(cell.text)


def _last_words(text: str) -> str:
    """Return the last words of a text, those of its last sentence; "" where none has a letter."""
    said = " ".join(_SENTENCE.split(text)[-1].split()[-_MOST_WORDS:])
    return said if _WORD.search(said) else ""


def meaning_of(caption: str) -> str:
    """Return what a caption means that is known as a whole, "" where it is not."""
    bare = _BOX.sub("", caption).rstrip(" :：")
    return lexicon().labels.of(bare) or ""


@lru_cache(maxsize=4096)
def says(caption: str, kind: str) -> bool:
    """Tell whether one of the words of a *kind* (``of_delivery``) is within a caption."""
    whole = folded(caption)
    words = {folded(word) for word in _WORD.findall(caption)} | {whole}
    return any(
        one in whole if len(one) >= _WITHIN or not one.isascii() else one in words for one in lexicon().words[kind]
    )
