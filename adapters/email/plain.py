"""Names and heads as plain text: what a sender wrote must move no cursor, hide no ending and break no line."""

from __future__ import annotations

import unicodedata
from typing import Final

#: signs that turn the direction of writing: with them ``fdp.exe`` is shown as ``exe.pdf``
_TURNING: Final = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
#: signs that steer machines (C0 and C1 but tab and the ends of lines and pages) or turn the direction of writing, and
#: halves of signs
_STEERING: Final = dict.fromkeys(
    [*range(9), 11, *range(14, 32), *range(127, 160), *range(0xD800, 0xE000), *map(ord, _TURNING)], " "
)
#: of a name as much is kept
_NAME: Final = 200


def visible(text: str) -> str:
    """Return *text* with a space for each sign that nobody sees: databases refuse NUL, and terminals obey others."""
    return text.translate(_STEERING)


def plain(text: str, most: int = 1_000) -> str:
    """Return *text* in one line, without control and direction signs, at most *most* signs of it."""
    shown = "".join(" " if sign in "\r\n\t" else sign for sign in text if sign not in _TURNING)
    kept = "".join(sign for sign in shown if sign == " " or not unicodedata.category(sign).startswith("C"))
    return " ".join(kept.split())[:most]


def file_name(given: str | None) -> str:
    """Return what to call a part: the last step of the name that its sender gave it. It is never used as a path."""
    return plain((given or "").replace("\\", "/").rsplit("/", 1)[-1], _NAME)
