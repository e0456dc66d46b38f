"""The numbers of a line of goods, each with its place beside its code."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from adapters.email.extraction.goods import between, joined
from adapters.email.extraction.rows import Cell, Placed, Row
from adapters.email.extraction.values import currency, days, numbers, unit
from adapters.email.guided.places import is_in
from adapters.email.guided.records import Record
from core.reading import Box, around

#: no part of a word of letters, unless that is a currency: ``EUR12.50``
_NUMBER: Final = re.compile(
    r"(?:(?<=EUR)|(?<=GBP)|(?<=USD)|(?<=CHF)|(?<=CNY)|(?<=RMB)|(?<![A-Za-z0-9.,/-])|(?<=[^\d][,.:/-])|(?<=^-)|(?<=\d/))"
    r"\d[\d.,'\u2019]*(?P<spaced>(?: \d{3})+(?:[.,]\d+)?(?![\d.,]))?"
)
_LETTERS: Final = re.compile(r"\s*([^\W\d_]{1,10})")
_DIMENSION: Final = re.compile(r"\s*[x\u00d7X]\s*\d")
#: what goes back is written ``-100`` or ``100-``
_MINUS: Final = "-\u2212"
_PERCENT: Final = re.compile(r"\s*[%\uff05]")
#: a day has at most so many words
_OF_A_DAY: Final = 6


class Token(NamedTuple):
    """A number: its words, by how many rows below the code it stands, what it may be, and what follows it."""

    words: tuple[Placed, ...]
    offset: int
    values: tuple[Decimal, ...]
    text: str
    unit: str
    percent: bool

    @property
    def at(self) -> Box:
        """Where it stands."""
        return around(word.at for word in self.words)


class Day(NamedTuple):
    """A day beside a line of goods."""

    words: tuple[Placed, ...]
    offset: int


def days_in(rows: Sequence[Row], record: Record) -> list[Day]:
    """Return the days of a line of goods."""
    return [
        Day(words, place - record.anchor.place)
        for place in record.places
        for cell in rows[place].cells
        for words in _days(cell)
    ]


def tokens_in(rows: Sequence[Row], record: Record, taken: Collection[Placed]) -> list[Token]:
    """Return the numbers of a line of goods beside the words that are *taken* already."""
    return [
        token
        for place in record.places
        for cell in rows[place].cells
        for token in _tokens(cell, place - record.anchor.place, rows[place])
        if not any(is_in(word, taken) for word in token.words)
    ]


def tokens_of(row: Row) -> list[Token]:
    """Return the numbers of a row."""
    return [token for cell in row.cells for token in _tokens(cell, 0, row)]


def _tokens(cell: Cell, offset: int, row: Row) -> Iterator[Token]:
    text, words = joined(Row(row.page, (cell,)))
    behind = next((one.text for one in row.words if one.at.left >= cell.at.right - 0.01), "")
    for found in _NUMBER.finditer(text):
        spans = [found.span()]
        if found["spaced"]:  # or several numbers
            start = found.start()
            for part in found[0].split(" "):
                spans.append((start, start + len(part)))
                start += len(part) + 1
        for span in spans:
            yield from _token(f"{text} {behind}", words, *span, offset)


def _token(text: str, words: list[tuple[int, Placed]], start: int, end: int, offset: int) -> Iterator[Token]:
    end -= len(text[start:end]) - len(text[start:end].rstrip(".,'\u2019"))
    values = numbers(text[start:end])
    after = _LETTERS.match(text, end)
    letters = after[1] if after else ""
    glued = after is not None and after.start(1) == end and letters.isascii()
    if not values or _DIMENSION.match(text, end) or (glued and not unit(letters) and not currency(letters)):
        return
    if _is_negative(text, start, end):
        values = [-one for one in values]
    measured = unit(letters) or unit(letters[:1] if letters and not letters.isascii() else "")
    percent = _PERCENT.match(text, end)
    inside = tuple(between(words, start, percent.end() if percent else end))
    yield Token(inside, offset, tuple(values), text[start:end], measured, percent is not None)


def _is_negative(text: str, start: int, end: int) -> bool:
    """Tell whether a minus stands before a number and after no word, or after a number and before no word."""
    before, after = text[max(0, start - 2) : start], text[end : end + 2]
    return (before[-1:] in {*_MINUS} and not before[:-1].isalnum()) or (
        after[:1] in {*_MINUS} and not after[1:].isalnum()
    )


def _days(cell: Cell) -> Iterator[tuple[Placed, ...]]:
    words = list(cell.words)
    while words:
        for count in range(1, min(_OF_A_DAY, len(words)) + 1):
            if days(" ".join(word.text for word in words[:count])):
                lead = next((n for n in range(count) if not days(" ".join(w.text for w in words[n + 1 : count]))), 0)
                yield tuple(words[lead:count])
                words = words[count:]
                break
        else:
            words.pop(0)
