"""The map of an import: which column of a file is which field of an order, and how the file writes its values.

A map is kept as TOML beside the file, or under a name in the database; both are read here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from core.errors import UsageError

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
#: the field that tells the orders of a file apart
REFERENCE: Final = "buyer_reference"


class MapInvalid(UsageError):
    """The map of columns names an unknown field or key."""

    code = "import.map_invalid"


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
    if REFERENCE not in columns:
        raise MapInvalid("no column is the buyer_reference, which tells the orders apart")
    texts = {name: document[name] for name in known - {"columns", "constants"} if name in document}
    if wrong := [name for name, value in (*texts.items(), *constants.items()) if not isinstance(value, str)]:
        raise MapInvalid(f"{', '.join(sorted(wrong))}: a text in quotes")
    if texts.get("decimal", ".") not in (".", ","):
        raise MapInvalid('decimal: "." or ","')
    return ImportMap(columns, constants, **texts)


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
