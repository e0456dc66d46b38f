"""The words of orders, by language, as data: labels, heads of columns, units, kinds of documents."""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Generic, TypeVar

from core.manner import Manner

LANGUAGES: Final = ("en", "de", "zh")
Meaning = TypeVar("Meaning")

#: signs of folded words that look alike in a picture
_ALIKE: Final = str.maketrans("1ijo", "lll0")


@lru_cache(maxsize=8192)
def folded(text: str) -> str:
    """Return *text* as labels are compared: letters and digits alone, without case, and ``#``, which means a number."""
    plain = unicodedata.normalize("NFKC", text).casefold().replace("ß", "ss")
    return "".join(sign for sign in plain if sign.isalnum() or sign == "#")


@lru_cache(maxsize=8192)
def shaped(text: str) -> str:
    """Return *text* as it looks: signs that a reader of pictures takes for one another are the same."""
    bare = "".join(sign for sign in unicodedata.normalize("NFD", folded(text)) if not unicodedata.combining(sign))
    return bare.replace("rn", "m").translate(_ALIKE)


def _misread(shape: str) -> int:
    """Return how many signs of a word may be misread."""
    least = 4 if shape and not shape.isascii() else 5
    return 0 if len(shape) < least else 1 + (len(shape) - least) // 4


def apart(one: str, other: str, most: int) -> int:
    """Return by how many signs two words differ (Levenshtein), or more than *most* where it is more."""
    if abs(len(one) - len(other)) > most or len(set(one) ^ set(other)) > 2 * most:
        return most + 1
    above = list(range(len(other) + 1))
    for row, sign in enumerate(one, 1):
        line = [row]
        for column, against in enumerate(other, 1):
            line.append(min(above[column] + 1, line[-1] + 1, above[column - 1] + (sign != against)))
        above = line
    return above[-1]


class Terms(Generic[Meaning]):
    """What words mean, found as they are written, or else as they look: ``Artikei-Nr.`` is ``Artikel-Nr.``.

    A shape that two words of different meanings have means nothing.
    """

    def __init__(self, meanings: Mapping[str, Meaning]) -> None:
        """Take folded words with their meanings."""
        self._written = dict(meanings)
        self._looks: dict[str, Meaning | None] = {}
        self._shapes = [(shaped(word), word) for word in meanings]
        for word, meaning in meanings.items():
            shape = shaped(word)
            self._looks[shape] = meaning if self._looks.get(shape, meaning) == meaning else None

    def of(self, text: str) -> Meaning | None:
        """Return what *text* means, None where it is no word that is known."""
        word = folded(text)
        written = self._written.get(word)
        return written if written is not None or word.isdigit() else self._looks.get(shaped(word))

    @property
    def words(self) -> Iterable[str]:
        """All of them, as they are folded."""
        return self._written.keys()

    def joined(self, more: Mapping[str, Meaning]) -> Terms[Meaning]:
        """Return these words and *more*, which win."""
        return Terms({**self._written, **more}) if more else self

    def near(self, text: str) -> str:
        """Return the word that *text* is but for a few signs, as it is folded; "" where none is, or two that differ.

        One sign of four may be misread in Chinese, of five elsewhere, and one more for every four after that.
        """
        shape = shaped(text)
        most = _misread(shape)
        if not most:
            return ""
        ranked = sorted(
            (differ, word)
            for look, word in self._shapes
            if (differ := apart(shape, look, most)) <= min(most, _misread(look))
        )
        meant = {self._written[word] for differ, word in ranked if differ == ranked[0][0]}
        return ranked[0][1] if len(meant) == 1 else ""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The words of one language or of all, and what they mean.

    ``words`` go from a kind (``invoice``, ``carried``, ...) to its folded words, ``months`` from folded names.
    ``manner`` is what is known beside of the customer whose paper is read.
    """

    labels: Terms[str]
    parties: Terms[str]
    columns: Terms[tuple[str, ...]]
    units: Terms[str]
    words: Mapping[str, frozenset[str]]
    months: Mapping[str, int]
    manner: Manner = field(default_factory=Manner)


def lexicon(language: str = "") -> Lexicon:
    """Return the words of *language*; those of all where none is named, and within :func:`reading_like` the customer's.

    The first of :data:`LANGUAGES` comes first.
    """
    return (_of_customer.get() if not language else None) or _words(language)


@contextmanager
def reading_like(manner: Manner) -> Iterator[None]:
    """Within it papers are read as those of one customer."""
    words = _words("")
    known = replace(
        words,
        labels=words.labels.joined(manner.labels),
        columns=words.columns.joined({head: (name,) for head, name in manner.columns.items()}),
        manner=manner,
    )
    token = _of_customer.set(known)
    try:
        yield
    finally:
        _of_customer.reset(token)


_of_customer: ContextVar[Lexicon | None] = ContextVar("of_customer", default=None)


@lru_cache(maxsize=len(LANGUAGES) + 1)
def _words(language: str) -> Lexicon:
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
        for name, heads in one["columns"].items():
            for head in _folded(heads):
                if name not in columns.setdefault(head, []):
                    columns[head].append(name)
    return Lexicon(
        labels=_meanings(one["labels"] for one in found),
        parties=_meanings(one["parties"] for one in found),
        columns=Terms({head: tuple(fields) for head, fields in columns.items()}),
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


def _meanings(tables: Iterable[Mapping[str, list[str]]]) -> Terms[str]:
    """Return what each word means; the first that names it has it."""
    meanings: dict[str, str] = {}
    for table in tables:
        for meaning, said in table.items():
            for one in _folded(said):
                meanings.setdefault(one, meaning)
    return Terms(meanings)


def _months(names: Iterable[str]) -> dict[str, int]:
    """Return months by name and by the first three letters."""
    found: dict[str, int] = {}
    for number, name in enumerate(names, 1):
        found |= {folded(name): number, folded(name[:3]): number}
    return found
