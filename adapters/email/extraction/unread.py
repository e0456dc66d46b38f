"""What stands in a document and was not understood, so that nothing of it is forgotten without a word (INT-05)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final

from adapters.email.extraction.goods import Found
from adapters.email.extraction.labels import starts_with_label
from adapters.email.extraction.lexicon import folded, lexicon
from adapters.email.extraction.parties import label_of
from adapters.email.extraction.rows import Cell, Placed, Row
from adapters.email.extraction.solve import Fields
from adapters.email.extraction.values import days, numbers, unit
from core.reading import Candidate

#: labels whose value an order must not lose
_WANTED: Final = {
    "buyer_reference": "buyer_reference",
    "reference": "buyer_reference",
    "requested_date": "requested_date",
}
#: beside a unit may stand what a price is for, or the price
_NUMBERS: Final = ("quantity", "price", "amount", "price_basis", "unit")
_MONEY: Final = re.compile(r"\d[.,]\d\d$")


def unread(
    rows: Sequence[Row],
    found: Found,
    lines: Sequence[Fields],
    fields: Mapping[str, tuple[Candidate, ...]],
    *,
    guessed: bool,
) -> frozenset[str]:
    """Return the paths of fields that a label or a column names and that have no reading.

    *rows* are those beside the goods. A field of a line that was read is told, too, where more stands beside its value:
    a number that no field took, a label or a day in a description. A row that seems to be one of goods, or that has
    money and stands among the lines, is told as a line after the last. What stands beside a value or among the lines
    is told of texts alone: in a picture that was *guessed* it may be dirt, and its numbers need more proof anyway.
    """
    paths = {*_labelled(rows), *_in_columns(found, lines)} - fields.keys()
    paths |= set() if guessed else {*_beside(found, lines), *found.doubts}
    if "requested_date" not in fields and not any("requested_date" in line for line in lines):
        paths |= {"requested_date"} if _is_later(rows, fields) else set()
    if lines and all("requested_date" in line for line in lines):
        paths.discard("requested_date")  # its label is the head of their days
    left = found.unread or (not guessed and (_is_among(rows, found) or _is_beside_sentences(rows, found)))
    return frozenset(paths | ({f"lines.{len(lines) + 1}.sku"} if left else set()))


def _labelled(rows: Iterable[Row]) -> Iterator[str]:
    for row in rows:
        for cell in row.cells:
            label = starts_with_label(cell, lexicon().labels)
            if label is not None and label[0] in _WANTED and (not label[2] or label[1][-1].text.endswith((":", "："))):
                yield _WANTED[label[0]]
            if label_of(cell, "ship_to") is not None:
                yield "ship_to.name"


def _is_later(rows: Iterable[Row], fields: Mapping[str, tuple[Candidate, ...]]) -> bool:
    """Tell whether a day stands there that is after that of the order: what for, if not for its goods?"""
    ordered = fields.get("document_date")
    return ordered is not None and any(day.isoformat() > ordered[0].value for row in rows for day in days(row.text))


def _beside(found: Found, lines: Sequence[Fields]) -> Iterator[str]:
    """Yield the fields of lines that hold more than was read: a number, or in a description a label or a day."""
    for number, (line, fields) in enumerate(zip(found.lines, lines, strict=True), 1):
        for name in _NUMBERS:
            if any(sign.isdigit() for sign in _rest(line.words.get(name, ()), fields.get(name, ()))):
                yield from (f"lines.{number}.{one}" for one in ("quantity", "price"))
        if (said := line.words.get("description")) and _is_mixed(said):
            yield f"lines.{number}.description"


def _is_among(rows: Sequence[Row], found: Found) -> bool:
    """Tell whether a row between the first and the last line of a page has money that is of none of them.

    What is carried from page to page, and the totals, have a label.
    """
    heights: dict[int, list[float]] = {}
    for line in found.lines:
        for word in (one for words in line.words.values() for one in words):
            heights.setdefault(word.page, []).append(word.at.middle[1])
    carried = lexicon().words["carried"]
    return any(
        min(heights[row.page]) < row.at.middle[1] < max(heights[row.page])
        and any(_MONEY.search(word.text) for word in row.words)
        and not any(starts_with_label(cell, lexicon().labels) for cell in row.cells)
        and not any(folded(cell.text).startswith(one) for cell in row.cells for one in carried)
        for row in rows
        if row.page in heights
    )


def _is_beside_sentences(rows: Sequence[Row], found: Found) -> bool:
    """Tell whether a row counts something at a price beside lines that were found as sentences, which have no table."""
    if all(line.reason != "sentence" for line in found.lines):
        return False
    return any(
        any(numbers(one.text) and unit(after.text.strip(".,;:")) for one, after in pairwise(row.words))
        and any(_MONEY.search(word.text) for word in row.words)
        and not any(starts_with_label(cell, lexicon().labels) for cell in row.cells)
        for row in rows
    )


def _rest(words: Sequence[Placed], read: Sequence[Candidate]) -> str:
    """Return what of a field is not in its value."""
    said = " ".join(word.text for word in words)
    return said.replace(read[0].text, "", 1) if read else said


def _is_mixed(words: Sequence[Placed]) -> bool:
    """Tell whether a description holds a day, or a label with its colon."""
    if days(" ".join(word.text for word in words)):
        return True
    for place in range(len(words)):
        cell = Cell(tuple(words[place:]))
        label = starts_with_label(cell, lexicon().labels)
        if label_of(cell, "ship_to") is not None or (label and label[1][-1].text.endswith((":", "："))):
            return True
    return False


def _in_columns(found: Found, lines: Sequence[Fields]) -> Iterator[str]:
    """Yield the units and quantities of lines whose table has a column for them; other lines have them, too."""
    for name in ("unit", "quantity"):
        headed = any(column.field == name for head in found.heads for column in head)
        if headed or any(name in line for line in lines):
            yield from (f"lines.{number}.{name}" for number, line in enumerate(lines, 1) if name not in line)
