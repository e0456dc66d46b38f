"""Reads one sheet of a workbook from its standard input and writes its rows, a JSON array a line, to its output.

Started by ``workbook`` as a script with nothing but its own imports. The first line is ``{"sheet": name}``, or
``{"fault": words, "hint": words}`` where there is nothing to read; the last is ``{"end": true}``. A row is its number
and its cells: a text, ``{"number": "0.3"}``, ``{"day": "2026-01-31"}`` or null.
"""

import datetime as dt
import json
import resource
import sys
from typing import Any

import python_calamine as calamine


def main(sheet: str, most_bytes: int, most_seconds: int) -> None:
    """Write the rows of *sheet*, "" for the first, with so much address space and processor time."""
    resource.setrlimit(resource.RLIMIT_AS, (most_bytes, most_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (most_seconds, most_seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        with calamine.CalamineWorkbook.from_filelike(sys.stdin.buffer) as book:
            _write(book, sheet)
    except (calamine.CalamineError, OSError, ValueError) as error:
        _say({"fault": f"the workbook cannot be read: {error}", "hint": ""})


def _write(book: Any, sheet: str) -> None:
    if not book.sheet_names or (sheet and sheet not in book.sheet_names):
        names = ", ".join(book.sheet_names)
        _say({"fault": f"there is no sheet {sheet}".rstrip(), "hint": f"There are {names}." if names else ""})
        return
    name = sheet or book.sheet_names[0]
    page = book.get_sheet_by_name(name)
    _say({"sheet": name})
    first_row, first_column = page.start or (0, 0)
    before: list[None] = [None] * first_column
    for number, row in enumerate(page.iter_rows(), first_row + 1):
        cells = [_cell(value) for value in row]
        while cells and cells[-1] is None:
            cells.pop()
        if cells:
            _say([number, before + cells])
    _say({"end": True})


def _cell(value: Any) -> Any:
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(
        value, int | float
    ):  # kept as binary fractions of 15 digits: never ``4.9E3``, nor 0.30000000000000004
        return {"number": format(value, ".15g")}
    if isinstance(value, dt.date):
        return {"day": value.isoformat()[:10]}
    return str(value)


def _say(line: Any) -> None:
    sys.stdout.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
