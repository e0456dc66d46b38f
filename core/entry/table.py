"""Orders of a table, such as a spreadsheet: a column a field, a row a line, the rows of one reference an order.

A map says which column is which field. What is wrong is told by row, column and value, as a person finds it there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, NamedTuple

from core.entry.forms import Form
from core.errors import UsageError
from core.provenance import Violation
from core.values import text

#: what a cell holds: text as typed, or a number or a day where the file knows them as such
Cell = str | Decimal | date | None

_PARTY: Final = frozenset(
    {"code", "gln", "name", "street", "city", "region", "postal_code", "country", "tax_id", "contact", "phone", "email"}
)
#: the fields that a column may be, by their path
FIELDS: Final = frozenset(
    {
        "partner", "buyer_reference", "type", "currency", "requested_date", "payment_method", "payment_terms",
        "transport_mode", "delivery_terms", "business_unit", "override_reason",
        "lines.sku", "lines.gtin", "lines.buyer_code", "lines.quantity", "lines.unit", "lines.price",
        "lines.description",
    }
    | {f"ship_to.{name}" for name in _PARTY - {"code", "tax_id"}}
    | {f"buyer.{name}" for name in _PARTY & {"code", "gln", "name", "tax_id", "contact", "phone", "email"}}
)  # fmt: skip
_REFERENCE: Final = "buyer_reference"
_NUMBERS: Final = frozenset({"lines.quantity", "lines.price"})
_DAYS: Final = frozenset({"requested_date"})
_THOUSANDS: Final = re.compile(r"-?\d{1,3}(\.\d{3})+(,\d+)?")
_PLAIN: Final = re.compile(r"-?\d+(,\d+)?")


class MapInvalid(UsageError):
    """The map of columns names an unknown field or key."""

    code = "import.map_invalid"


class TableUnreadable(UsageError):
    """The file is no table, or lacks a column that the map names."""

    code = "import.unreadable"


class Column(NamedTuple):
    """A column by its title; what it holds is filled up with zeros from the left to ``pad`` signs."""

    title: str
    pad: int = 0


@dataclass(frozen=True, slots=True)
class ImportMap:
    """Which column is which field, what is the same for all, and how the file writes numbers and days.

    ``delimiter`` and ``encoding`` are of CSV files, found out where they are not said; ``sheet`` is of workbooks, the
    first one without it.
    """

    columns: Mapping[str, Column]
    constants: Mapping[str, str] = field(default_factory=dict)
    decimal: str = "."
    date: str = "%Y-%m-%d"
    delimiter: str = ""
    encoding: str = ""
    sheet: str = ""


class Table(NamedTuple):
    """A file: the titles of its columns, and its rows, each with the number that a person counts."""

    titles: Sequence[str]
    rows: Sequence[tuple[int, Sequence[Cell]]]


class CellFault(NamedTuple):
    """What is wrong in a file: row as a person counts it, title of the column (None: the row, or the whole order)."""

    row: int
    column: str | None
    value: str | None
    code: str
    message: str


@dataclass(slots=True)
class TableOrder:
    """An order of a table: its form, the rows of its lines and what is wrong with how it is written."""

    form: Form
    rows: list[int]
    faults: list[CellFault]


def read_map(document: Mapping[str, Any]) -> ImportMap:
    """Return the map of a TOML document.

    Raises:
        MapInvalid: an unknown key or field, or a value of another kind.
    """
    known = {"columns", "constants", "decimal", "date", "delimiter", "encoding", "sheet"}
    if unknown := document.keys() - known:
        raise MapInvalid(f"{', '.join(sorted(unknown))}: no such key", hint=f"Keys are {', '.join(sorted(known))}.")
    columns = {name: _column(name, given) for name, given in _table(document, "columns").items()}
    constants = _table(document, "constants")
    if unknown := {*columns, *constants} - FIELDS:
        raise MapInvalid(
            f"{', '.join(sorted(unknown))}: no such field", hint=f"Fields are {', '.join(sorted(FIELDS))}."
        )
    if lines := [name for name in constants if name.startswith("lines.")]:
        raise MapInvalid(f"{', '.join(lines)}: a line's field is of a column")
    if _REFERENCE not in columns:
        raise MapInvalid("no column is the buyer_reference, which tells the orders apart")
    texts = {name: document[name] for name in known - {"columns", "constants"} if name in document}
    if wrong := [name for name, value in (*texts.items(), *constants.items()) if not isinstance(value, str)]:
        raise MapInvalid(f"{', '.join(sorted(wrong))}: a text in quotes")
    if texts.get("decimal", ".") not in (".", ","):
        raise MapInvalid('decimal: "." or ","')
    return ImportMap(columns, constants, **texts)


def orders_of(table: Table, columns: ImportMap) -> list[TableOrder]:
    """Return the orders of *table* in the sequence of their first rows.

    Raises:
        TableUnreadable: a column that the map names is not there, or is there twice.
    """
    places = _places(table, columns)
    found: dict[str, TableOrder] = {}
    for number, cells in table.rows:
        fields, faults = _fields(number, cells, places, columns)
        reference = fields.get(_REFERENCE, "")
        order = found.get(reference)
        if order is None:
            order = found[reference] = TableOrder({**columns.constants, "lines": []}, [], [])
            _put_head(order.form, fields)
        else:
            order.faults += _differing(order, number, fields, columns)
        order.form["lines"].append({name[6:]: value for name, value in fields.items() if name.startswith("lines.")})
        order.rows.append(number)
        order.faults += faults
    return list(found.values())


def located(order: TableOrder, violation: Violation, columns: ImportMap) -> CellFault:
    """Return where in the file a violation of the order's form is, by the JSON pointer that is its tag."""
    path = (violation.tag or "").strip("/").split("/")
    row, name = order.rows[0], ".".join(path)
    if path[0] == "lines" and len(path) > 1 and int(path[1]) < len(order.rows):
        row, name = order.rows[int(path[1])], ".".join(["lines", *path[2:]])
    column = columns.columns.get(name)
    return CellFault(row, column and column.title, violation.value, violation.code, violation.message)


def _column(name: str, given: Any) -> Column:
    if isinstance(given, str):
        return Column(given)
    if isinstance(given, Mapping) and given.keys() <= {"column", "pad"} and isinstance(given.get("column"), str):
        pad = given.get("pad", 0)
        if type(pad) is int and 0 <= pad <= 35:
            return Column(given["column"], pad)
    raise MapInvalid(f"columns.{name}: a title, or a table of `column` and `pad` (0 to 35)")


def _table(document: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return a table of the document with the keys of tables in it written out: ``ship_to.city``."""
    given = document.get(name, {})
    if not isinstance(given, Mapping):
        raise MapInvalid(f"{name}: a table of fields")
    found: dict[str, Any] = {}
    for key, value in given.items():
        if isinstance(value, Mapping) and "column" not in value:
            found |= {f"{key}.{inner}": part for inner, part in value.items()}
        else:
            found[key] = value
    return found


def _places(table: Table, columns: ImportMap) -> list[tuple[str, int, int]]:
    """Return (field, place of its column, pad) of every column that the map names."""
    titles = [title.strip() for title in table.titles]
    wanted = [column.title for column in columns.columns.values()]
    if lacking := [title for title in wanted if title not in titles]:
        raise TableUnreadable(f"no column is called {', '.join(lacking)}", hint=f"There are {', '.join(titles)}.")
    if double := [title for title in wanted if titles.count(title) > 1]:
        raise TableUnreadable(f"more than one column is called {', '.join(double)}")
    return [(name, titles.index(column.title), column.pad) for name, column in columns.columns.items()]


def _fields(
    number: int, cells: Sequence[Cell], places: Iterable[tuple[str, int, int]], columns: ImportMap
) -> tuple[dict[str, str], list[CellFault]]:
    fields: dict[str, str] = {}
    faults: list[CellFault] = []
    for name, place, pad in places:
        cell = cells[place] if place < len(cells) else None
        if cell is None or cell == "":
            continue
        value = _value(name, cell, columns)
        if value is None:
            title, kind = columns.columns[name].title, "number" if name in _NUMBERS else "date"
            form = f"1234{columns.decimal}5" if kind == "number" else columns.date
            faults.append(CellFault(number, title, str(cell), f"{kind}.malformed", f"not a {kind} such as {form}"))
            value = str(cell)
        fields[name] = value.zfill(pad) if pad else value
    return fields, faults


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


def _differing(order: TableOrder, number: int, fields: Mapping[str, str], columns: ImportMap) -> list[CellFault]:
    """Return what a further row of an order says otherwise of its head than the first; an empty cell says nothing."""
    faults = []
    for name, column in columns.columns.items():
        party, _, inner = name.partition(".")
        if party == "lines" or name not in fields:
            continue
        first = order.form.get(party, {}).get(inner) if inner else order.form.get(name)
        if first != fields[name]:
            why = f"row {order.rows[0]} of this order says {first or 'nothing'}"
            faults.append(CellFault(number, column.title, fields[name], "import.head_differs", why))
    return faults
