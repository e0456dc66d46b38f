"""The cells of a workbook (XLSX, XLS, ODS): a page a sheet, a word a cell."""

from __future__ import annotations

import io
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from importlib.metadata import version
from typing import Final

import python_calamine as calamine

from adapters.email.limits import Limits, Unreadable
from adapters.email.plain import visible
from adapters.email.words.sheet_marks import Marks, marks_of
from core.reading import UNCALCULATED, Box, Page, Word

#: a workbook keeps numbers as binary fractions; so many digits of them are meant
_DIGITS: Final = 15

_READER: Final = f"python-calamine {version('python-calamine')}"

Cell = str | float | int | bool | date | datetime | time | timedelta


def read_workbook(content: bytes, name: str, limits: Limits) -> tuple[Page, ...]:
    """Return the sheets that can be seen, in their order.

    Hidden ones are left out, and of an XLSX hidden rows and columns, too, as the sender sees none of them. A formula
    that no program has calculated is told as ``UNCALCULATED``: an empty cell would say that nothing is meant.

    Raises:
        Unreadable: it is damaged, or has too many sheets or cells.
    """
    try:
        with calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
            seen = [one.name for one in book.sheets_metadata if one.visible == calamine.SheetVisibleEnum.Visible]
            if len(seen) > limits.pages:
                raise Unreadable("paper.too_many_pages", {"name": name, "pages": len(seen), "most": limits.pages})
            marks = marks_of(content)
            pages = tuple(
                _page(book.get_sheet_by_name(sheet), number, name, limits, marks.get(sheet, Marks()))
                for number, sheet in enumerate(seen, 1)
            )
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise Unreadable("paper.broken", {"name": name, "detail": type(error).__name__}) from error
    return tuple(page for page in pages if page.words)


def _page(found: calamine.CalamineSheet, number: int, name: str, limits: Limits, marks: Marks) -> Page:
    cells = found.height * found.width + len(marks.uncalculated)
    if cells > limits.cells:
        raise Unreadable("paper.too_many_cells", {"name": name, "cells": cells, "most": limits.cells})
    told = {
        (row, column): text
        for row, line in enumerate(found.to_python(skip_empty_area=False))
        for column, cell in enumerate(line)
        if (text := told_as(cell))
    }
    told |= dict.fromkeys(marks.uncalculated, UNCALCULATED)  # they may lie beyond all that has a value
    words = [
        Word(text, Box(column, row, column + 1, row + 1))
        for (row, column), text in sorted(told.items())
        if row not in marks.rows and column not in marks.columns
    ]
    return Page(
        number=number,
        width=float(max([found.width, *(column + 1 for _, column in marks.uncalculated)])),
        height=float(max([found.height, *(row + 1 for row, _ in marks.uncalculated)])),
        unit="cell",
        medium="sheet",
        words=tuple(words),
        reader=_READER,
        name=found.name,
    )


def told_as(cell: Cell) -> str:
    """Return a cell as text: numbers with the digits that are meant and a point, days as ISO 8601."""
    match cell:
        case bool():
            return ""  # no field of an order is one
        case int() | float():
            return f"{Decimal(format(cell, f'.{_DIGITS}g')):f}"
        case datetime():
            return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "minutes")
        case date():
            return cell.isoformat()
        case time() | timedelta():
            return str(cell)
        case _:
            return " ".join(visible(str(cell)).split())
