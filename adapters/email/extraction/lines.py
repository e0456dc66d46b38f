"""Lines of goods: from tables, across pages, and from sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import permutations
from typing import Final

from adapters.email.extraction.columns import Column, assigned, head_of, stacked
from adapters.email.extraction.labels import starts_with_label
from adapters.email.extraction.lexicon import folded, lexicon
from adapters.email.extraction.rows import Placed, Row
from adapters.email.extraction.values import numbers, unit

_TOTALS: Final = frozenset({"net_total", "tax_total", "total"})
#: a wrapped description goes on within so many heights of type
_WRAPPED: Final = 2.2
#: the second line of a head stands within so many
_STACKED: Final = 0.8
_NUMBER: Final = re.compile(r"(?<![A-Za-z0-9./\u00d7-])\d(?:[\d.,]*\d)?(?![A-Za-z0-9/\u00d7-]|[.,]\d)")
#: the word after a quantity
_NEXT: Final = re.compile(r"\s*([^\s,;。()]+)")
_CODE: Final = re.compile(r"(?<![\w-])(?=[A-Za-z0-9./-]*\d)[A-Za-z0-9]+(?:[./-][A-Za-z0-9]+)+(?![\w-])")
_ITEM_START: Final = re.compile(r"^\s*(?:[-*•·]|\d{1,3}[.、)])\s*")


@dataclass(slots=True)
class Line:
    """One line of goods as it was found: the words of each field, and how they were found."""

    reason: str
    words: dict[str, list[Placed]] = field(default_factory=dict)


@dataclass(slots=True)
class Found:
    """The lines of a document, the heads of its tables and the rows that tables take up."""

    lines: list[Line] = field(default_factory=list)
    heads: list[tuple[Column, ...]] = field(default_factory=list)
    used: set[int] = field(default_factory=set)


def lines_of(rows: Sequence[Row]) -> Found:
    """Return the lines of goods: those of its tables, or those of its sentences where it has no table."""
    found = Found()
    columns: list[Column] = []
    last: Row | None = None
    for place, row in enumerate(rows):
        if place in found.used:
            continue
        if head := _head_at(rows, place, found):
            columns, last = head, row
            continue
        if not columns or _is_carried(row):
            continue
        if _ends_table(row):
            columns = []
            continue
        words = assigned(row.words, columns)
        if _is_line(words):
            found.lines.append(Line("column", words))
        elif found.lines and (more := _goes_on(words, row, last, columns)):
            found.lines[-1].words.setdefault("description", []).extend(more)
        else:
            continue
        found.used.add(place)
        last = row
    return found if found.lines else _in_sentences(rows, found)


def _in_sentences(rows: Sequence[Row], found: Found) -> Found:
    for place, row in enumerate(rows):
        if (line := _sentence(row)) is not None:
            found.lines.append(line)
            found.used.add(place)
    return found


def _head_at(rows: Sequence[Row], place: int, found: Found) -> list[Column]:
    """Return the columns of the head that begins at a row, alone or with the row below it, and take it down."""
    row = rows[place]
    below = rows[place + 1] if place + 1 < len(rows) else None
    if below is not None and below.page == row.page and below.at.top - row.at.bottom < _STACKED * row.at.height:
        both = head_of(stacked(row, below))
        if len(both) > max(len(head_of(row.words)), len(head_of(below.words)) - 1):
            found.heads.append(tuple(both))
            found.used |= {place, place + 1}
            return both
    if head := head_of(row.words):
        found.heads.append(tuple(head))
        found.used.add(place)
    return head


def _is_carried(row: Row) -> bool:
    carried = lexicon().words["carried"]
    return any(folded(cell.text).startswith(one) for cell in row.cells for one in carried)


def _ends_table(row: Row) -> bool:
    labels = {found[0] for cell in row.cells if (found := starts_with_label(cell, lexicon().labels)) is not None}
    return bool(labels & _TOTALS)


def _is_line(words: Mapping[str, Sequence[Placed]]) -> bool:
    counted = any(numbers(word.text, guessed=True) for word in words.get("quantity", ()))
    named = any(words.get(one) for one in ("sku", "gtin", "buyer_code", "description"))
    priced = any(words.get(one) for one in ("price", "amount"))
    return named and (counted or (priced and bool(words.get("sku") or words.get("gtin"))))


def _goes_on(
    words: Mapping[str, Sequence[Placed]], row: Row, last: Row | None, columns: Sequence[Column]
) -> Sequence[Placed]:
    """Return the words of a row that is the rest of the description above it, or all of it where it has no column."""
    near = last is not None and row.page == last.page and row.at.top - last.at.bottom < _WRAPPED * last.at.height
    if not near:
        return ()
    if any(column.field == "description" for column in columns):
        return words["description"] if set(words) == {"description"} else ()
    code = next((column for column in columns if column.field in ("sku", "buyer_code", "gtin")), None)
    below = code is not None and abs(row.at.left - code.at.left) <= row.at.height
    return row.words if below and len(row.cells) == 1 else ()


def _sentence(row: Row) -> Line | None:
    """Return the goods that a sentence orders: a quantity, a price and their product prove each other."""
    text, words = _joined(row)
    start = found.end() if (found := _ITEM_START.match(text)) else 0
    said = [(found.start(), found.end(), numbers(found[0].rstrip(".,"))) for found in _NUMBER.finditer(text, start)]
    triple = _product(text, [one for one in said if one[2]])
    code = next((one for one in _CODE.finditer(text, start) if not numbers(one[0])), None)
    if triple is None or code is None:
        return None
    line = Line("sentence")
    for name, (begin, end, _) in zip(("quantity", "price", "amount"), triple, strict=True):
        line.words[name] = _between(words, begin, end)
    after = _NEXT.match(text, triple[0][1])
    if after and unit(after[1]):
        line.words["unit"] = _between(words, after.start(1), after.end(1))
    line.words["sku"] = _between(words, code.start(), code.end())
    end = min((begin for begin, _, _ in triple if begin > code.end()), default=len(text))
    if described := _described(_between(words, code.end(), end)):
        line.words["description"] = described
    return line


def _described(words: list[Placed]) -> list[Placed]:
    """Return the words of a description without what leads over to the price: ``at``, ``zu je``, a comma."""
    each = lexicon().words["each"]
    while words and (not words[-1].text.strip(" ,;:=") or folded(words[-1].text) in each):
        words = words[:-1]
    if words and (text := words[-1].text.rstrip(" ,;:")) != words[-1].text:
        words = [*words[:-1], words[-1].part(0, len(text))]
    return [word for word in words if word.text]


Said = tuple[int, int, list[Decimal]]


def _product(text: str, said: Sequence[Said]) -> tuple[Said, Said, Said] | None:
    """Return quantity, price and amount of a sentence: two whose product is a third that stands last."""
    pairs = [
        (quantity, price)
        for quantity, price in permutations(said[:-1], 2)
        if any(is_product(q, p, a) for q in quantity[2] for p in price[2] for a in said[-1][2])
    ]
    if not pairs:
        return None

    def strange(pair: tuple[Said, Said]) -> tuple[bool, bool]:
        (_, end, readings), _ = pair
        after = _NEXT.match(text, end)
        return not (after and unit(after[1])), readings[0] != readings[0].to_integral_value()

    return (*min(pairs, key=strange), said[-1])


def is_product(quantity: Decimal, price: Decimal, amount: Decimal, basis: Decimal = Decimal(1)) -> bool:
    """Tell whether an amount is quantity x price, rounded to the cent."""
    return quantity > 0 and basis > 0 and abs(quantity * price / basis - amount) <= Decimal("0.01")


def _joined(row: Row) -> tuple[str, list[tuple[int, Placed]]]:
    """Return the text of a row and each word with the sign that it starts at."""
    text, words = "", []
    for word in row.words:
        text += " " if text else ""
        words.append((len(text), word))
        text += word.text
    return text, words


def _between(words: Sequence[tuple[int, Placed]], start: int, end: int) -> list[Placed]:
    """Return the words, or the parts of words, that stand between two signs of a row."""
    return list(_parts(words, start, end))


def _parts(words: Sequence[tuple[int, Placed]], start: int, end: int) -> Iterator[Placed]:
    for begin, word in words:
        stop = begin + len(word.text)
        if begin < end and stop > start:
            yield word.part(max(start, begin) - begin, min(end, stop) - begin)
