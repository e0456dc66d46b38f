"""Orders of a table, such as a spreadsheet: a column a field, a row a line, the rows of one reference an order.

What is wrong is told by row, column, cell and value, as a person finds it there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from difflib import get_close_matches
from typing import Any, Final, NamedTuple

from core.entry.columns import REFERENCE, ImportMap
from core.entry.forms import Form
from core.errors import UsageError
from core.provenance import Violation
from core.values import text

#: what a cell holds: text as typed, or a number or a day where the file knows them as such
Cell = str | Decimal | date | None

_NUMBERS: Final = frozenset({"lines.quantity", "lines.price"})
_DAYS: Final = frozenset({"requested_date"})
_THOUSANDS: Final = re.compile(r"-?\d{1,3}(\.\d{3})+(,\d+)?")
_PLAIN: Final = re.compile(r"-?\d+(,\d+)?")
_LETTERS: Final = 26


class TableUnreadable(UsageError):
    """The file is no table, or lacks a column that the map names."""

    code = "import.unreadable"


class TableTooLarge(UsageError):
    """The file has more rows, columns or text than is taken, or unpacks to too much."""

    code = "import.too_large"


class Table(NamedTuple):
    """A file: the titles of its columns, its rows, each with the number that a person counts, and their sheet.

    The rows may be read only once; the sheet of a CSV file is "".
    """

    titles: Sequence[str]
    rows: Iterable[tuple[int, Sequence[Cell]]]
    sheet: str = ""


class CellFault(NamedTuple):
    """What is wrong in a file: row as a person counts it, title and name of the cell (None: the row, or the order)."""

    row: int
    column: str | None
    value: str | None
    code: str
    message: str
    #: ``B7``, or ``Orders!B7`` in a workbook
    cell: str | None = None


class TableRow(NamedTuple):
    """A row as the map reads it: its number, what it says by field, and what is wrong with how that is written."""

    number: int
    fields: Mapping[str, str]
    faults: Sequence[CellFault]

    @property
    def reference(self) -> str:
        """The order that the row belongs to."""
        return self.fields.get(REFERENCE, "")


class Layout:
    """Where the columns of a map stand in one file.

    Raises:
        TableUnreadable: a column that the map names is not there, or is there twice.
    """

    def __init__(self, columns: ImportMap, titles: Sequence[str], sheet: str = "") -> None:
        self.columns = columns
        self._sheet = sheet
        self._places = _places(titles, columns)

    def read(self, number: int, cells: Sequence[Cell]) -> TableRow:
        """Return what the row *number* says."""
        fields: dict[str, str] = {}
        faults: list[CellFault] = []
        for name, column in self.columns.columns.items():
            place = self._places[name]
            cell = cells[place] if place < len(cells) else None
            if cell is None or cell == "":
                continue
            value = _value(name, cell, self.columns)
            if value is None:
                kind = "number" if name in _NUMBERS else "date"
                form = f"1234{self.columns.decimal}5" if kind == "number" else self.columns.date
                faults.append(self.fault(number, name, str(cell), f"{kind}.malformed", f"not a {kind} such as {form}"))
                value = str(cell)
            fields[name] = value.zfill(column.pad) if column.pad else value
        return TableRow(number, fields, faults)

    def fault(self, row: int, name: str, value: str | None, code: str, message: str) -> CellFault:
        """Return what is wrong with the field *name* in *row*; a field without a column is of the row."""
        column = self.columns.columns.get(name)
        if column is None:
            return CellFault(row, None, value, code, message)
        cell = f"{self._sheet}!" if self._sheet else ""
        return CellFault(row, column.title, value, code, message, f"{cell}{column_letters(self._places[name])}{row}")


class TableOrder:
    """An order of a table: its form, the rows of its lines and what is wrong with how it is written."""

    __slots__ = ("faults", "form", "rows")

    def __init__(self, constants: Mapping[str, str]) -> None:
        self.form: Form = {"lines": []}
        _put_head(self.form, constants)
        self.rows: list[int] = []
        self.faults: list[CellFault] = []

    def add(self, row: TableRow, layout: Layout) -> None:
        """Take a row in: the first says the head, every row is a line."""
        if self.rows:
            self.faults += _differing(self, row, layout)
        else:
            _put_head(self.form, row.fields)
        self.form["lines"].append({name[6:]: value for name, value in row.fields.items() if name.startswith("lines.")})
        self.rows.append(row.number)
        self.faults += row.faults


def orders_of(table: Table, layout: Layout) -> list[TableOrder]:
    """Return the orders of *table* in the sequence of their first rows."""
    found: dict[str, TableOrder] = {}
    for number, cells in table.rows:
        row = layout.read(number, cells)
        found.setdefault(row.reference, TableOrder(layout.columns.constants)).add(row, layout)
    return list(found.values())


def located(order: TableOrder, violation: Violation, layout: Layout) -> CellFault:
    """Return where in the file a violation of the order's form is, by the JSON pointer that is its tag."""
    path = (violation.tag or "").strip("/").split("/")
    row, name = order.rows[0], ".".join(path)
    if path[0] == "lines" and len(path) > 1 and int(path[1]) < len(order.rows):
        row, name = order.rows[int(path[1])], ".".join(["lines", *path[2:]])
    return layout.fault(row, name, violation.value, violation.code, violation.message)


def column_letters(place: int) -> str:
    """Return how a spreadsheet names the column at *place*, from 0: ``A``, ``Z``, ``AA``."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, _LETTERS)
        letters = chr(ord("A") + rest) + letters
    return letters


def _places(titles: Sequence[str], columns: ImportMap) -> dict[str, int]:
    """Return the place of the column of each field."""
    here = [title.strip() for title in titles]
    wanted = [column.title for column in columns.columns.values()]
    if lacking := [title for title in wanted if title not in here]:
        alike = {title: get_close_matches(title, here, 1) for title in lacking}
        meant = [f"{found[0]} for {title}" for title, found in alike.items() if found]
        hint = f"There are {', '.join(title for title in here if title)}."
        raise TableUnreadable(
            f"no column is called {', '.join(lacking)}",
            hint=f"Is it {', '.join(meant)}? {hint}" if meant else hint,
            inputs={"lacking": lacking, "titles": here},
        )
    if double := [title for title in wanted if here.count(title) > 1]:
        raise TableUnreadable(f"more than one column is called {', '.join(double)}")
    return {name: here.index(column.title) for name, column in columns.columns.items()}


def _value(name: str, cell: Cell, columns: ImportMap) -> str | None:
    """Return a cell as the form has it, None where it cannot be read as the map says."""
    if isinstance(cell, datetime):
        cell = cell.date()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, Decimal):
        return text(cell)
    said = str(cell).strip()
    if name in _NUMBERS and columns.decimal == ",":
        if _THOUSANDS.fullmatch(said):
            said = said.replace(".", "")
        return said.replace(",", ".") if _PLAIN.fullmatch(said) else None
    if name in _DAYS:
        try:
            return datetime.strptime(said, columns.date).date().isoformat()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            return None
    return said


def _put_head(form: Form, fields: Mapping[str, str]) -> None:
    for name, value in fields.items():
        party, _, inner = name.partition(".")
        if party == "lines":
            continue
        if inner:
            form.setdefault(party, {})[inner] = value
        else:
            form[name] = value


def _differing(order: TableOrder, row: TableRow, layout: Layout) -> list[CellFault]:
    """Return what a further row of an order says otherwise of its head than the first; an empty cell says nothing."""
    faults = []
    for name, said in row.fields.items():
        party, _, inner = name.partition(".")
        if party == "lines":
            continue
        head: Any = order.form.get(party)
        first = (head or {}).get(inner) if inner else head
        if first != said:
            why = f"row {order.rows[0]} of this order says {first or 'nothing'}"
            faults.append(layout.fault(row.number, name, said, "import.head_differs", why))
    return faults
