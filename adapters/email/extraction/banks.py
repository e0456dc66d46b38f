"""Bank details: what stands beside the label of one, and every IBAN wherever it stands (ISO 13616-1)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from stdnum import iban

from adapters.email.extraction.labels import starts_with_label
from adapters.email.extraction.lexicon import lexicon
from adapters.email.extraction.rows import Cell, Placed, Row, spot_of
from core.reading import Candidate

_BANK: Final = "bank"
#: the longest that a country may have
_MOST: Final = 34
#: how one begins, and what follows in groups
_BEGINS: Final = re.compile(r"(?<![^\W_])[A-Z]{2}\d\d(?:-?[A-Z0-9])*(?![^\W_])")
_GROUP: Final = re.compile(r"(?:-?[A-Z0-9])+(?![^\W_])")

#: a number, or a BIC (ISO 9362)
_NUMBER: Final = re.compile(r"\W*(?:\w*\d|[A-Z]{8}(?:[A-Z0-9]{3})?\b)")


class _Run(NamedTuple):
    """Words that stand together, from the one to before the other."""

    account: str
    start: int
    end: int


def of_label(words: Sequence[Placed]) -> list[Candidate]:
    """Return the details that stand behind a label, each by itself: an IBAN in one word, the others as they stand."""
    found: list[Candidate] = []
    left: list[Placed] = []
    ibans = {run.start: run for run in _ibans(words)}
    place = 0
    while place < len(words):
        if (run := ibans.get(place)) is not None:
            found += [*_as_it_stands(left), _candidate(run.account, words[run.start : run.end], "label")]
            left, place = [], run.end
        elif (label := _label(words[place:])) is not None:
            found += _as_it_stands(left)
            left, place = [], place + label
        else:
            left.append(words[place])
            place += 1
    return [*found, *_as_it_stands(left)]


def with_ibans(said: Iterable[Candidate], rows: Iterable[Row]) -> tuple[Candidate, ...]:
    """Return what labels named, and every other IBAN of a document: a sentence may name one, too."""
    found = {one.value: one for one in said}
    for row in rows:
        words = row.words
        for run in _ibans(words):
            found.setdefault(run.account, _candidate(run.account, words[run.start : run.end], "position"))
    return tuple(found.values())


def _label(words: Sequence[Placed]) -> int | None:
    """Return how many words the label of another detail has that they begin with: ``BIC``, not the ``Bank AG`` of one.

    None, too, where the label and its value are one word.
    """
    found = starts_with_label(Cell(tuple(words)), lexicon().labels)
    if found is None or found[0] != _BANK or not found[2]:
        return None
    count, value = len(words) - len(found[2]), found[2][0]
    named = found[1][-1].text.endswith((":", "：")) or _NUMBER.match(value.text)
    return count if named and count and words[count] == value else None


def _ibans(words: Sequence[Placed]) -> Iterator[_Run]:
    """Yield every run of words that is an IBAN with the right check digits."""
    place = 0
    while place < len(words):
        run = _iban(words, place)
        if run is not None:
            yield run
        place = run.end if run is not None else place + 1


def _iban(words: Sequence[Placed], start: int) -> _Run | None:
    """Return the IBAN that begins in a word, and ends there or in one of the next."""
    text = words[start].text.upper()
    for begun in _BEGINS.finditer(text):
        account, ended = begun[0].replace("-", ""), begun.end() < len(text)
        for end in range(start + 1, len(words) + 1):
            if len(account) > _MOST:
                break
            if iban.is_valid(account):
                return _Run(account, start, end)
            more = None if ended or end == len(words) else _GROUP.match(words[end].text.upper())
            if more is None:
                break
            account, ended = account + more[0].replace("-", ""), more.end() < len(words[end].text)
    return None


def _as_it_stands(words: Sequence[Placed]) -> list[Candidate]:
    said = " ".join(word.text for word in words)
    return [_candidate(said, words, "label")] if any(map(str.isalnum, said)) else []


def _candidate(value: str, words: Sequence[Placed], reason: str) -> Candidate:
    text = " ".join(word.text for word in words)
    return Candidate(value, text, spot_of(words), min(word.confidence for word in words), reason)
