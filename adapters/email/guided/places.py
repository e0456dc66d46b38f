"""Words on their page: whether two are the same ones, and what they say but for marks."""

from __future__ import annotations

from collections.abc import Iterable

from adapters.email.extraction.rows import Placed


def is_in(word: Placed, taken: Iterable[Placed]) -> bool:
    """Tell whether a word, or a part of one, is among the words, or the parts, that are taken."""
    left, right = word.at.left, word.at.right
    return any(
        one.page == word.page
        and one.at.top == word.at.top
        and one.at.left < right - 0.01
        and left < one.at.right - 0.01
        for one in taken
    )


def plain(text: str) -> str:
    """Return letters and digits of *text*, without case."""
    return "".join(sign for sign in text.casefold() if sign.isalnum())
