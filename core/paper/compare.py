"""One order in several forms of one mail, such as a PDF and its table: whether they say the same."""

from __future__ import annotations

from typing import Final

from core.paper.likeness import plain
from core.paper.sums import number_of
from core.reading import Extracted

_HEAD: Final = ("buyer_reference", "requested_date", "currency", "total", "net_total", "ship_to.name")
_CODES: Final = ("sku", "gtin", "buyer_code")
_NUMBERS: Final = ("quantity", "price")


def same_order(one: Extracted, other: Extracted) -> bool:
    """Tell whether two documents are about the same order: they name the same reference."""
    reference = plain(one.best("buyer_reference"))
    return bool(reference) and reference == plain(other.best("buyer_reference"))


def differing(one: Extracted, other: Extracted) -> list[str]:
    """Return the fields of *one* that *other* says otherwise; what only one of them says differs in nothing.

    A document without lines of goods, such as the mail around its order, differs in none of them.
    """
    found = [path for path in _HEAD if _differs(one.best(path), other.best(path))]
    if one.lines and other.lines:
        if one.lines != other.lines:
            last = min(one.lines, other.lines) + 1
            found.append(f"lines.{min(last, one.lines)}.quantity")
        for line in range(1, min(one.lines, other.lines) + 1):
            names = [f"lines.{line}.{name}" for name in (*_CODES, *_NUMBERS)]
            found += [path for path in names if _differs(one.best(path), other.best(path))]
    return list(dict.fromkeys(found))


def _differs(said: str, other: str) -> bool:
    if not said or not other or said == other:
        return False
    numbers = number_of(said), number_of(other)
    if None not in numbers:
        return numbers[0] != numbers[1]
    return plain(said) != plain(other)
