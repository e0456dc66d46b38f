"""The words of orders, by language, as data: labels, heads of columns, units, kinds of documents."""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

LANGUAGES: Final = ("en", "de", "zh")


@lru_cache(maxsize=8192)
def folded(text: str) -> str:
    """Return *text* as labels are compared: letters and digits alone, without case, and ``#``, which means a number."""
    plain = unicodedata.normalize("NFKC", text).casefold().replace("ß", "ss")
    return "".join(sign for sign in plain if sign.isalnum() or sign == "#")


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The words of one language or of all; each mapping goes from folded words to what they mean.

    ``words`` go from a kind (``invoice``, ``carried``, ...) to its folded words.
    """

    labels: Mapping[str, str]
    parties: Mapping[str, str]
    columns: Mapping[str, tuple[str, ...]]
    units: Mapping[str, str]
    words: Mapping[str, frozenset[str]]
    months: Mapping[str, int]


@lru_cache(maxsize=len(LANGUAGES) + 1)
def lexicon(language: str = "") -> Lexicon:
    """Return the words of *language*; those of all where none is named, the first of :data:`LANGUAGES` first."""
    found = [_load(one) for one in ([language] if language else LANGUAGES)]
    words: dict[str, set[str]] = {}
    columns: dict[str, list[str]] = {}
    months: dict[str, int] = {}
    for one in found:
        for kind, said in one["words"].items():
            if kind == "months":
                months |= _months(said)
            else:
                words.setdefault(kind, set()).update(_folded(said))
        for field, heads in one["columns"].items():
            for head in _folded(heads):
                if field not in columns.setdefault(head, []):
                    columns[head].append(field)
    return Lexicon(
        labels=_meanings(one["labels"] for one in found),
        parties=_meanings(one["parties"] for one in found),
        columns={head: tuple(fields) for head, fields in columns.items()},
        units=_meanings(one["units"] for one in found),
        words={kind: frozenset(said) for kind, said in words.items()},
        months=months,
    )


def _load(language: str) -> dict[str, Any]:
    path = Path(__file__).parents[1] / "lexicons" / f"{language}.toml"
    with path.open("rb") as file:
        return tomllib.load(file)


def _folded(said: Iterable[str]) -> list[str]:
    return [folded(one) for one in said]


def _meanings(tables: Iterable[Mapping[str, list[str]]]) -> dict[str, str]:
    """Return what each word means; the first that names it has it."""
    meanings: dict[str, str] = {}
    for table in tables:
        for meaning, said in table.items():
            for one in _folded(said):
                meanings.setdefault(one, meaning)
    return meanings


def _months(names: Iterable[str]) -> dict[str, int]:
    """Return months by name and by the first three letters."""
    found: dict[str, int] = {}
    for number, name in enumerate(names, 1):
        found |= {folded(name): number, folded(name[:3]): number}
    return found
