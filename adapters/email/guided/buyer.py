"""Who orders: where the customer's account with us, its GLN, its tax id and its name stand on the page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from adapters.email.extraction.goods import between, joined
from adapters.email.extraction.rows import Placed, Row, spot_of
from adapters.email.extraction.solve import Fields
from adapters.email.guided.captions import captions, meaning_of, says
from adapters.email.guided.sites import span_of
from core.hints import Hints
from core.reading import Candidate

#: what may be one number by chance, and what may not
_LEAST: Final = 5
#: paths whose text stands by itself for the customer: they have a check digit, or are long
_ALONE: Final = (("buyer_gln", "gln"), ("tax_id", "tax_id"))


class _Standing(NamedTuple):
    words: list[Placed]
    captions: tuple[str, ...]


def buyer_of(rows: Sequence[Row], fields: Fields, hints: Hints) -> Fields:
    """Return the fields that name the customer where its names stand among *rows*; nothing for those that do not.

    An account may be any number by chance: it counts where its label says so, or where it has letters and no label
    gives it to something else. *fields* is what labels give.
    """
    found: Fields = {}
    names = hints.names
    if account := next(filter(_is_of_account, _standing(rows, names.account)), None):
        found["account"] = (_candidate(names.account, account.words),)
    for path, name in _ALONE:
        text = getattr(names, name)
        if path not in fields and (there := next(_standing(rows, text), None)) is not None:
            found[path] = (_candidate(text, there.words),)
    if (words := _named(rows, names.name)) is not None:
        found["buyer.name"] = (_candidate(" ".join(word.text for word in words).strip(" ,;:"), words),)
    return found


def _is_of_account(there: _Standing) -> bool:
    for caption in there.captions:
        meaning = meaning_of(caption)
        if meaning:
            return meaning == "account"
        if says(caption, "of_account"):
            return True
        if says(caption, "of_other_numbers") or says(caption, "of_others"):
            return False
    text = "".join(word.text for word in there.words)
    return len(text) >= _LEAST and not text.isdigit()


def _standing(rows: Sequence[Row], text: str) -> Iterator[_Standing]:
    """Yield where a text stands by itself, with what may name it."""
    if not text:
        return
    pattern = re.compile(rf"(?<![A-Za-z0-9.-]){re.escape(text)}(?![A-Za-z0-9-])")
    for place, row in enumerate(rows):
        for number, cell in enumerate(row.cells):
            said, words = joined(Row(row.page, (cell,)))
            for one in pattern.finditer(said):
                told = captions(rows, place, number, said[: one.start()], "")
                yield _Standing(between(words, *one.span()), tuple(told))


def _named(rows: Sequence[Row], name: str) -> list[Placed] | None:
    """Return the words of a name, which may reach over cells that stand near."""
    for row in rows:
        text, words = joined(row)
        if name and (span := span_of(text, name)) is not None:
            return between(words, *span)
    return None


def _candidate(value: str, words: Sequence[Placed]) -> Candidate:
    text = " ".join(word.text for word in words)
    return Candidate(value, text, spot_of(words), min(word.confidence for word in words), "known")
