"""Rows of a report as CSV (RFC 4180)."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

#: a spreadsheet takes a text that begins so for a formula, in full width too (OWASP, "CSV Injection")
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
#: and this is none, but a decimal of ours
_NUMBER: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?", re.ASCII)


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
    writer.writerows({name: as_cell(value) for name, value in row.items()} for row in rows)
    return sheet.getvalue()


def as_cell(value: Any) -> Any:
    """Return *value* as a spreadsheet shows it and never runs it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    runs = isinstance(value, str) and value.lstrip(" ").startswith(_FORMULA) and not _NUMBER.fullmatch(value)
    return f"'{value}" if runs else value
