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
from core.reading import Box, Page, Word

#: a workbook keeps numbers as binary fractions; so many digits of them are meant
_DIGITS: Final = 15

_READER: Final = f"python-calamine {version('python-calamine')}"

Cell = str | float | int | bool | date | datetime | time | timedelta


def read_workbook(content: bytes, name: str, limits: Limits) -> tuple[Page, ...]:
    """Return the sheets that can be seen, in their order; hidden ones are left out, as the sender sees none of them.

    Raises:
        Unreadable: it is damaged, or has too many sheets or cells.
    """
    try:
        with calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
            seen = [one.name for one in book.sheets_metadata if one.visible == calamine.SheetVisibleEnum.Visible]
            if len(seen) > limits.pages:
                raise Unreadable("paper.too_many_pages", {"name": name, "pages": len(seen), "most": limits.pages})
            pages = tuple(_page(book, sheet, number, name, limits) for number, sheet in enumerate(seen, 1))
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise Unreadable("paper.broken", {"name": name, "detail": type(error).__name__}) from error
    return tuple(page for page in pages if page.words)


def _page(book: calamine.CalamineWorkbook, sheet: str, number: int, name: str, limits: Limits) -> Page:
    found = book.get_sheet_by_name(sheet)
    if found.height * found.width > limits.cells:
        cells = found.height * found.width
        raise Unreadable("paper.too_many_cells", {"name": name, "cells": cells, "most": limits.cells})
    words = [
        Word(text, Box(column, row, column + 1, row + 1))
        for row, cells in enumerate(found.to_python(skip_empty_area=False))
        for column, cell in enumerate(cells)
        if (text := told_as(cell))
    ]
    return Page(
        number=number,
        width=float(found.width),
        height=float(found.height),
        unit="cell",
        medium="sheet",
        words=tuple(words),
        reader=_READER,
        name=sheet,
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
