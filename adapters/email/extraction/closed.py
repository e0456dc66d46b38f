"""Words of closed lists in a picture, misread by a sign: units after a number, and the legal forms of companies.

A list that is closed says what was meant where one of its words alone looks so: after a number ``pes`` is ``pcs``, and
at the end of a company's name ``ple`` is ``plc``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from adapters.email.extraction.lexicon import apart, folded, lexicon, shaped
from adapters.email.extraction.rows import Cell, Row

#: round signs that a fax fills or opens
_ROUND: Final = str.maketrans("ceo0", "cccc")
#: shorter words look like too many others
_LEAST: Final = 3
_NUMBER: Final = re.compile(r"\d[\d.,]*")
_EDGES: Final = ".,;:"
#: how companies are registered, in the countries of our languages, as most of them write it
_LEGAL: Final = ("plc", "Ltd", "Inc", "LLC", "LLP", "Corp", "GmbH", "mbH", "OHG", "KGaA", "Pty")


def measured(rows: Sequence[Row]) -> list[Row]:
    """Return the rows of a picture with the units behind their numbers as they are written."""
    return [_row(row) for row in rows]


def company(name: str) -> str:
    """Return the name of a company with its legal form, its last word, as that is written; marks alone are no word."""
    words = name.split()
    while words and not any(map(str.isalnum, words[-1])):
        words.pop()
    if not words:
        return name
    *others, last = words
    head, mark, tail = last.rpartition(".")
    if mark and len(head) >= _LEAST and (form := _legal(tail)):  # ``Maschinenbau.GmbH``
        return " ".join([*others, head, form])
    stop = "." if last.endswith(".") else ""
    form = _legal(last.removesuffix(".")) if others else ""
    return " ".join([*others, form + stop]) if form else " ".join(words)


def _legal(word: str) -> str:
    if len(word) < _LEAST or word in _LEGAL:
        return word if word in _LEGAL else ""
    shape = shaped(word)
    same = [one for one in _LEGAL if shaped(one) == shape]
    near = same or [one for one in _LEGAL if apart(shape, shaped(one), 1) == 1]
    near = [one for one in near if shaped(one)[0] == shape[0]] if len(near) > 1 else near
    return near[0] if len(near) == 1 else ""


def _row(row: Row) -> Row:
    before = ""
    cells = []
    for cell in row.cells:
        words = []
        for word in cell.words:
            text = word.text.rstrip(_EDGES)
            written = _unit(text) if _NUMBER.fullmatch(before) else ""
            words.append(word._replace(text=written + word.text[len(text) :]) if written else word)
            before = word.text
        cells.append(Cell(tuple(words)))
    return Row(row.page, tuple(cells))


def _unit(text: str) -> str:
    """Return the unit that a word looks like, as it is written; "" where it is one, looks like none, or like two."""
    if len(text) < _LEAST or not text.isalpha() or lexicon().units.of(text):
        return ""
    return _units().get(shaped(text).translate(_ROUND), "")


@lru_cache(maxsize=1)
def _units() -> dict[str, str]:
    units = lexicon().units
    looks: dict[str, set[str]] = {}
    for word in units.words:
        if len(word) >= _LEAST and word.isascii():
            looks.setdefault(shaped(word).translate(_ROUND), set()).add(folded(word))
    alike = {look: {units.of(word) for word in words} for look, words in looks.items()}
    return {look: min(words) for look, words in looks.items() if len(alike[look]) == 1}
