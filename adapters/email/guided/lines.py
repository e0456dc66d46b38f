"""Lines of goods around the codes that a paper names: found, described, and their numbers solved together."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from adapters.email.extraction.goods import Found, Line
from adapters.email.extraction.lexicon import folded, lexicon
from adapters.email.extraction.rows import Placed, Row
from adapters.email.extraction.values import currency, unit
from adapters.email.guided.anchors import Anchor, anchors_in, leading, strangers
from adapters.email.guided.describe import described
from adapters.email.guided.heads import Head, heads_above, rows_of_heads
from adapters.email.guided.places import is_in
from adapters.email.guided.records import Record, records_of, starts_of
from adapters.email.guided.roles import BASES, Way, chosen, is_same_place, line_of
from adapters.email.guided.roles import Line as Solved
from adapters.email.guided.tokens import Day, Token, days_in, tokens_in, tokens_of
from core.hints import Goods

#: lines are counted by ones, tens or hundreds
_STEPS: Final = (1, 10, 100)
_NUMBER: Final = "number"
_LETTERS: Final = re.compile(r"[^\W\d_]{1,10}")
#: that every line of the same kind is described as the catalogue has it weighs as much as a product
_DESCRIBED: Final = 2.0


class _Parts(NamedTuple):
    """What a record is made of before its numbers are solved."""

    record: Record
    codes: tuple[Anchor, ...]
    description: list[Placed]
    days: list[Day]
    tokens: list[Token]


class _Reading(NamedTuple):
    """All records, each from one start to the next, and how much speaks for it."""

    parts: list[_Parts]
    ways: list[Way | None]
    numbers: list[Token | None]
    weight: float


def guided_lines(rows: Sequence[Row], goods: Mapping[str, Goods]) -> Found | None:
    """Return the lines of goods around the codes of *goods*; None where none stands in the rows.

    What was not understood of a line is told in ``Found.doubts``, and a code that is of no line in ``Found.unread``.
    """
    anchors = anchors_in(rows, goods)
    begins, in_column = leading(anchors)
    if not begins:
        return None
    if in_column:
        counted = {place: len(tokens_of(row)) for place, row in enumerate(rows)}
        begins = sorted([*begins, *strangers(rows, begins, counted)], key=lambda one: one.place)
    heads = heads_above(rows, begins[0].place)
    readings = [_reading(rows, records_of(rows, begins, starts), anchors, heads) for starts in starts_of(rows, begins)]
    if not readings:
        return None
    best = max(readings, key=lambda reading: reading.weight)
    found = Found()
    found.used.update(rows_of_heads(rows, begins[0].place))
    for number, (parts, way, counted_by) in enumerate(zip(best.parts, best.ways, best.numbers, strict=True), 1):
        line, doubts = _line(rows, parts, way, counted_by)
        found.lines.append(line)
        found.used.update(parts.record.places)
        found.doubts.update(f"lines.{number}.{name}" for name in doubts)
    taken = {id(one) for parts in best.parts for one in parts.codes}
    named = {parts.record.anchor.goods.sku for parts in best.parts if parts.record.anchor.goods}
    found.unread = sum(one.goods is not None and one.goods.sku not in named and id(one) not in taken for one in anchors)
    return found


def _reading(
    rows: Sequence[Row], records: Sequence[Record], anchors: Sequence[Anchor], heads: Sequence[Head]
) -> _Reading:
    parts = [_parts(rows, record, anchors) for record in records]
    numbers = _numbered(parts)
    lines: list[Solved] = []
    for one, number in zip(parts, numbers, strict=True):
        left = [token for token in one.tokens if token is not number]
        lines.append(line_of(left, one.record.anchor.goods, heads))
    ways, weight = chosen(lines)
    weight += _DESCRIBED * sum(bool(one.description) for one in parts)
    return _Reading(parts, ways, numbers, weight)


def _parts(rows: Sequence[Row], record: Record, anchors: Sequence[Anchor]) -> _Parts:
    codes = tuple(one for one in anchors if one.place in record.places and _is_of(one, record.anchor))
    codes = codes or (record.anchor,)
    taken = [word for code in codes for word in code.words]
    description = described(rows, record, taken)
    days = [one for one in days_in(rows, record) if not any(is_in(word, [*taken, *description]) for word in one.words)]
    taken += [*description, *(word for day in days for word in day.words)]
    return _Parts(record, codes, description, days, tokens_in(rows, record, taken))


def _is_of(code: Anchor, anchor: Anchor) -> bool:
    return code is anchor or (
        code.goods is not None and anchor.goods is not None and code.goods.sku == anchor.goods.sku
    )


def _numbered(parts: Sequence[_Parts]) -> list[Token | None]:
    """Return the number of each line: it counts them in steps, at one place; nothing where none does in all lines."""
    for step in _STEPS:
        first = [token for token in parts[0].tokens if token.values == (Decimal(step),) and not token.unit]
        for start in first:
            counted: list[Token | None] = [start]
            for place, one in enumerate(parts[1:], 2):
                same = (
                    token
                    for token in one.tokens
                    if token.values == (Decimal(place * step),) and is_same_place(token, start)
                )
                counted.append(next(same, None))
            is_first = all(start.at.left <= token.at.left for token in parts[0].tokens if token.offset == start.offset)
            if all(counted) and (len(parts) > 1 or is_first):
                return counted
    return [None] * len(parts)


def _line(rows: Sequence[Row], parts: _Parts, way: Way | None, number: Token | None) -> tuple[Line, set[str]]:
    """Return a line as it was found, and the names of its fields that something speaks against."""
    line = Line("known", {code.kind: list(code.words) for code in reversed(parts.codes)})
    if parts.description:
        line.words["description"] = parts.description
    if number is not None:
        line.words[_NUMBER] = list(number.words)
    doubts: set[str] = set()
    roles = way.roles if way is not None else {}
    for role, token in roles.items():
        line.words[role] = list(token.words)
    if "price" in roles and "price_basis" not in roles and (basis := _basis(rows, parts, roles["price"])):
        roles = {**roles, "price_basis": basis}
        line.words["price_basis"] = list(basis.words)
    if "quantity" in roles and (measured := _unit(rows, parts, roles["quantity"])):
        line.words["unit"] = measured
    if len(parts.days) == 1:
        line.words["date"] = list(parts.days[0].words)
    elif parts.days:
        doubts.add("requested_date")
    left = [token for token in parts.tokens if token is not number and not _is_taken(token, [*roles.values()])]
    counted = way is not None and (way.product or _is_counted(way, line))
    sure = way is not None and way.product and way.ours
    if not counted or (not sure and any(not _is_harmless(token) for token in left)):
        doubts |= {"quantity", "price"}
    if not parts.description and not (way is not None and way.ours):  # the code may be of the line above or below
        doubts |= {"sku", "requested_date"}
    return line, doubts


def _is_counted(way: Way, line: Line) -> bool:
    """Tell whether a quantity that no product proves is one: it has a unit, and its price or amount is ours."""
    return "unit" in line.words and (way.ours or not {"price", "amount"} & way.roles.keys())


def _is_taken(token: Token, roles: Sequence[Token]) -> bool:
    return any(is_in(word, one.words) for one in roles for word in token.words)


def _is_harmless(token: Token) -> bool:
    """Tell whether a number that no role took says nothing of the goods: a rate of tax, a price for one."""
    return token.percent or token.values == (Decimal(1),)


def _basis(rows: Sequence[Row], parts: _Parts, price: Token) -> Token | None:
    """Return for how many units a price is that says so behind itself, for one too: ``7,29 / 1``, ``3.20 per 100``."""
    row = rows[parts.record.anchor.place + price.offset]
    each = lexicon().words["each"]
    for token in parts.tokens:
        if token.offset != price.offset or token.values[0] not in BASES or token.at.left < price.at.right - 0.01:
            continue
        between = [
            word
            for word in row.words
            if price.at.right - 0.01 <= word.at.left and word.at.right <= token.at.left + 0.01
        ]
        said = [word.text for word in between if not currency(word.text)]
        if all(one == "/" or folded(one) in each for one in said) and (said or "/" in _around(row, token)):
            return token
    return None


def _around(row: Row, token: Token) -> str:
    """Return the words that a number is of, or is a part of."""
    return "".join(word.text for word in row.words if is_in(word, token.words))


def _measured(word: Placed) -> Placed | None:
    """Return the unit that a word begins with: ``pcs,``, and in Chinese what follows may be set against it."""
    letters = _LETTERS.match(word.text)
    if letters is None:
        return None
    whole = word.part(0, letters.end())
    if unit(whole.text):
        return whole
    first = word.part(0, 1)
    return first if not first.text.isascii() and unit(first.text) else None


def _unit(rows: Sequence[Row], parts: _Parts, quantity: Token) -> list[Placed]:
    """Return the word for the unit: it follows the quantity at once, or stands alone in a cell of its row."""
    place = parts.record.anchor.place + quantity.offset
    row = rows[place]
    right = [
        word for word in row.words if word.at.left >= quantity.at.right - 0.01 and not is_in(word, parts.description)
    ]
    glued = next(
        (word for word in row.words if is_in(word, quantity.words) and word.text != quantity.words[-1].text), None
    )
    if glued is not None:
        start = glued.text.find(quantity.words[-1].text) + len(quantity.words[-1].text)
        rest = glued.part(start, len(glued.text))
        if unit(rest.text.strip(".,;")):
            return [rest]
    if right and (measured := _measured(right[0])):
        return [measured]
    goods = parts.record.anchor.goods
    codes = [word for code in parts.codes for word in code.words]
    alone = [
        cell.words[0]
        for at in parts.record.places
        for cell in rows[at].cells
        if len(cell.words) == 1 and unit(cell.words[0].text) and not is_in(cell.words[0], [*parts.description, *codes])
    ]
    ours = [word for word in alone if goods is not None and unit(word.text) == goods.unit]
    near = sorted(
        ours or alone, key=lambda word: (word.at.top != quantity.words[0].at.top, abs(word.at.left - quantity.at.right))
    )
    return near[:1]
