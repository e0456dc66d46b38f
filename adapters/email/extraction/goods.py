"""Lines of goods as they are found, before their values are read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from adapters.email.extraction.columns import Column
from adapters.email.extraction.rows import Placed, Row


@dataclass(slots=True)
class Line:
    """One line of goods as it was found: the words of each field, and how they were found."""

    reason: str
    words: dict[str, list[Placed]] = field(default_factory=dict)


@dataclass(slots=True)
class Found:
    """The lines of a document, the heads of its tables, and the rows that its goods take up.

    ``unread`` counts rows that seem to order goods and were not understood; ``doubts`` are the paths of fields beside
    which something stands that no field took.
    """

    lines: list[Line] = field(default_factory=list)
    heads: list[tuple[Column, ...]] = field(default_factory=list)
    used: set[int] = field(default_factory=set)
    unread: int = 0
    doubts: set[str] = field(default_factory=set)


def is_product(quantity: Decimal, price: Decimal, amount: Decimal, basis: Decimal = Decimal(1)) -> bool:
    """Tell whether an amount is quantity x price, rounded to the cent."""
    return quantity > 0 and basis > 0 and abs(quantity * price / basis - amount) <= Decimal("0.01")


def joined(row: Row) -> tuple[str, list[tuple[int, Placed]]]:
    """Return the text of a row and each word with the sign that it starts at."""
    text, words = "", []
    for word in row.words:
        text += " " if text else ""
        words.append((len(text), word))
        text += word.text
    return text, words


def between(words: Sequence[tuple[int, Placed]], start: int, end: int) -> list[Placed]:
    """Return the words, or the parts of words, that stand between two signs of a row."""
    return [word for word in _parts(words, start, end) if word.text]


def _parts(words: Sequence[tuple[int, Placed]], start: int, end: int) -> Iterator[Placed]:
    for begin, word in words:
        stop = begin + len(word.text)
        if begin < end and stop > start:
            yield word.part(max(start, begin) - begin, min(end, stop) - begin)
