"""What tables can hide: an order over several sheets, rows that nobody has calculated, or that are out of step. Pure.

Sheets of one workbook may be one order in parts, one order and its copy, or two orders; formulas whose results no
program has kept leave rows that look empty; and a text with separators of its own puts its row beside its columns. Only
a sum that holds all lines tells that it is one order and whole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import Final

from core.paper.evidence import Judgement
from core.reading import UNCALCULATED, Extracted, Page

#: a row of goods has a code and a quantity; that of a total or a day has one formula
_CELLS: Final = 2
_FIELDS: Final = ("quantity", "sku", "gtin", "buyer_code", "description")


def doubt_sheets(pages: Sequence[Page], found: Extracted, verdict: Judgement) -> None:
    """Leave lines of a further sheet, and a row that may be of goods and is no line, to a person; a sum proves them."""
    sheets = [page for page in pages if page.medium == "sheet"]
    total = verdict.accepted.get("total")
    if not sheets or (total is not None and "arithmetic.sum" in total.evidence):
        return
    places = {line: place for line in range(1, found.lines + 1) if (place := _place(found, line)) is not None}
    first = next(iter(places.values()), (0, 0.0))[0]
    for line, (page, _) in places.items():
        if page != first:
            path = f"lines.{line}.quantity"
            verdict.doubt(path, "paper.field_doubtful", found.fields.get(path, ()))
    lines = set(places.values())
    if (_uncalculated(sheets) | _out_of_step(sheets, lines)) - lines:
        verdict.doubt(f"lines.{found.lines + 1}.sku", "paper.missing")


def _place(found: Extracted, line: int) -> tuple[int, float] | None:
    """Return the sheet and the row that a line stands on."""
    said = (found.fields.get(f"lines.{line}.{name}", ()) for name in _FIELDS)
    return next(((one.spot.page, one.spot.box.top) for each in said for one in each[:1] if one.spot), None)


def _uncalculated(sheets: Sequence[Page]) -> set[tuple[int, float]]:
    """Return the sheet and the row of all rows that may be of goods and have not been calculated."""
    cells = Counter((page.number, word.box.top) for page in sheets for word in page.words if word.text == UNCALCULATED)
    return {row for row, count in cells.items() if count >= _CELLS}


def _out_of_step(sheets: Sequence[Page], lines: AbstractSet[tuple[int, float]]) -> set[tuple[int, float]]:
    """Return the rows among and below lines, and the one above them, that have cells beyond all that a line has."""
    found = set()
    for page in sheets:
        tops = {top for number, top in lines if number == page.number}
        if tops:
            widest = max((word.box.right for word in page.words if word.box.top in tops), default=page.width)
            below = min(tops) - 1
            beyond = (word.box.top for word in page.words if word.box.right > widest and word.box.top >= below)
            found |= {(page.number, top) for top in beyond}
    return found
