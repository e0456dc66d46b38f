"""Where the values of an order stand on its paper, and what words lead to them there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final

from adapters.email.extraction.labels import MOST_WORDS, below, is_near
from adapters.email.extraction.lexicon import folded, lexicon
from adapters.email.extraction.rows import Cell, Placed, Row, rows_of
from adapters.email.extraction.values import days, numbers
from core.manner import Meant
from core.reading import Paper

#: a value is read from so many words at most
_MOST_OF_VALUE: Final = 4
#: a head stands within so many rows above the first line of goods
_HEAD: Final = 4
_MOST_OF_HEAD: Final = 4
#: columns are only learned where all lines of goods were found, so many at most
_MOST_LINES: Final = 200
_NUMBERS: Final = ("quantity", "price")
#: labels that a customer may use for a field, as they say no more to all than that something stands there
_UNCLAIMED: Final = {"buyer_reference": ("reference", "other"), "requested_date": ("other",)}


def labels_of(paper: Paper, path: str, value: str) -> list[str]:
    """Return the words that stand before *value* or above it, folded, as a label of the field *path* may."""
    found: dict[str, None] = {}
    for page in paper.pages:
        rows = rows_of(page)
        for place, row in enumerate(rows):
            for number, cell in enumerate(row.cells):
                for label in _leading(rows, place, number, _starts(cell, path, value)):
                    if _is_label(label, path):
                        found.setdefault(label)
    return list(found)


def _starts(cell: Cell, path: str, value: str) -> list[int]:
    """Return the places in a cell at which *value* stands; a word that ends with a colon ends a label."""
    words = cell.words
    return [
        start
        for start in range(len(words))
        if any(
            _says(path, " ".join(word.text for word in words[start : start + count]), value)
            for count in range(1, _MOST_OF_VALUE + 1)
        )
    ]


def _says(path: str, text: str, value: str) -> bool:
    if path.endswith("_date"):
        return value in {day.isoformat() for day in days(text, of_all=True)}
    return "".join(text.split()).strip(".,;:()") == "".join(value.split())


def _leading(rows: Sequence[Row], place: int, number: int, starts: Sequence[int]) -> Iterator[str]:
    """Yield what stands before values in their cell; where nothing does, left of the cell and above it."""
    row = rows[place]
    cell = row.cells[number]
    for start in starts:
        if start:
            yield _folded(cell.words[:start])
            continue
        if number and is_near(row.cells[number - 1], cell):
            yield _folded(row.cells[number - 1].words)
        for above in range(max(0, place - 3), place):
            for other in rows[above].cells:
                if below(rows, above, other) is cell:
                    yield _folded(other.words)


def _folded(words: Sequence[Placed]) -> str:
    return folded(" ".join(word.text for word in words)) if len(words) <= MOST_WORDS else ""


def _is_label(label: str, path: str) -> bool:
    """Tell whether words may be a label of a field: letters, and none that mean something else to all."""
    wide = any(not sign.isascii() for sign in label)
    if len(label) < (2 if wide else 3) or any(sign.isdigit() for sign in label):
        return False
    words = lexicon()
    return words.labels.of(label) in (None, path, *_UNCLAIMED[path]) and words.parties.of(label) is None


def columns_of(paper: Paper, meant: Meant) -> dict[str, str]:
    """Return the heads above the values of the lines of an order that are not known yet, folded, with their fields.

    Nothing where a line is not found, or where what stands under a head is not the same field in each.
    """
    if not 0 < len(meant.lines) <= _MOST_LINES:
        return {}
    for page in paper.pages:
        rows = rows_of(page)
        places = _rows_of_lines(rows, meant)
        if places:
            return _heads(rows, places, meant)
    return {}


def _rows_of_lines(rows: Sequence[Row], meant: Meant) -> list[int]:
    """Return the row of each line, one below the other: the one with its item and its quantity."""
    places: list[int] = []
    for line, names in zip(meant.lines, meant.names, strict=True):
        for at in range(places[-1] + 1 if places else 0, len(rows)):
            said = [_fields(cell, line, names) for cell in rows[at].cells]
            if any("quantity" in fields for fields in said) and any(fields - set(_NUMBERS) for fields in said):
                places.append(at)
                break
        else:
            return []
    return places


def _fields(cell: Cell, line: Mapping[str, str], names: Mapping[str, str]) -> set[str]:
    """Return the fields of a line that a cell may say."""
    texts = {folded(cell.text), *(folded(word.text) for word in cell.words)}
    found = {field for name, field in names.items() if folded(name) in texts}
    told = {number for word in cell.words for number in numbers(word.text)}
    return found | {name for name in _NUMBERS if name in line and Decimal(line[name]) in told}


def _heads(rows: Sequence[Row], places: Sequence[int], meant: Meant) -> dict[str, str]:
    """Return the heads that stand over one and the same field in every line."""
    over: dict[str, set[str]] = {}
    for place, line, names in zip(places, meant.lines, meant.names, strict=True):
        for cell in rows[place].cells:
            fields = _fields(cell, line, names)
            if head := _head_above(rows, places[0], cell):
                over[head] = over.get(head, fields) & fields
    known = lexicon().columns
    heads = {head: min(fields) for head, fields in over.items() if len(fields) == 1 and known.of(head) is None}
    return heads if len(heads) == len(set(heads.values())) else {}


def _head_above(rows: Sequence[Row], first: int, cell: Cell) -> str:
    """Return the head over a cell: the nearest cell above the first line that stands over it; "" where none does."""
    for row in reversed(rows[max(0, first - _HEAD) : first]):
        for other in row.cells:
            if other.at.left < cell.at.right and other.at.right > cell.at.left:
                return _folded(other.words) if len(other.words) <= _MOST_OF_HEAD else ""
    return ""
