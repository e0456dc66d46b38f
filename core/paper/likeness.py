"""How alike two texts are, and which of many is meant by one that is nearly written so."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from difflib import SequenceMatcher
from typing import Final

#: a code may differ from the one that is meant by so many signs, and from the next one by so many more
_NEAR: Final = 2
_APART: Final = 3


def plain(text: str) -> str:
    """Return letters and digits of *text*, without case."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(sign for sign in folded if sign.isalnum())


def likeness(one: str, other: str) -> float:
    """Return how alike two texts are, 0 to 1 (Ratcliff and Obershelp): the library's own, as it is asked of few."""
    return SequenceMatcher(None, plain(one), plain(other), autojunk=False).ratio()


def distance(one: str, other: str) -> int:
    """Return by how many signs two codes differ (Levenshtein)."""
    above = list(range(len(other) + 1))
    for row, sign in enumerate(one, 1):
        line = [row]
        for column, against in enumerate(other, 1):
            line.append(min(above[column] + 1, line[-1] + 1, above[column - 1] + (sign != against)))
        above = line
    return above[-1]


def meant(code: str, codes: Collection[str]) -> str:
    """Return the one of *codes* that is nearly written so; "" where none is near, or two are."""
    ranked = sorted((distance(code.upper(), one.upper()), one) for one in codes)
    if not ranked or ranked[0][0] > _NEAR:
        return ""
    return ranked[0][1] if len(ranked) == 1 or ranked[1][0] >= ranked[0][0] + _APART else ""
