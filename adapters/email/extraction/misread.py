"""Numbers and days whose signs a reader of pictures took for others: every reading that may be meant.

They are tried only where the strict readers find nothing, and prove nothing alone: the sums of the order choose.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

#: what a point or a comma is taken for; a space, where it is not seen
_MARK: Final = r"[.,:;\u00b7' ]"
#: letters -> the digit that looks like them
DIGITS: Final = {
    "O": "0", "o": "0", "Q": "0", "I": "1", "l": "1", "|": "1", "S": "5", "B": "8", "Z": "2", "G": "6",
}  # fmt: skip
_SIGNS: Final = str.maketrans(DIGITS)
_MONEY: Final = re.compile(rf"(\d{{1,3}}(?:{_MARK}?\d{{3}})*|\d+){_MARK}(\d{{2}})\.?")
_WHOLE: Final = re.compile(rf"\d{{1,3}}(?:{_MARK}\d{{3}})+\.?")
_BARE: Final = re.compile(r"\d{3,}")
_APART: Final = r"\s*[-./:,;\u00b7\s]\s*"
_ISO: Final = re.compile(rf"(?<!\d)(\d{{4}}){_APART}(\d{{1,2}}){_APART}(\d{{1,2}})(?!\d)")
_DOTTED: Final = re.compile(rf"(?<!\d)(\d{{1,2}}){_APART}(\d{{1,2}}){_APART}(\d{{4}})(?!\d)")


def misread_numbers(text: str, *, money: bool) -> list[Decimal]:
    """Return what *text* may be as a number: ``6,7G5:00`` is 6765.00; *money* may have lost its mark: ``10680``."""
    if not any(sign.isdigit() for sign in text):
        return []
    digits = text.strip().translate(_SIGNS)
    found: list[Decimal] = []
    if match := _MONEY.fullmatch(digits):
        found.append(Decimal(f"{re.sub(_MARK, '', match[1])}.{match[2]}"))
    if _WHOLE.fullmatch(digits):
        found.append(Decimal(re.sub(_MARK, "", digits)))
    if money and _BARE.fullmatch(digits):
        found.append(Decimal(digits).scaleb(-2))
    return found


def digits_of(text: str) -> str:
    """Return *text* with its letters as the digits that they look like, where most of it are digits: ``2O26-11-07``."""
    return text.translate(_SIGNS) if sum(sign.isdigit() for sign in text) > len(text) // 2 else text


def misread_days(text: str, first: str) -> Iterator[tuple[int, int, int]]:
    """Yield year, month and day of what *text* may be as a day: ``2026 11-07``, ``07:06.2026``.

    *first* is what the customer writes first, ``day`` or ``month``; where that is not known, and no point was seen,
    either may be.
    """
    for found in _ISO.finditer(text):
        yield int(found[1]), int(found[2]), int(found[3])
    for found in _DOTTED.finditer(text):
        if first != "month" or "." in found[0]:
            yield int(found[3]), int(found[2]), int(found[1])
        if first != "day" and "." not in found[0]:
            yield int(found[3]), int(found[1]), int(found[2])
