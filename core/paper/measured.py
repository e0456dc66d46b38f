"""The fields by which reading is measured: what goes from a paper into the order and decides what is delivered where.

Descriptions, amounts and totals are left out: they prove the others, and an item is named by its code.
"""

from __future__ import annotations

import re
from typing import Final

#: fields of the head, as a draft names them
HEAD: Final = (
    "partner", "buyer_reference", "document_date", "requested_date", "currency", "ship_to.name", "ship_to.street",
    "ship_to.postal_code", "ship_to.city",
)  # fmt: skip
#: fields of a line
LINE: Final = ("sku", "quantity", "unit", "price")

_OF_LINE: Final = re.compile(r"lines\.([1-9][0-9]{0,3})\.(" + "|".join(LINE) + ")", re.ASCII)
_NUMBER: Final = re.compile(r"(?<=\.)[0-9]+\.")


def is_measured(path: str) -> bool:
    """Tell whether a field counts."""
    return path in HEAD or _OF_LINE.fullmatch(path) is not None


def line_of(path: str) -> int | None:
    """Return the number of the line that a measured field is of, None where it is of none."""
    found = _OF_LINE.fullmatch(path)
    return None if found is None else int(found[1])


def without_line(path: str) -> str:
    """Return which field it is, on whichever line: ``lines.quantity``."""
    return _NUMBER.sub("", path)
