"""Text: a table of separated values, or lines as they stand in a mail."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from itertools import groupby, islice
from typing import Final

from adapters.email.charsets import text_of
from adapters.email.limits import Limits, Unreadable
from core.reading import Box, Medium, Page, Word

_SEPARATORS: Final = (";", "\t", ",", "|")
_MARKS: Final = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig"))
#: a table has at least so many rows of as many columns
_ROWS: Final = 2
_COLUMNS: Final = 3
#: rows that all have as many columns as the others, of a hundred
_EVEN: Final = 80
#: what a person means as one piece: words with single spaces between them
_PIECE: Final = re.compile(r"\S+(?: \S+)*")
#: a tab stands for as many columns
_TAB: Final = 8
#: a text with so many times as many lines, or signs that part cells, as cells are read, is not parted at all
_ENDS: Final = 4


def read_text(content: bytes, name: str, limits: Limits) -> tuple[Page, ...]:
    """Return the one page of a text, a word a cell where it is a table, and else a word a stretch of a line.

    Raises:
        Unreadable: it has too many cells.
    """
    charset = next((charset for mark, charset in _MARKS if content.startswith(mark)), None)
    text = text_of(content, charset).replace("\r\n", "\n").replace("\r", "\n")
    ends = max(text.count(sign) for sign in (*_SEPARATORS, "\n"))
    if ends > _ENDS * limits.cells:  # to part it would take minutes, and all the memory
        raise Unreadable("paper.too_many_cells", {"name": name, "cells": ends, "most": limits.cells})
    rows = _table(text)
    words = list(islice(_cells(rows) if rows else _stretches(text), limits.cells + 1))
    if len(words) > limits.cells:
        raise Unreadable("paper.too_many_cells", {"name": name, "cells": len(words), "most": limits.cells})
    if not words:
        return ()
    width, height = max(word.box.right for word in words), max(word.box.bottom for word in words)
    medium: Medium = "sheet" if rows else "body"
    return (Page(1, width, height, "cell", medium, tuple(words), "text 1"),)


def _table(text: str) -> list[list[str]]:
    """Return the rows of a table of separated values; none where the text is no table.

    The separator is the one that gives most columns while nearly all rows have as many: ``csv.Sniffer`` takes the
    likeliest sign of any text for one (ocr-intake, section 6). Before the table there may be lines of other widths, if
    the table itself has a column more than a table must have and no commas part them.
    """
    best: list[list[str]] = []
    for separator in _SEPARATORS:
        try:
            rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
        except csv.Error:
            continue
        filled = [row for row in rows if any(row)]
        widths = [len(row) for row in filled]
        columns = max(set(widths), key=widths.count, default=0)
        even = widths.count(columns) * 100 >= _EVEN * len(widths)
        if not even:  # lines of a head before the table have widths of their own
            columns = _block(widths, _ROWS)
            even = columns > _COLUMNS and separator != ","  # commas stand in letters, too, and within numbers
        if even and columns >= _COLUMNS and len(filled) >= _ROWS and columns > len(best[0] if best else ()):
            best = rows
    return best


def _block(widths: Sequence[int], least: int) -> int:
    """Return the most columns that so many rows have one after the other; 0 where none have."""
    runs = [(columns, sum(1 for _ in run)) for columns, run in groupby(widths)]
    return max((columns for columns, rows in runs if rows >= least), default=0)


def _cells(rows: Sequence[Sequence[str]]) -> Iterator[Word]:
    for row, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            if cell.strip():
                yield Word(" ".join(cell.split()), Box(column, row, column + 1, row + 1))


def _stretches(text: str) -> Iterator[Word]:
    for row, line in enumerate(text.split("\n")):
        for found in _PIECE.finditer(line.replace("\N{NO-BREAK SPACE}", " ").expandtabs(_TAB)):
            yield Word(found[0], Box(found.start(), row, found.end(), row + 1))
