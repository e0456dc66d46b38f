"""Opens CSV files and workbooks (XLSX, XLS, ODS) as tables whose rows are read one by one, within limits.

A workbook is read by a process of its own (``workbook_child``): what it holds can be laid out so that a few bytes take
all memory, and there that is bounded by the operating system.
"""

from __future__ import annotations

import codecs
import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from typing import BinaryIO, Final

from core.entry.columns import ImportMap
from core.entry.table import Cell, Table, TableTooLarge, TableUnreadable
from gateway.imports.workbook import sheet_rows

#: what is taken of one file; Excel has 1,048,576 rows, 16,384 columns and 32,767 signs in a cell
MOST_ROWS: Final = 100_000
MOST_COLUMNS: Final = 500
MOST_SIGNS: Final = 32_767
#: a workbook is a ZIP file: what it may unpack to, and how many times its own size beyond a megabyte; a sheet
#: whose rows are nearly the same packs to 1:200, nothing but blanks to 1:1000
MOST_BYTES: Final = 256 * 1024 * 1024
MOST_RATIO: Final = 500
_SMALL: Final = 1024 * 1024
#: signs that separate the columns of a CSV file, the likeliest first
_DELIMITERS: Final = (";", ",", "\t", "|")
#: rows, and signs, that are looked at to find the delimiter
_SAMPLE: Final = 20
_SAMPLE_SIGNS: Final = 64 * 1024
_CHUNK: Final = 256 * 1024
_ZIP: Final = b"PK\x03\x04"
#: XLS is an OLE file
_OLE: Final = b"\xd0\xcf\x11\xe0"
_BOMS: Final = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))

Rows = Iterator[tuple[int, Sequence[Cell]]]


def read_table(content: bytes, columns: ImportMap) -> Table:
    """Return the table of a file in memory; see :func:`open_table`."""
    return open_table(io.BytesIO(content), columns)


def open_table(file: BinaryIO, columns: ImportMap) -> Table:
    """Return the table of *file*, which stays open until its rows are read; the first row that is not empty has titles.

    Raises:
        TableUnreadable: it is neither text nor a workbook, or is empty. The rows raise it, too, for what comes later.
        TableTooLarge: it has more than is taken; as above.
    """
    start = file.read(4)
    file.seek(0)
    if start.startswith((_ZIP, _OLE)):
        if start == _ZIP:
            _check_size(file)
        sheet, rows = sheet_rows(file, columns.sheet)
    else:
        sheet, rows = "", _csv(file, columns)
    filled = _within_limits(rows)
    try:
        _, titles = next(filled)
    except StopIteration:
        raise TableUnreadable("the file has no rows") from None
    return Table(["" if title is None else str(title) for title in titles], filled, sheet)


def _within_limits(rows: Rows) -> Rows:
    """Yield the rows that are not empty."""
    count = 0
    with closing(rows):  # type: ignore[type-var] # every source of rows is a generator
        for number, row in rows:
            if not any(cell not in (None, "") for cell in row):
                continue
            count += 1
            if count > MOST_ROWS + 1:  # and the titles
                raise TableTooLarge(f"the file has more than {MOST_ROWS} rows", hint="Send it in parts.")
            if len(row) > MOST_COLUMNS:
                raise TableTooLarge(f"row {number} has {len(row)} columns", hint=f"At most {MOST_COLUMNS} are read.")
            if any(isinstance(cell, str) and len(cell) > MOST_SIGNS for cell in row):
                raise TableTooLarge(f"row {number} has a cell of more than {MOST_SIGNS} signs")
            yield number, row


def _csv(file: BinaryIO, columns: ImportMap) -> Rows:
    name = _encoding(file, columns.encoding)
    text = io.TextIOWrapper(file, encoding=name, newline="")
    try:
        delimiter = columns.delimiter
        if not delimiter:
            sample = text.read(_SAMPLE_SIGNS)
            delimiter = _delimiter(sample if len(sample) < _SAMPLE_SIGNS else sample.rpartition("\n")[0])
            text.seek(0)
        rows = csv.reader(text, delimiter=delimiter, strict=True)
        number = 0
        try:
            for number, row in enumerate(rows, 1):
                yield number, row
        except csv.Error as error:
            raise TableUnreadable(f"row {number + 1}: this is no CSV file: {error}") from error
    except TypeError as error:  # a delimiter of several signs
        raise TableUnreadable(f"this is no CSV file: {error}") from error
    finally:
        if not file.closed:  # else the caller has given up, and only the collector comes by
            text.detach()


def _encoding(file: BinaryIO, said: str) -> str:
    """Return the encoding in which the whole of *file* is text: the one that the map says, or the first that fits."""
    start = file.read(4)
    guesses = [said] if said else [name for mark, name in _BOMS if start.startswith(mark)] or ["utf-8", "cp1252"]
    line = 0
    for name in guesses:
        file.seek(0)
        line = _first_line_not_in(file, name)
        file.seek(0)
        if not line:
            return name
    raise TableUnreadable(
        f"line {line}: the file is no text in {', '.join(guesses)}",
        hint='Say its `encoding` in the map, such as "gb18030".',
    )


def _first_line_not_in(file: BinaryIO, name: str) -> int:
    """Return the number of the first line that is no text in the encoding *name*, 0 where all is."""
    try:
        decoder = codecs.getincrementaldecoder(name)()
    except LookupError:
        return 1
    lines = 1
    try:
        while chunk := file.read(_CHUNK):
            said = decoder.decode(chunk)
            if (nul := said.find("\0")) >= 0:
                return lines + said.count("\n", 0, nul)
            lines += said.count("\n")
        decoder.decode(b"", final=True)
    except UnicodeError:
        return lines
    return 0


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


def _check_size(file: BinaryIO) -> None:
    """Refuse a workbook that says it unpacks to too much; one that lies meets the limits of the reading process."""
    try:
        with zipfile.ZipFile(file) as packed:
            sizes = [(one.file_size, one.compress_size) for one in packed.infolist()]
    except (zipfile.BadZipFile, ValueError) as error:
        raise TableUnreadable("the workbook is damaged") from error
    size = sum(unpacked for unpacked, _ in sizes)
    if size > MOST_BYTES:
        raise TableTooLarge(f"the workbook unpacks to {size} bytes", hint=f"At most {MOST_BYTES} are read.")
    if size > _SMALL and size > MOST_RATIO * sum(kept for _, kept in sizes):
        raise TableTooLarge(f"the workbook unpacks to more than {MOST_RATIO} times its size", hint="Save it as CSV.")
    file.seek(0)
