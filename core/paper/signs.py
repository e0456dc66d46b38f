"""What readers of pictures take for one another: signs that look alike, and texts that differ by one of them.

The pairs are those that ocr-intake names (section 3, "what goes wrong"), with the signs that differ by one stroke.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from core.values import is_gtin

#: signs that look the same -> the one that stands for them; read as each other with the fullest confidence
TWINS: Final = {
    "l": "1", "I": "1", "|": "1", "O": "0", "o": "0", "Q": "0", "D": "0", "Z": "2", "S": "5", "$": "5", "G": "6",
    "B": "8",
}  # fmt: skip
_TABLE: Final = str.maketrans(TWINS)
#: the signs that looks are made of, but for those of other scripts
_SIGNS: Final = "".join(sign for sign in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ" if sign not in TWINS)
_NUMBER: Final = re.compile(r"[A-Za-z0-9|]*\d[A-Za-z0-9|]*", re.ASCII)
_GLUED: Final = re.compile(r"(\d{3,})[A-Za-z]{3,}|[A-Za-z]{3,}(\d+)")


@lru_cache(maxsize=8192)
def looks(code: str) -> str:
    """Return how a code looks: letters and digits alone, twins the same; ``HX-10O0`` looks like ``hx 1000``."""
    upper = code.replace("l", "1").upper().translate(_TABLE)
    return "".join(sign for sign in upper if sign.isalnum())


def looks_near(look: str) -> set[str]:
    """Return *look* and every one that differs from it by a sign: some 60 for each of its signs."""
    near = {look}
    for place in range(len(look) + 1):
        before, after = look[:place], look[place:]
        near |= {before + sign + after for sign in _SIGNS}
        if after:
            near |= {before + sign + after[1:] for sign in _SIGNS} | {before + after[1:]}
    return near


def numbers_near(number: str) -> set[str]:
    """Return the texts that *number* may be with one digit misread, lost or added; the point stays."""
    near: set[str] = set()
    for place, sign in enumerate(number):
        before, after = number[:place], number[place + 1 :]
        if sign != ".":
            near |= {before + digit + after for digit in "0123456789"} | {before + after}
        near |= {before + digit + sign + after for digit in "0123456789"}
    return (near | {number + digit for digit in "0123456789"}) - {number, ""}


def gtins_near(gtin: str) -> set[str]:
    """Return the numbers with a right check digit that differ from *gtin* by one digit: one for each of its digits."""
    changed = (gtin[:place] + str(digit) + gtin[place + 1 :] for place in range(len(gtin)) for digit in range(10))
    return {one for one in changed if is_gtin(one)} if gtin.isdigit() else set()


def numbers_in(text: str) -> list[str]:
    """Return how the numbers of a text look, with the letters that belong to them: ``LS10``, ``48a``; sorted."""
    found = (_GLUED.sub(r"\1\2", one) for one in _NUMBER.findall(text))
    return sorted(looks(one) for one in found)


def is_misread(read: str, meant: str) -> bool:
    """Tell whether *read* may be *meant* with one sign misread, lost or added; equal texts are not misread."""
    if read == meant or abs(len(read) - len(meant)) > 1:
        return False
    same = next((place for place, (one, other) in enumerate(zip(read, meant, strict=False)) if one != other), None)
    if same is None:
        return True  # one is the start of the other
    return read[same + (len(read) >= len(meant)) :] == meant[same + (len(meant) >= len(read)) :]


def in_form(read: str, form: str) -> str:
    """Return *read* as a form has it, "" where it does not fit: ``P02026`` is ``PO2026`` in ``PO9999``.

    A form has digits as ``9`` and other signs as they stand; only twins are taken for one another.
    """
    if len(read) != len(form):
        return ""
    signs: list[str] = []
    for sign, wanted in zip(read, form, strict=True):
        if wanted == "9":
            digit = sign if sign.isdigit() else TWINS.get(sign, "")
            if not digit:
                return ""
            signs.append(digit)
        elif sign == wanted or looks(sign) == looks(wanted):
            signs.append(wanted)
        else:
            return ""
    return "".join(signs)
