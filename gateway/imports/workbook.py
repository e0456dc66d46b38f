"""Reads a sheet of a workbook through a process whose memory and time are bounded.

Spreadsheets keep numbers as binary fractions: one is told with the 15 digits that they keep.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import IO, Any, BinaryIO, Final

import orjson

from core.entry.table import Cell, TableTooLarge, TableUnreadable

#: address space of the reading process: 100,000 rows of 30 columns take 300 MB of it
_MOST_MEMORY: Final = 1024 * 1024 * 1024
#: processor time; 100,000 rows of 30 columns take 8 s
_MOST_SECONDS: Final = 60
_CHILD: Final = Path(__file__).with_name("workbook_child.py")

Rows = Iterator[tuple[int, Sequence[Cell]]]


def sheet_rows(file: BinaryIO, sheet: str, *, memory: int = _MOST_MEMORY) -> tuple[str, Rows]:
    """Return the name of the sheet and its rows that are not empty, each with its number.

    Raises:
        TableUnreadable: it is no workbook, or has no such sheet.
        TableTooLarge: it takes more memory or time than it is given; the rows raise that, too.
    """
    rows = _rows(file, sheet, memory)
    name = next(rows)
    assert isinstance(name, str)
    return name, rows  # type: ignore[return-value] # the name came first


def _rows(file: BinaryIO, sheet: str, memory: int) -> Iterator[str | tuple[int, Sequence[Cell]]]:
    with tempfile.TemporaryFile() as copy:
        process = subprocess.Popen(  # noqa: S603 - our own interpreter and script
            [sys.executable, "-P", str(_CHILD), sheet, str(memory), str(_MOST_SECONDS)],
            stdin=_real(file, copy),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            process_group=0,  # Ctrl-C at the terminal is for the gateway alone
        )
        assert process.stdout is not None
        try:
            with process.stdout as lines:
                yield from _told(lines)
        finally:
            process.kill()
            process.wait()


def _real(file: BinaryIO, copy: IO[bytes]) -> IO[bytes]:
    """Return *file* where another process can read it: bytes in memory are written to *copy*."""
    file.seek(0)
    if hasattr(file, "getbuffer"):
        copy.write(file.read())
        copy.seek(0)
        return copy
    return file


def _told(lines: IO[bytes]) -> Iterator[str | tuple[int, Sequence[Cell]]]:
    for line in lines:
        if not line.endswith(b"\n"):
            break  # its process was ended in the middle
        said = orjson.loads(line)
        match said:
            case {"sheet": name}:
                yield name
            case {"fault": words, "hint": hint}:
                raise TableUnreadable(words, hint=hint)
            case {"end": True}:
                return
            case [number, cells]:
                yield number, [_cell(value) for value in cells]
    raise TableTooLarge(
        "the workbook takes too much memory or time to read",
        hint="Is there a cell far away from the others? Save the sheet as CSV.",
    )


def _cell(value: Any) -> Cell:
    match value:
        case {"number": digits}:
            return Decimal(digits)
        case {"day": day}:
            return date.fromisoformat(day)
        case _:
            return None if value is None else str(value)
