"""File names: which are ignored, which are refused, and which are safe to give (practices 3 and 12).

Ignored names belong to a writer that is not done; the file is left alone until it is renamed. Refused names are
moved to ``error/`` under a safe name, because a log line, a page or a share could not show them honestly.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import NamedTuple

MAX_NAME_BYTES = 180
"""Longest accepted name in bytes: the claim prefix of ``work/`` and our suffixes must fit into the system's 255."""

_TEMPORARY_SUFFIXES = (
    "~", ".part", ".partial", ".tmp", ".temp", ".writing", ".filepart", ".crdownload", ".download", ".upload",
    ".uploading", ".inprogress", ".swp",
)  # fmt: skip
_TEMPORARY_PREFIXES = (".", "~$", "#")
# The characters that make a name read otherwise than it is stored (Unicode TR 36, section 2.10).
_BIDI_CONTROLS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_UNPRINTABLE = frozenset(("Cc", "Zl", "Zp"))
# Names that a Windows share, where done/ may live, takes for devices whatever their extension.
_DEVICE_NAME = re.compile(r"(?:con|prn|aux|nul|com[1-9]|lpt[1-9])(?:\..*)?", re.IGNORECASE | re.DOTALL)


class Refusal(NamedTuple):
    """Why a file is not taken: a stable code and a sentence for the reason file."""

    code: str
    message: str


def is_ignored(name: str, include: tuple[str, ...] = (), exclude: tuple[str, ...] = ()) -> bool:
    """Tell whether *name* is no arrival: a dotfile, a temporary name, or left out by the folder's patterns.

    *include* and *exclude* are shell patterns; with no *include*, every name is included.
    """
    lower = name.lower()
    if name.startswith(_TEMPORARY_PREFIXES) or lower.endswith(_TEMPORARY_SUFFIXES):
        return True
    if include and not any(fnmatchcase(lower, pattern.lower()) for pattern in include):
        return True
    return any(fnmatchcase(lower, pattern.lower()) for pattern in exclude)


def refusal_of(name: str) -> Refusal | None:  # noqa: PLR0911 - one return a rule reads best
    """Return why *name* (as ``os.listdir`` gives it) cannot be taken, None when it can."""
    # Too long comes first: such a name is cut for work/, perhaps inside a character, and refused again after a crash.
    if len(os.fsencode(name)) > MAX_NAME_BYTES:
        return Refusal("name.too_long", f"the file name has more than {MAX_NAME_BYTES} bytes")
    try:
        name.encode()
    except UnicodeEncodeError:
        return Refusal("name.not_utf8", "the file name is not UTF-8")
    if any(character in _BIDI_CONTROLS for character in name):
        return Refusal("name.bidi_control", "the file name holds a control that turns the direction of text")
    if any(unicodedata.category(character) in _UNPRINTABLE for character in name):
        return Refusal("name.control_character", "the file name holds a control character")
    if name in {"", ".", ".."} or "/" in name or "\\" in name or "\0" in name:
        return Refusal("name.separator", "the file name holds a path separator or is none")
    if _DEVICE_NAME.fullmatch(name):
        return Refusal("name.reserved", "the file name is reserved for a device on some systems")
    return None


def safe_name(name: str) -> str:
    """Return *name* with every refused character replaced by ``_`` and cut to fit, its extension kept."""
    cleaned = "".join(
        "_"
        if character in _BIDI_CONTROLS
        or character in "/\\"
        or "\udc80" <= character <= "\udcff"
        or unicodedata.category(character) in _UNPRINTABLE
        else character
        for character in name
    )
    # A name cut in the middle of a character may hold other surrogates; "replace" turns them into "?".
    raw = cleaned.encode(errors="replace")
    if len(raw) > MAX_NAME_BYTES:
        stem, dot, extension = cleaned.rpartition(".")
        tail = (dot + extension).encode(errors="replace") if stem else b""
        tail = tail if len(tail) <= 16 else b""
        raw = raw[: MAX_NAME_BYTES - len(tail)] + tail
    cleaned = raw.decode(errors="ignore")
    if cleaned in {"", ".", ".."} or _DEVICE_NAME.fullmatch(cleaned) or cleaned.startswith("."):
        cleaned = "_" + cleaned
    return cleaned


def unused_names(folder: Path, name: str) -> Iterator[str]:
    """Yield *name*, then ``name.1``, ``name.2`` ..., starting near the first that is free in *folder*.

    A name that was free may be taken a moment later: the caller renames without overwriting and asks for the next.
    A partner who always sends ``ORDERS.edi`` fills thousands of suffixes, so the first free one is found by
    doubling and halving instead of one by one.
    """
    yield name
    low, high = 0, 1
    while os.path.lexists(folder / f"{name}.{high}"):
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        if os.path.lexists(folder / f"{name}.{middle}"):
            low = middle
        else:
            high = middle
    while True:
        yield f"{name}.{high}"
        high += 1
