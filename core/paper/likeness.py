"""How alike two texts are."""

from __future__ import annotations

import unicodedata
from difflib import SequenceMatcher


def plain(text: str) -> str:
    """Return letters and digits of *text*, without case."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(sign for sign in folded if sign.isalnum())


def likeness(one: str, other: str) -> float:
    """Return how alike two texts are, 0 to 1 (Ratcliff and Obershelp): the library's own, as it is asked of few."""
    return SequenceMatcher(None, plain(one), plain(other), autojunk=False).ratio()
