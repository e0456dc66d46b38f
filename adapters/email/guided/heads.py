"""The words above the lines of goods that say what a column holds, as far as anybody knows them."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Final, NamedTuple

from adapters.email.extraction.columns import stacked
from adapters.email.extraction.lexicon import lexicon
from adapters.email.extraction.rows import Placed, Row
from core.reading import Box, around

#: heads stand in so many rows above the first line
_ROWS: Final = 5
_MOST_WORDS: Final = 4
#: a row with so many words for columns, one of them of these, is their head
_COLUMNS: Final = 2
_OF_GOODS: Final = frozenset({"sku", "description", "quantity", "price", "amount", "gtin", "buyer_code"})
#: a number stands below its head where they share so much, or an edge lies within so many heights of type
_NEAR: Final = 1.0


class Head(NamedTuple):
    """What a word above the lines may mean, and where it stands."""

    meanings: tuple[str, ...]
    at: Box


def heads_above(rows: Sequence[Row], first: int) -> list[Head]:
    """Return the heads in the rows above the first line of goods."""
    over = [row for row in rows[max(0, first - _ROWS) : first] if row.page == rows[first].page]
    found = [head for row in over for head in _heads(row.words)]
    for row, below in itertools.pairwise(over):
        found += [head for head in _heads(stacked(row, below)) if head not in found]
    return found


def rows_of_heads(rows: Sequence[Row], first: int) -> list[int]:
    """Return the places of the rows that are heads of the columns of goods, on every page, and say nothing else."""
    said = [row.text for row in rows[max(0, first - _ROWS) : first] if row.page == rows[first].page and _is_head(row)]
    return [place for place, row in enumerate(rows) if row.text in said]


def _is_head(row: Row) -> bool:
    named = [meaning for head in _heads(row.words) for meaning in head.meanings]
    return len(_heads(row.words)) >= _COLUMNS and bool(_OF_GOODS & {*named}) and not any(map(str.isdigit, row.text))


def roles_above(at: Box, heads: Sequence[Head]) -> frozenset[str]:
    """Return what the heads above a place say that it holds; nothing where none stands there."""
    said: set[str] = set()
    for head in heads:
        near = _NEAR * max(at.height, head.at.height)
        shared = min(at.right, head.at.right) - max(at.left, head.at.left)
        edges = min(abs(at.left - head.at.left), abs(at.right - head.at.right))
        if shared > 0 or edges <= near:
            said.update(head.meanings)
    return frozenset(said)


def _heads(words: Sequence[Placed]) -> list[Head]:
    found, place = [], 0
    while place < len(words):
        for count in range(min(_MOST_WORDS, len(words) - place), 0, -1):
            group = words[place : place + count]
            meanings = lexicon().columns.of("".join(word.text for word in group))
            if meanings:
                found.append(Head(tuple(meanings), around(word.at for word in group)))
                place += count
                break
        else:
            place += 1
    return found
