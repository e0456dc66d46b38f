"""The data files of the directories, read as they are asked for.

A file tells the history of its facts: under a key stands one row for every release that changed it. A row holds from
its release on until the next one of its key, so what is alike in many releases is kept once. The files are written
by ``tools/make_directory.py``; ``additions.json`` alone is written by hand.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, Final

# importlib.resources would take more time to import than all tables of a message to read
_FOLDER: Final = Path(__file__).with_name("data")
_INDEX: Final = json.loads((_FOLDER / "releases.json").read_bytes())
#: directory releases with tables of their own, oldest first, by the name that UNH gives: version + release
RELEASES: Final[tuple[str, ...]] = tuple(_INDEX["releases"])
#: the service segments and CONTRL of syntax 1 to 3, and of syntax 4 (ISO 9735)
SYNTAXES: Final[tuple[str, ...]] = tuple(_INDEX["syntaxes"])

_AGE: Final = {name: (name[0], age) for line in (SYNTAXES, RELEASES) for age, name in enumerate(line)}


@cache
def _history(part: str) -> dict[str, dict[str, Any]]:
    """Return the rows of one data file: key -> release -> row."""
    rows: dict[str, dict[str, Any]] = json.loads((_FOLDER / f"{part}.json").read_bytes())["rows"]
    return rows


def _until(rows: dict[str, Any], release: str) -> list[tuple[str, Any]]:
    """Return the rows that count for *release*, oldest first."""
    line, age = _AGE[release]
    return [(name, row) for name, row in rows.items() if _AGE[name][0] == line and _AGE[name][1] <= age]


def keys(part: str, release: str) -> list[str]:
    """Return the keys of one part (``messages``, ``segments``, ...) that *release* has."""
    return [key for key, rows in _history(part).items() if (told := _until(rows, release)) and told[-1][1] is not None]


def row(part: str, key: str, release: str) -> Any:
    """Return what *release* says of *key*.

    A table as text for ``messages``, [name, items] for ``segments`` and ``composites``, [name, format] for
    ``elements``.

    Raises:
        KeyError: the release does not have it.
    """
    told = _until(_history(part).get(key, {}), release)
    if not told or told[-1][1] is None:
        raise KeyError(key)
    return told[-1][1]


def codes(element: str, release: str) -> frozenset[str] | None:
    """Return the codes that *release* lists for a data element, GS1's additions included; None without a list."""
    told = _until(_history("codes").get(element, {}), release)
    return _codes(element, told[-1][0]) if told else None


@cache
def _codes(element: str, since: str) -> frozenset[str] | None:
    """Return the list as it stands since the release *since*: one set for all releases that have it alike."""
    listed: set[str] = set()
    for _, change in _until(_history("codes")[element], since):
        listed.update(change[0].split())
        listed.difference_update(*map(str.split, change[1:]))
    if listed and since in RELEASES:
        listed.update(additions().get(element, ()))
    return frozenset(listed) or None


@cache
def additions() -> dict[str, dict[str, str]]:
    """Return element -> code -> name of the codes that EANCOM adds to the lists of the UN."""
    found: dict[str, dict[str, str]] = json.loads((_FOLDER / "additions.json").read_bytes())["rows"]
    return found


@cache
def names(element: str) -> dict[str, str | dict[str, str]]:
    """Return code -> name, or release -> name where it changed, over all releases.

    The file is large and asked for seldom: the one list is cut out of it and the rest is not parsed.
    """
    text = (_FOLDER / "names.json").read_text("utf-8")
    start = text.find(f'\n"{element}": {{')
    if start < 0:
        return {}
    start = text.index("{", start)
    found: dict[str, str | dict[str, str]] = json.loads(text[start : text.index("\n}", start) + 2])
    return found


def name_at(told: str | dict[str, str], release: str) -> str:
    """Return the name that holds at *release*, out of an entry of :func:`names`."""
    if isinstance(told, str):
        return told
    held = _until(told, release)
    return str(held[-1][1] if held else next(iter(told.values())))
