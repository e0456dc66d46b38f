"""Where a paper names items that are known: a code is found by what it says, whatever stands above it."""

from __future__ import annotations

import re
from bisect import bisect
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final, Literal, NamedTuple

from adapters.email.extraction.lexicon import folded
from adapters.email.extraction.rows import Cell, Placed, Row, gap
from adapters.email.extraction.sentences import is_code
from core.hints import Goods
from core.reading import Box, around

#: a code that is set with spaces has at most so many words, no further apart than so many heights of type
_MOST_WORDS: Final = 3
_SPACE: Final = 1.0
_EDGES: Final = ".,:;()[]{}<>#*\"'|\u00b7\uff0c\uff1a\uff08\uff09"
#: what a code may look like within a word: ``物料1004711``, ``Art:HZ-1980``
_WITHIN: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9./_-]*[A-Za-z0-9])?")
#: the number of a line that is set against its code has at most so many digits, and the code at least so many signs
_GLUED: Final = 4
_LEAST: Final = 5
#: shorter codes of digits alone are quantities, too
_DIGITS: Final = 4
#: the edges of a column lie within so many heights of type
_ALIGNED: Final = 0.7
#: so many of the codes of a kind stand in one column, where they stand in columns
_MOST_OF: Final = 0.6
#: an item that is not known may be the first; its code is looked for so many rows above the first that is
_ROWS_BEFORE: Final = 12
#: lines stand apart by no more than so many times the widest step between known ones, an only one by so many heights
_REACH: Final = 1.5
_ALONE: Final = 8
#: a code that is broken over two lines goes on within so many heights of type
_BROKEN: Final = 1.6

Kind = Literal["sku", "gtin", "buyer_code"]
_KINDS: Final[tuple[Kind, ...]] = ("sku", "gtin", "buyer_code")


class Anchor(NamedTuple):
    """A code on a row, and the item that it names; None where only its place says that it is one."""

    place: int
    words: tuple[Placed, ...]
    kind: Kind
    goods: Goods | None

    @property
    def at(self) -> Box:
        """Where it stands."""
        return around(word.at for word in self.words)


def anchors_in(rows: Sequence[Row], goods: Mapping[str, Goods]) -> list[Anchor]:
    """Return every code of the rows that names an item, from the top, and each row from the left."""
    return [one for place in range(len(rows)) for one in _in_row(rows, place, goods)]


def leading(anchors: Sequence[Anchor]) -> tuple[list[Anchor], bool]:
    """Return the codes that each begin a line of goods, and whether they stand in one column.

    A line may name its item twice, by our code and by a GTIN: the kind that most lines have counts. Where most of a
    kind stand below each other, another one is a mention: ``replaces KX-200``.
    """
    best: tuple[list[Anchor], bool] = ([], False)
    for kind in _KINDS:
        own = [one for one in anchors if one.kind == kind]
        boxes = [one.at for one in own]
        column = max(
            (_beside(own, boxes, box) for box in {(at.left, at.right): at for at in boxes}.values()),
            key=len,
            default=[],
        )
        found = (column, True) if len(own) > 1 and len(column) >= _MOST_OF * len(own) else (own, False)
        if len(found[0]) > len(best[0]):
            best = found
    return best


def strangers(rows: Sequence[Row], column: Sequence[Anchor], numbered: Mapping[int, int]) -> list[Anchor]:
    """Return what stands in the column of the codes, looks like one, and names no item that is known.

    *numbered* tells how many numbers a row has. What stands at the same distance below or above most of the others, as
    something does there, is no line of its own: the customer's code below ours, the quantity of a card.
    """
    if not column:
        return []
    places = sorted({one.place for one in column})
    least = max(1, min(numbered.get(place, 0) for place in places) // 2)
    leads: Counter[str] = Counter(_lead(rows[one.place], one.words[0]) for one in column)
    commonest, count = leads.most_common(1)[0]
    lead = commonest if 2 * count >= len(column) else None
    found: list[tuple[int, int, Anchor]] = []
    below: Counter[int] = Counter()
    above: Counter[int] = Counter()
    edges = {at._replace(top=0.0, bottom=at.height): one for one in reversed(column) for at in [one.at]}
    for place in range(max(0, places[0] - _ROWS_BEFORE), len(rows)):
        if place in places:
            continue
        row, later = rows[place], bisect(places, place)
        before = places[later - 1] if later else -len(rows)
        after = places[later] if later < len(places) else 2 * len(rows)
        for word in row.words:
            near = next((one for at, one in edges.items() if _is_below(at, word.at)), None)
            if near is None:
                continue
            since, until = place - before, after - place
            below[since], above[until] = below[since] + 1, above[until] + 1
            is_one = (
                not word.text.startswith("+") and is_code(word.text.strip(_EDGES)) and lead in (None, _lead(row, word))
            )
            others = numbered.get(place, 0) - word.text.isdigit()  # a postal code is a number itself
            if is_one and others >= least:
                found.append((since, until, Anchor(place, (word,), near.kind, None)))
            break
    most = len(places) if len(places) > 1 else 2 * len(rows)
    lone = [one for since, until, one in found if 2 * max(below[since], above[until]) <= most]
    return _in_reach(rows, places, lone)


def _may_be_code(text: str) -> bool:
    return not text.startswith("+") and is_code(text.strip(_EDGES))


def _in_reach(rows: Sequence[Row], places: Sequence[int], lone: Sequence[Anchor]) -> list[Anchor]:
    """Return those that stand no further from a line than lines do from each other: a telephone number does."""
    tops = {place: (rows[place].page, rows[place].at.top) for place in (*places, *(one.place for one in lone))}
    steps = [tops[two][1] - tops[one][1] for one, two in pairwise(places) if tops[one][0] == tops[two][0]]
    reach = _REACH * max(steps, default=_ALONE * rows[places[0]].at.height)
    reached, left = set(places), list(lone)
    while near := [
        one
        for one in left
        if any(
            tops[one.place][0] == tops[place][0] and abs(tops[one.place][1] - tops[place][1]) <= reach
            for place in reached
        )
    ]:
        reached.update(one.place for one in near)
        left = [one for one in left if one.place not in reached]
    return [one for one in lone if one.place in reached]


def _lead(row: Row, word: Placed) -> str:
    """Return the words before another on its row, without numbers: a label, or nothing in a table."""
    before = [one.text for one in row.words if one.at.right <= word.at.left + 0.01]
    return "".join(folded(text) for text in before if not any(map(str.isdigit, text)))


def _is_below(one: Box, other: Box) -> bool:
    near = _ALIGNED * max(one.height, other.height)
    return abs(one.left - other.left) <= near


def _beside(anchors: Sequence[Anchor], boxes: Sequence[Box], one: Box) -> list[Anchor]:
    """Return the codes that share an edge with *one*, one of each row."""
    near, middle = _ALIGNED * one.height, one.middle[0]
    placed = list(zip(anchors, boxes, strict=True))
    ways = (
        {other.place: other for other, at in placed if abs(at.left - one.left) <= near},
        {other.place: other for other, at in placed if abs(at.right - one.right) <= near},
        {other.place: other for other, at in placed if abs(at.middle[0] - middle) <= near},
    )
    return list(max(ways, key=len).values())


def _in_row(rows: Sequence[Row], place: int, goods: Mapping[str, Goods]) -> Iterator[Anchor]:
    for cell in rows[place].cells:
        words = list(cell.words)
        while words:
            for count in range(min(_MOST_WORDS, len(words)), 0, -1):
                group = words[:count]
                if any(gap(before, after) > _SPACE for before, after in pairwise(group)):
                    continue
                if (named := _named(group, goods)) is not None:
                    yield _anchor(place, *named, goods)
                    words = words[count:]
                    break
            else:
                word = words.pop(0)
                if (part := _within(word, goods)) is not None:
                    yield _anchor(place, part.text, (part,), goods)
        if (broken := _broken(rows, place, cell, goods)) is not None:
            yield _anchor(place, *broken, goods)


def _anchor(place: int, code: str, words: tuple[Placed, ...], goods: Mapping[str, Goods]) -> Anchor:
    named = goods[code]
    kind: Kind = "sku" if code == named.sku else "gtin" if code == named.gtin else "buyer_code"
    return Anchor(place, words, kind, named)


def _named(group: Sequence[Placed], goods: Mapping[str, Goods]) -> tuple[str, tuple[Placed, ...]] | None:
    """Return the code that whole words are, without the marks around it."""
    bare = _bare(group)
    for text in dict.fromkeys(("".join(word.text for word in bare), " ".join(word.text for word in bare))):
        if text in goods and not (text.isdigit() and len(text) < _DIGITS):
            return text, bare
    return None


def _bare(group: Sequence[Placed]) -> tuple[Placed, ...]:
    words = list(group)
    first = words[0].text
    words[0] = words[0].part(len(first) - len(first.lstrip(_EDGES)), len(first))
    words[-1] = words[-1].part(0, len(words[-1].text.rstrip(_EDGES)))
    return tuple(words)


def _within(word: Placed, goods: Mapping[str, Goods]) -> Placed | None:
    """Return the part of a word that is a code: after a label, before a word of Chinese, or behind a line's number."""
    for found in _WITHIN.finditer(word.text):
        start, text = found.start(), found[0]
        for cut in range(min(_GLUED, max(0, len(text) - _LEAST)) + 1):
            if (cut == 0 or text[:cut].isdigit()) and text[cut:] in goods and (cut or text != word.text):
                return word.part(start + cut, found.end())
    return None


def _broken(
    rows: Sequence[Row], place: int, cell: Cell, goods: Mapping[str, Goods]
) -> tuple[str, tuple[Placed, ...]] | None:
    """Return the code that begins as the last word of a cell and goes on below it: ``V4A-M6-`` over ``20``."""
    if len(cell.words) > 1 or place + 1 >= len(rows) or rows[place + 1].page != rows[place].page:
        return None
    below = rows[place + 1]
    if below.at.top - cell.at.bottom > _BROKEN * cell.at.height:
        return None
    for other in below.cells:
        if abs(other.at.left - cell.at.left) <= _ALIGNED * cell.at.height:
            text = cell.words[0].text + other.words[0].text
            return (text, (cell.words[0], other.words[0])) if text in goods else None
    return None
