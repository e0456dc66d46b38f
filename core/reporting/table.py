"""Rows of a report as CSV (RFC 4180)."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any, Final

#: a spreadsheet takes a text that begins so for a formula
_FORMULA: Final = ("=", "+", "@", "\t", "\r")


def csv_of(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return *rows*, which have the same keys, as CSV with a line of titles; "" where there are none.

    None is an empty cell, and a truth ``true`` or ``false``. A text that a spreadsheet would run as a formula gets an
    apostrophe before it; a negative number is none.
    """
    if not rows:
        return ""
    sheet = io.StringIO()
    writer = csv.DictWriter(sheet, list(rows[0]), lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({name: _cell(value) for name, value in row.items()} for row in rows)
    return sheet.getvalue()


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
