"""What a workbook can hide from its sums: an order that goes on over sheets, and rows that nobody has calculated. Pure.

Sheets of one workbook may be one order in parts, one order and its copy, or two orders; formulas whose results no
program has kept leave rows that look empty. Only a sum that holds all lines tells that it is one order and whole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from core.paper.evidence import Judgement
from core.reading import UNCALCULATED, Extracted, Page

#: a row of goods has a code and a quantity; that of a total or a day has one formula
_CELLS: Final = 2
_FIELDS: Final = ("quantity", "sku", "gtin", "buyer_code", "description")


def doubt_sheets(pages: Sequence[Page], found: Extracted, verdict: Judgement) -> None:
    """Leave lines of a further sheet, and a row of formulas without results, to a person where no sum proves them."""
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
    if _uncalculated(sheets) - set(places.values()):
        verdict.doubt(f"lines.{found.lines + 1}.sku", "paper.missing")


def _place(found: Extracted, line: int) -> tuple[int, float] | None:
    """Return the sheet and the row that a line stands on."""
    said = (found.fields.get(f"lines.{line}.{name}", ()) for name in _FIELDS)
    return next(((one.spot.page, one.spot.box.top) for each in said for one in each[:1] if one.spot), None)


def _uncalculated(sheets: Sequence[Page]) -> set[tuple[int, float]]:
    """Return the sheet and the row of all rows that may be of goods and have not been calculated."""
    cells = Counter((page.number, word.box.top) for page in sheets for word in page.words if word.text == UNCALCULATED)
    return {row for row, count in cells.items() if count >= _CELLS}
