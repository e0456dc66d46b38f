"""Goods without a table: each line is a block of labelled values (``Item: A-1  Quantity: 5 pcs``)."""

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

Meanings = tuple[str, ...]
#: what a label may mean, its value, and the row that it stands in
Told = tuple[Meanings, list[Placed], int]


def in_blocks(rows: Sequence[Row], found: Found) -> Found:
    """Return *found* with the goods of blocks; a new block begins where its first label comes again.

    Nothing is taken where a block lacks its quantity or whatever names its item: then it is something else.
    """
    blocks: list[list[tuple[Meanings, list[Placed]]]] = []
    places: list[int] = []
    for meanings, value, place in _labelled(rows):
        if not blocks and not set(meanings) & (_NAMED | {"number"}):
            continue  # a date or a price of the head
        if not blocks or meanings == blocks[0][0][0]:
            blocks.append([])
        blocks[-1].append((meanings, value))
        places.append(place)
    fields = _fields(blocks)
    goods = [{fields[meanings]: value for meanings, value in block if meanings in fields} for block in blocks]
    if goods and all(_COUNTED in one and _NAMED & one.keys() for one in goods):
        found.lines = [Line("label", one) for one in goods]
        found.used.update(places)
    return found


def _fields(blocks: Sequence[Sequence[tuple[Meanings, list[Placed]]]]) -> dict[Meanings, str]:
    """Return what each label means in all blocks: of several meanings the one that its values fit best."""
    values: dict[Meanings, list[str]] = {}
    for block in blocks:
        for meanings, value in block:
            values.setdefault(meanings, []).append(" ".join(word.text for word in value))
    fields: dict[Meanings, str] = {}
    for meanings in sorted(values, key=len):  # what has one meaning takes it first
        costs = {
            one: (sum(unfit(text, one) for text in values[meanings]), one == "number")
            for one in meanings
            if one not in fields.values()
        }
        if costs:
            fields[meanings] = min(costs, key=costs.__getitem__)
    return fields


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
