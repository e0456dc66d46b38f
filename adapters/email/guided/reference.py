"""The number of the order: what stands on the page in a form of the customer's earlier numbers, whatever names it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Final, Literal, NamedTuple

from adapters.email.extraction.goods import between, joined
from adapters.email.extraction.rows import Row, spot_of
from adapters.email.extraction.values import days
from adapters.email.guided.captions import captions, meaning_of, says
from core.hints import Hints
from core.reading import Candidate

#: whose number it is by its caption
Whose = Literal["order", "other", ""]

_ORDER: Final = frozenset({"buyer_reference", "reference", "title", "document_date"})
#: after one of these, and before one, a number may begin or end that stands in one word with something else
_PARTING: Final = "/,;|.-_"
_ABBREVIATED: Final = re.compile(r"[^\W\d_]{2,}[./]$")


class _Formed(NamedTuple):
    candidate: Candidate
    whose: Whose


def reference_of(rows: Sequence[Row], said: Sequence[Candidate], hints: Hints) -> tuple[Candidate, ...]:
    """Return the candidates for the number of the order; *said* are those that labels give.

    A number in a known form is the order's where its caption says so, else where it is the only one whose caption does
    not name something else. Several are all told, as is one of digits alone that nothing names beside another that a
    label names: these are doubts.
    """
    found = list(_in_forms(rows, hints))
    best = _values(one for one in found if one.whose == "order")
    named = bool(best)
    best = best or _values(one for one in found if not one.whose) or _values(found)
    if not best:
        return tuple(said)
    others = [one for one in said if one.reason != "position" and one.value not in {each.value for each in best}]
    if others and not named and best[0].value.isdigit():
        return (*others, *best)
    return tuple(best)


def _values(found: Iterable[_Formed]) -> list[Candidate]:
    values: dict[str, Candidate] = {}
    for one in found:
        values.setdefault(one.candidate.value, one.candidate)
    return list(values.values())


def _in_forms(rows: Sequence[Row], hints: Hints) -> Iterator[_Formed]:
    """Yield every text in one of the forms that names nothing else that is known: an item, or the customer."""
    known = {*hints.goods, *hints.names}
    for place, row in enumerate(rows):
        for number, cell in enumerate(row.cells):
            text, words = joined(Row(row.page, (cell,)))
            for start, end in _spans(text, hints.references):
                if (value := text[start:end]) not in known:
                    inside = between(words, start, end)
                    sure = min(word.confidence for word in inside)
                    whose = _whose(captions(rows, place, number, text[:start], ""))
                    yield _Formed(Candidate(value, value, spot_of(inside), sure, "known"), whose)


def _spans(text: str, forms: Collection[str]) -> Iterator[tuple[int, int]]:
    """Yield where texts in the forms start and end, which are no parts of longer ones."""
    for form in sorted(forms):
        pattern = "".join("[0-9]" if sign == "9" else re.escape(sign) for sign in form)
        for found in re.finditer(rf"(?<![A-Za-z0-9]){pattern}(?![A-Za-z0-9])", text):
            if _begins(text[: found.start()]) and _ends(text[found.end() :]):
                yield found.span()


def _begins(before: str) -> bool:
    """Tell whether a number may begin behind a text: at a space, or behind a label that is glued to it."""
    return not before.endswith(tuple(_PARTING)) or _ABBREVIATED.search(before) is not None or before[-2:-1] in ("", " ")


def _ends(after: str) -> bool:
    """Tell whether a number may end before a text: at a space, a mark, or a day that is glued to it."""
    if not after or after[0] not in _PARTING:
        return True
    rest = after[1:].split(" ", maxsplit=1)[0]
    return not rest[:1].isalnum() or bool(days(rest))


def _whose(told: Iterable[str]) -> Whose:
    for caption in told:
        meaning = meaning_of(caption)
        if meaning in _ORDER:
            return "order"
        if meaning or says(caption, "of_others") or says(caption, "of_other_numbers"):
            return "other"
        if says(caption, "of_order"):
            return "order"
    return ""
