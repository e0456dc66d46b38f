"""The rows of an import as a CSV file: as they came, with what became of each beside it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from core.reporting.table import as_cell

Json = dict[str, Any]

#: stand behind the columns of the file
_OURS: Final = ("row", "status", "number", "state", "holds", "faults")
#: signs of one piece of a download
_PIECE: Final = 64 * 1024
#: spreadsheets read a CSV file as UTF-8 only where it begins with its mark
_BOM: Final = "\ufeff"


def csv_pieces(titles: Sequence[str], rows: Iterable[Json]) -> Iterator[bytes]:
    """Yield a CSV file (RFC 4180, UTF-8 with its mark): the columns of the file, then what we say of each row.

    What a spreadsheet would run as a formula gets an apostrophe before it, also where the file itself had it so.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    text.write(_BOM)
    writer.writerow([as_cell(title) for title in (*titles, *_OURS)])
    for row in rows:
        cells = (row["cells"] + [""] * len(titles))[: len(titles)]
        writer.writerow([as_cell(cell) for cell in (*cells, *_said(row))])
        if text.tell() > _PIECE:
            yield text.getvalue().encode()
            text.seek(0)
            text.truncate()
    yield text.getvalue().encode()


def _said(row: Json) -> list[Any]:
    faults = "; ".join(_fault(fault) for fault in row["faults"])
    return [row["row"], row["status"], row["number"], row["order_state"], " ".join(row["holds"]), faults]


def _fault(fault: Json) -> str:
    where = f"{fault['cell']}: " if fault["cell"] else ""
    return f"{where}{fault['message']} [{fault['code']}]"
