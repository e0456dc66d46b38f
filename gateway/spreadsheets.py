"""Reads CSV files and workbooks (XLSX, XLS, ODS) as tables: titles and rows with their numbers.

Spreadsheets keep numbers as binary fractions: one is told with the 15 digits that they keep, and never as ``4.9E3``.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from core.entry.table import Cell, ImportMap, Table, TableUnreadable

#: signs that separate the columns of a CSV file, the likeliest first
_DELIMITERS: Final = (";", ",", "\t", "|")
#: rows that are looked at to find the delimiter
_SAMPLE: Final = 20
#: a workbook is a ZIP file: what it may unpack to, so that a small one cannot fill the memory
_MOST_BYTES: Final = 256 * 1024 * 1024
_ZIP: Final = b"PK\x03\x04"
#: XLS is an OLE file
_OLE: Final = b"\xd0\xcf\x11\xe0"
_BOMS: Final = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def read_table(content: bytes, columns: ImportMap) -> Table:
    """Return the table of a file; its first row that is not empty has the titles.

    Raises:
        TableUnreadable: it is neither text nor a workbook, is empty, or unpacks to too much.
    """
    rows = _workbook(content, columns.sheet) if content.startswith((_ZIP, _OLE)) else _csv(content, columns)
    filled = [(number, row) for number, row in enumerate(rows, 1) if any(cell not in (None, "") for cell in row)]
    if not filled:
        raise TableUnreadable("the file has no rows")
    titles = ["" if title is None else str(title) for title in filled[0][1]]
    return Table(titles, filled[1:])


def _csv(content: bytes, columns: ImportMap) -> Iterator[Sequence[Cell]]:
    said = _text(content, columns.encoding)
    delimiter = columns.delimiter or _delimiter(said)
    try:
        yield from csv.reader(io.StringIO(said, newline=""), delimiter=delimiter, strict=True)
    except (csv.Error, TypeError) as error:
        raise TableUnreadable(f"this is no CSV file: {error}") from error


def _text(content: bytes, encoding: str) -> str:
    guesses = [encoding] if encoding else [name for mark, name in _BOMS if content.startswith(mark)]
    for name in guesses or ["utf-8", "cp1252"]:
        try:
            said = content.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
        if "\0" not in said:
            return said
    tried = ", ".join(guesses or ["utf-8", "cp1252"])
    raise TableUnreadable(f"the file is no text in {tried}", hint='Say its `encoding` in the map, such as "gb18030".')


def _delimiter(said: str) -> str:
    """Return the sign that gives the first rows the most columns, as many in each."""
    best, most = _DELIMITERS[0], 0
    for sign in _DELIMITERS:
        rows = csv.reader(io.StringIO(said, newline=""), delimiter=sign)
        widths = [len(row) for row, _ in zip(_quietly(rows), range(_SAMPLE), strict=False) if row]
        if widths and min(widths) > most and min(widths) == max(widths):
            best, most = sign, min(widths)
    if most > 1:
        return best
    header = said.partition("\n")[0]
    return max(_DELIMITERS, key=header.count)


def _quietly(rows: Iterable[list[str]]) -> Iterator[list[str]]:
    try:
        yield from rows
    except csv.Error:
        return  # this sign is not the one


def _workbook(content: bytes, sheet: str) -> Iterator[Sequence[Cell]]:
    import python_calamine as calamine  # noqa: PLC0415 - only who reads a workbook pays for it

    if content.startswith(_ZIP):
        _check_size(content)
    try:
        with calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
            if sheet and sheet not in book.sheet_names:
                raise TableUnreadable(f"there is no sheet {sheet}", hint=f"There are {', '.join(book.sheet_names)}.")
            page = book.get_sheet_by_name(sheet) if sheet else book.get_sheet_by_index(0)
            for row in page.to_python(skip_empty_area=False):
                yield [_cell(value) for value in row]
    except (calamine.CalamineError, OSError) as error:
        raise TableUnreadable(f"the workbook cannot be read: {error}") from error


def _check_size(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            size = sum(one.file_size for one in packed.infolist())
    except zipfile.BadZipFile as error:
        raise TableUnreadable("the workbook is damaged") from error
    if size > _MOST_BYTES:
        raise TableUnreadable(f"the workbook unpacks to {size} bytes", hint=f"At most {_MOST_BYTES} are read.")


def _cell(value: Any) -> Cell:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return Decimal(format(value, ".15g"))
    if isinstance(value, date | datetime):
        return value
    return str(value)
