"""Fields of the head and of the totals: values beside labels, each read strictly by what it should be."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final, Protocol

from adapters.email.extraction.banks import of_label as banks_of_label
from adapters.email.extraction.labels import Labelled, labelled
from adapters.email.extraction.lexicon import folded, lexicon
from adapters.email.extraction.rows import Placed, Row, gap, spot_of
from adapters.email.extraction.values import currency, days, names_day, numbers
from core.reading import Candidate

#: a number of an order: letters, digits and the signs between them, with a digit in it
_REFERENCE: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9./_\-]{1,34})")
#: a day behind it: ``4711/02.11.2026``
_AND_DAY: Final = re.compile(
    r"(?<=[A-Za-z0-9])[/,;|-](?=(?:\d{1,2}\.\d{1,2}\.\d{2,4}|\d{4}-\d\d-\d\d|\d{1,2}/\d{1,2}/\d{4})$)"
)
_MOST: Final = 35
_GLN: Final = re.compile(r"(?<!\d)\d{13}(?!\d)")
_ACCOUNT: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9./-]{2,19}")
#: where a label may stand for several things, those below the goods are totals
_TOTALS: Final = frozenset({"net_total", "tax_total", "total"})
#: a word that names the document, and perhaps its number behind it: ``Order HF-4711``; short ones may count something
_TITLE: Final = "title"
#: labels of any number that a document may have: its order's only where nothing says more clearly what that is
_ANY: Final = "reference"
_LONG: Final = 4
#: labels whose values may have a day behind them
_NUMBERED: Final = frozenset({"buyer_reference", _ANY, _TITLE})
#: labels whose values are told as they stand
_WORDS: Final = frozenset({"contract", "payment_terms", "delivery_terms", "tax_id"})


def fields_of(rows: Sequence[Row], *, guessed: bool) -> dict[str, tuple[Candidate, ...]]:
    """Return the candidates of each labelled field, in the order in which they stand.

    A label that the customer's orders taught leaves no room for the others.
    """
    found: dict[str, list[Candidate]] = {}
    taught: set[str] = set()
    for one in labelled(rows, lexicon().labels, lexicon().parties):
        read = _READERS.get(one.meaning)
        if read is None:
            continue
        for words in one.values if one.meaning != _TITLE else _beside(one):
            candidates = read(words, guessed=guessed)
            if candidates:
                found.setdefault("document_date", []).extend(
                    _dated(words, guessed=guessed) if one.meaning in _NUMBERED else ()
                )
                if folded("".join(word.text for word in one.label)) in lexicon().manner.labels:
                    candidates = [each._replace(reason="taught") for each in candidates]
                    taught.add(one.meaning)
                found.setdefault(one.meaning, []).extend(candidates)
                break
    for name in taught:
        found[name] = [one for one in found[name] if one.reason == "taught"]
    weak = [found.pop(name, []) for name in (_ANY, _TITLE)]
    found.setdefault("buyer_reference", next(filter(None, weak), []))
    return {name: _unlike(candidates, last=name in _TOTALS) for name, candidates in found.items() if candidates}


def _beside(title: Labelled) -> list[tuple[Placed, ...]]:
    """Return the words that follow a title at once: what stands below it is something else."""
    label = title.label[-1]
    return [words for words in title.values[:1] if 0 <= gap(label, words[0]) < 1 and words[0].at.top < label.at.bottom]


def _dated(words: Sequence[Placed], *, guessed: bool) -> list[Candidate]:
    """Read the day that follows a number: ``PO 4711 of 2 November 2026``, ``Bestellung 4711 vom 02.11.2026``."""
    if behind := _AND_DAY.search(words[0].text):
        return _day([words[0].part(behind.end(), len(words[0].text))], guessed=guessed)
    for place, word in enumerate(words[1:4], 1):
        if folded(word.text) in lexicon().words["of_day"] and place + 1 < len(words):
            return _day(words[place + 1 :], guessed=guessed)
    return []


def _unlike(candidates: Sequence[Candidate], *, last: bool) -> tuple[Candidate, ...]:
    """Return the candidates without repeats; the last total of a document is its total."""
    seen: dict[str, Candidate] = {}
    for one in reversed(candidates) if last else candidates:
        seen.setdefault(one.value, one)
    return tuple(seen.values())


def _candidate(value: str, words: Sequence[Placed], text: str = "") -> Candidate:
    said = text or " ".join(word.text for word in words)
    return Candidate(value, said, spot_of(words), min(word.confidence for word in words), "label")


def _reference(words: Sequence[Placed], **_: bool) -> list[Candidate]:
    """Read the first word with a digit, and short words before it: ``PO 4711``."""
    for count, word in enumerate(words[:3], 1):
        text = _AND_DAY.split(word.text.strip(".,;:()"))[0]
        if any(sign.isdigit() for sign in text) and _REFERENCE.fullmatch(text) and len(text) <= _MOST:
            before = [one for one in words[: count - 1] if one.text.isalpha() and one.text.isupper()]
            taken = [*before, word]
            return [_candidate(" ".join([*(one.text for one in before), text]), taken)]
    return []


def _any(words: Sequence[Placed], **_: bool) -> list[Candidate]:
    return [said._replace(reason="position") for said in _reference(words)]


def _named(words: Sequence[Placed], **_: bool) -> list[Candidate]:
    return [said for said in _reference(words) if len(said.value) >= _LONG]


def _day(words: Sequence[Placed], *, guessed: bool) -> list[Candidate]:
    """Read the fewest words that name a day, behind words like ``on or before``."""
    until = lexicon().words["until"]
    while len(words) > 1 and folded(words[0].text) in until:
        words = words[1:]
    for count in range(1, min(5, len(words)) + 1):
        text = " ".join(word.text for word in words[:count])
        read = days(text, guessed=guessed)
        if read and not (count < len(words) and days(f"{text} {words[count].text}", guessed=guessed) != read):
            sure = sure_of_day(words[:count])
            found = [_candidate(day.isoformat(), words[:count])._replace(confidence=sure) for day in read]
            by_manner = len(days(text, guessed=guessed, of_all=True)) > len(read)
            return [one._replace(reason="taught") for one in found] if by_manner else found
    return []


def sure_of_day(words: Sequence[Placed]) -> float:
    """Return how sure the least sure word of a day is, but for those that can mean nothing else: ``April``."""
    return min((word.confidence for word in words if not names_day(word.text)), default=0.0)


def _amount(words: Sequence[Placed], *, guessed: bool) -> list[Candidate]:
    """Read the last number of some words: a rate may stand before an amount."""
    for place in range(len(words) - 1, -1, -1):
        for end in range(len(words), place, -1):
            text = " ".join(word.text for word in words[place:end])
            rate = text.endswith("%") or (end < len(words) and words[end].text.startswith("%"))
            if not rate and (read := numbers(text, guessed=guessed)):
                return [_candidate(f"{one:f}", words[place:end]) for one in read]
    return []


def _currency(words: Sequence[Placed], **_: bool) -> list[Candidate]:
    code = currency(words[0].text)
    return [_candidate(code, words[:1])] if code else []


def _gln(words: Sequence[Placed], **_: bool) -> list[Candidate]:
    found = _GLN.search("".join(word.text for word in words[:4]))
    return [_candidate(found[0], words[:1] if words[0].text == found[0] else words[:4])] if found else []


def _account(words: Sequence[Placed], **_: bool) -> list[Candidate]:
    text = words[0].text.strip(".,;:)")
    return [_candidate(text, words[:1])] if _ACCOUNT.fullmatch(text) and any(map(str.isdigit, text)) else []


def _words(words: Sequence[Placed], **_: bool) -> list[Candidate]:
    return [_candidate(" ".join(word.text for word in words), words)]


def _bank(words: Sequence[Placed], **_: bool) -> list[Candidate]:
    return banks_of_label(words)


class Reader(Protocol):
    """Reads a value from the words beside its label; nothing where they are none of its kind."""

    def __call__(self, words: Sequence[Placed], *, guessed: bool) -> list[Candidate]:
        """Return the readings, the likeliest first."""
        ...


_READERS: Final[Mapping[str, Reader]] = {
    _ANY: _any,
    _TITLE: _named,
    "buyer_reference": _reference,
    "document_date": _day,
    "requested_date": _day,
    "currency": _currency,
    "account": _account,
    "buyer_gln": _gln,
    "bank": _bank,
    **dict.fromkeys(_TOTALS, _amount),
    **dict.fromkeys(_WORDS, _words),
}
