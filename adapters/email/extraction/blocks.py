"""Goods without a table: each line is a block of its own, with a label at every value (``Item: A-1  Quantity: 5 pcs``)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from adapters.email.extraction.columns import unfit
from adapters.email.extraction.goods import Found, Line
from adapters.email.extraction.lexicon import lexicon
from adapters.email.extraction.rows import Cell, Placed, Row

_MOST_WORDS: Final = 4
_COLON: Final = (":", "：")
#: what each block must have
_COUNTED: Final = "quantity"
_NAMED: Final = frozenset({"sku", "gtin", "buyer_code", "description"})

#: what a label may mean, its value, and the row that it stands in
Told = tuple[tuple[str, ...], list[Placed], int]


def in_blocks(rows: Sequence[Row], found: Found) -> Found:
    """Return *found* with the goods of blocks; a new block begins where its first label comes again.

    Nothing is taken where a block lacks its quantity or whatever names its item: then it is something else.
    """
    blocks: list[dict[str, list[Placed]]] = []
    places: list[int] = []
    first: tuple[str, ...] | None = None
    for meanings, value, place in _labelled(rows):
        if first is None and not set(meanings) & (_NAMED | {"number"}):
            continue  # a date or a price of the head
        if first is None or meanings == first:
            first = meanings
            blocks.append({})
        text = " ".join(word.text for word in value)
        free = [one for one in meanings if one not in blocks[-1]]
        if free:
            blocks[-1][min(free, key=lambda one: unfit(text, one))] = value
            places.append(place)
    if blocks and all(_COUNTED in block and _NAMED & block.keys() for block in blocks):
        found.lines = [Line("label", block) for block in blocks]
        found.used.update(places)
    return found


def _labelled(rows: Sequence[Row]) -> Iterator[Told]:
    """Yield every label of goods that ends with a colon, with the words beside it, from the top."""
    for place, row in enumerate(rows):
        for number, cell in enumerate(row.cells):
            if (label := _label(cell)) is not None:
                meanings, rest = label
                right = row.cells[number + 1] if number + 1 < len(row.cells) else None
                value = rest or (list(right.words) if right is not None and _label(right) is None else [])
                if value:
                    yield meanings, value, place


def _label(cell: Cell) -> tuple[tuple[str, ...], list[Placed]] | None:
    for count, word in enumerate(cell.words[:_MOST_WORDS], 1):
        if word.text.endswith(_COLON):
            said = "".join(one.text for one in cell.words[:count])
            meanings = lexicon().columns.of(said)
            return (meanings, list(cell.words[count:])) if meanings else None
    return None
