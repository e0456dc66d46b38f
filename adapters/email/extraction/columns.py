"""Tables: the heads of their columns, and which column each word of a row belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from adapters.email.extraction.lexicon import folded, lexicon
from adapters.email.extraction.rows import Placed, Row, gap
from adapters.email.extraction.values import days, numbers, unit
from core.reading import Box, around

#: a head has at most so many words, so many columns at least, and hardly any words beside them
_MOST_WORDS: Final = 4
_COLUMNS: Final = 3
_KNOWN: Final = 0.7
_GOODS: Final = frozenset({"sku", "gtin", "buyer_code", "description"})
_NUMBERS: Final = frozenset({"quantity", "price", "amount", "discount", "price_basis"})
_TEXTS: Final = frozenset({"description", "sku", "buyer_code", "unit", "number", "gtin"})
#: what stands where there is no number
_NONE: Final = frozenset({"-", "\u2013", "\u2014", "--", "./."})
#: a code has fewer spaces
_WORDS: Final = 2
#: costs, in heights of type: what does not fit a column at all, hardly, or a little
_FOREIGN: Final = 9.0
_UNLIKELY: Final = 3.0
_ODD: Final = 1.2
#: words nearer than this belong together
_CLOSE: Final = 0.4
#: two words of a head that stand further apart than this, and mean something each, are heads of two columns
_WIDE: Final = 0.8


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table: its field, where its head stands, if orders taught that, and what else it may mean."""

    field: str
    at: Box
    taught: bool = False
    meanings: tuple[str, ...] = ()


def head_of(words: Sequence[Placed]) -> list[Column]:
    """Return the columns that the words of a row are the head of; none where it is no head of a table of goods."""
    found: list[tuple[tuple[str, ...], Box]] = []
    taught: set[str] = set()
    known, place = 0, 0
    slash = False
    while place < len(words):
        if words[place].text == "/" and found:
            slash, place, known = True, place + 1, known + 1
            continue
        for count in range(min(_MOST_WORDS, len(words) - place), 0, -1):
            group = words[place : place + count]
            head = "".join(word.text for word in group)
            meanings = lexicon().columns.of(head) if group[-1].text != "/" else None
            if meanings and _together(group) and not _are_two(group):
                taught |= {lexicon().manner.columns.get(folded(head), "")}
                at = around(word.at for word in group)
                if slash:  # one column of two: ``Description / Part no.``
                    found[-1] = (found[-1][0], around((found[-1][1], at)))
                else:
                    found.append((meanings, at))
                known += count
                place += count
                break
        else:
            place += 1
        slash = False
    columns = _distinct(found)
    fields = {column.field for column in columns}
    if len(columns) < _COLUMNS or "quantity" not in fields or not fields & _GOODS or known < _KNOWN * len(words):
        return []
    return [replace(column, taught=column.field in taught) for column in columns]


def fitted(columns: Sequence[Column], rows: Sequence[Row]) -> list[Column]:
    """Return the columns, a head of several meanings with the one that what stands below fits: ``Item`` over a name."""
    taken = {column.field for column in columns}
    chosen = []
    for column in columns:
        free = [one for one in column.meanings if one == column.field or one not in taken]
        below = [
            cell.text for row in rows for cell in row.cells if abs(cell.at.left - column.at.left) <= column.at.height
        ]
        if len(free) > 1 and below and not column.taught:
            best = min(free, key=lambda one: (sum(unfit(text, one) for text in below), free.index(one)))
            taken = (taken - {column.field}) | {best}
            chosen.append(replace(column, field=best))
        else:
            chosen.append(column)
    return chosen


def stacked(above: Row, below: Row) -> list[Placed]:
    """Return the words of two rows as one: a head may be broken over two lines (``Unit`` over ``price``)."""
    words = list(above.words)
    for word in below.words:
        over = [one for one in words if one.at.left < word.at.right and word.at.left < one.at.right]
        if over:
            first = over[0]
            text = first.text.removesuffix("-") + ("" if first.text.endswith("-") else " ") + word.text
            words[words.index(first)] = first._replace(text=text, at=around((first.at, word.at)))
        else:
            words.append(word)
    return sorted(words, key=lambda word: word.at.left)


def assigned(words: Sequence[Placed], columns: Sequence[Column]) -> dict[str, list[Placed]]:
    """Return the words of each column: the cheapest way to hand them out from left to right.

    A word costs what it lies away from the head, by whichever edge they share, and what its kind does not fit; words
    that stand close together cost to part.
    """
    if not words:
        return {}
    if (by_order := _in_order(words, columns)) is not None:
        return by_order
    best = [[_cost(word, column) for column in columns] for word in words]
    came: list[list[int]] = []
    total = best[0]
    for number in range(1, len(words)):
        apart = gap(words[number - 1], words[number])
        row, origins = [], []
        for place in range(len(columns)):
            ways = [total[before] + _step(before == place, apart, columns[place]) for before in range(place + 1)]
            cheapest = min(range(place + 1), key=ways.__getitem__)
            row.append(ways[cheapest] + best[number][place])
            origins.append(cheapest)
        came.append(origins)
        total = row
    place = min(range(len(columns)), key=total.__getitem__)
    ways_back = [place]
    for origins in reversed(came):
        place = origins[place]
        ways_back.append(place)
    given: dict[str, list[Placed]] = {}
    for word, number in zip(words, reversed(ways_back), strict=True):
        given.setdefault(columns[number].field, []).append(word)
    return given


def _in_order(words: Sequence[Placed], columns: Sequence[Column]) -> dict[str, list[Placed]] | None:
    """Return the cells of a row by their order, where it has one for each head and all fit.

    In a mail that is set with spaces they may not stand below their heads: wide signs count as one.
    """
    cells: dict[int, list[Placed]] = {}
    for word in words:
        cells.setdefault(word.piece, []).append(word)
    set_with_spaces = words[0].gridded and words[0].at.width >= len(words[0].text)
    if not set_with_spaces or len(cells) != len(columns):
        return None
    given = {column.field: cell for column, cell in zip(columns, cells.values(), strict=True)}
    fits = all(not unfit(" ".join(word.text for word in cell), field) for field, cell in given.items())
    return given if fits else None


def _together(group: Sequence[Placed]) -> bool:
    return all(gap(before, after) < 1 for before, after in pairwise(group))


def _are_two(group: Sequence[Placed]) -> bool:
    """Tell whether words that can be read as one head are those of two: ``Unit`` beside ``Price``."""
    known = lexicon().columns
    return any(
        gap(group[place - 1], group[place]) > _WIDE
        and known.of("".join(word.text for word in group[:place])) is not None
        and known.of("".join(word.text for word in group[place:])) is not None
        for place in range(1, len(group))
    )


def _distinct(found: Sequence[tuple[tuple[str, ...], Box]]) -> list[Column]:
    """Return the columns with one field each: a head of two meanings takes the one that no other has."""
    sure = {fields[0] for fields, _ in found if len(fields) == 1}
    taken: set[str] = set()
    columns = []
    for fields, at in found:
        free = [field for field in fields if field not in taken and (len(fields) == 1 or field not in sure)]
        if free:
            taken.add(free[0])
            columns.append(Column(free[0], at, meanings=tuple(fields)))
    if not taken & _GOODS:  # ``Item`` alone is what is ordered, and no number of a line
        for place, column in enumerate(columns):
            if goods := [one for one in column.meanings if one in _GOODS]:
                columns[place] = replace(column, field=goods[0])
                break
    return sorted(columns, key=lambda column: column.at.left)


def _step(same: bool, apart: float, column: Column) -> float:  # noqa: FBT001 - a column is the same as before or not
    if same:
        return _UNLIKELY if apart > 1 and column.field in _NUMBERS else 0.0
    return _UNLIKELY if apart < _CLOSE else 0.0


def _cost(word: Placed, column: Column) -> float:
    if word.gridded:  # a cell is of the column that it stands in
        inside = column.at.left <= word.at.middle[0] <= column.at.right
        return (0.0 if inside else _UNLIKELY) + unfit(word.text, column.field)
    height = max(word.at.height, column.at.height, 1e-6)
    edges = (
        abs(word.at.left - column.at.left),
        abs(word.at.right - column.at.right),
        abs(word.at.middle[0] - column.at.middle[0]),
    )
    apart = max(0.0, word.at.left - column.at.right, column.at.left - word.at.right)
    away = min(*edges, apart) / height
    if column.field in _TEXTS and word.at.left >= column.at.left - height / 2:
        away = min(away, 0.15 * (word.at.left - column.at.left) / height)  # text runs on to the right of its head
    return away + unfit(word.text, column.field)


def unfit(text: str, field: str) -> float:
    """Return what it costs that *text* is not what *field* holds."""
    digits = text.rstrip(".")
    if field in _NUMBERS:
        if numbers(text, guessed=True) or _is_money(text) or text in _NONE:
            return 0.0
        return _ODD if unit(text) else _FOREIGN
    fits, cost = {
        "gtin": (digits.isdigit() and len(digits) in (8, 12, 13, 14), _FOREIGN),
        "unit": (bool(unit(text)), _UNLIKELY),
        "number": (digits.isdigit() and len(digits) < 6, _FOREIGN),
        "date": (bool(days(text)), _UNLIKELY),
        "sku": (_is_code(text), _ODD),
        "buyer_code": (_is_code(text), _ODD),
    }.get(field, (True, 0.0))
    return 0.0 if fits else cost


def _is_code(text: str) -> bool:
    """Tell whether a text may be a code: with a digit, and hardly of several words."""
    return any(sign.isdigit() for sign in text) and text.count(" ") < _WORDS


def _is_money(text: str) -> bool:
    """Tell whether a word is a currency or a percent sign beside a number."""
    return text in ("€", "$", "£", "¥", "%", "元") or (len(text) == 3 and text.isalpha() and text.isupper())
