"""Lines of goods around the codes that a paper names: found, described, and their numbers solved together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from adapters.email.extraction.goods import Found, Line
from adapters.email.extraction.rows import Row
from adapters.email.guided.anchors import Anchor, anchors_in, leading, strangers
from adapters.email.guided.describe import described
from adapters.email.guided.doubts import doubts_of, is_taken, may_be_goods, model_of
from adapters.email.guided.heads import Head, heads_above, rows_of_heads
from adapters.email.guided.parts import Parts
from adapters.email.guided.places import is_in
from adapters.email.guided.records import Record, is_own, records_of, starts_of
from adapters.email.guided.roles import Line as Solved
from adapters.email.guided.roles import Way, chosen, is_same_place, line_of
from adapters.email.guided.tokens import Day, Token, days_in, tokens_in, tokens_of
from adapters.email.guided.units import basis_of, unit_of
from core.hints import Goods

#: lines are counted by ones, tens or hundreds
_STEPS: Final = (1, 10, 100)
_NUMBER: Final = "number"
#: that every line of the same kind is described as the catalogue has it weighs as much as a product
_DESCRIBED: Final = 2.0
#: so does, a little, that each has one day: where they begin decides which of two it is
_DATED: Final = 0.5


class _Reading(NamedTuple):
    """All records, each from one start to the next, and how much speaks for it."""

    parts: list[Parts]
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
    model = model_of(
        (one.tokens, way, number) for one, way, number in zip(best.parts, best.ways, best.numbers, strict=True)
    )
    records = [one.record for one in best.parts]
    for number, (parts, way, counted_by) in enumerate(zip(best.parts, best.ways, best.numbers, strict=True), 1):
        roles = _roles(rows, parts, way)
        left = [one for one in parts.tokens if one is not counted_by and not is_taken(one, [*roles.values()])]
        line = _line(rows, parts, roles, counted_by)
        places = parts.record.places
        if number == len(best.parts) or rows[best.parts[number].record.places[0]].page != rows[places[0]].page:
            places = _without_foot(rows, places, line)
        within = [one for one in left if parts.record.anchor.place + one.offset in places]
        doubts = doubts_of(parts, way, within, model, measured="unit" in line.words)
        if not all(_is_own(rows, day, parts.record, records) for day in parts.days):
            doubts.add("requested_date")
        found.lines.append(line)
        found.unread += may_be_goods(left, way, model)
        found.used.update(places)
        found.doubts.update(f"lines.{number}.{name}" for name in doubts)
    taken = {id(one) for parts in best.parts for one in parts.codes}
    named = {parts.record.anchor.goods.sku for parts in best.parts if parts.record.anchor.goods}
    found.unread += sum(
        one.goods is not None and one.goods.sku not in named and id(one) not in taken for one in anchors
    )
    return found


def _without_foot(rows: Sequence[Row], places: Sequence[int], line: Line) -> tuple[int, ...]:
    """Return the places of the last line of a page without the rows below all that it says: the totals, or a note."""
    said = [word for words in line.words.values() for word in words]
    last = max(place for place in places if any(is_in(word, said) for word in rows[place].words))
    return tuple(place for place in places if place <= last)


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
    weight -= sum(not _is_own(rows, day, one.record, records) for one in parts for day in one.days)
    weight += _DATED * sum(len(one.days) == 1 for one in parts)
    return _Reading(parts, ways, numbers, weight)


def _is_own(rows: Sequence[Row], day: Day, record: Record, records: Sequence[Record]) -> bool:
    """Tell whether a day stands by its line and not by the next one."""
    return is_own(rows, record.anchor.place + day.offset, record, records)


def _parts(rows: Sequence[Row], record: Record, anchors: Sequence[Anchor]) -> Parts:
    codes = tuple(one for one in anchors if one.place in record.places and _is_of(one, record.anchor))
    codes = codes or (record.anchor,)
    taken = [word for code in codes for word in code.words]
    description = described(rows, record, taken)
    days = [one for one in days_in(rows, record) if not any(is_in(word, [*taken, *description]) for word in one.words)]
    taken += [*description, *(word for day in days for word in day.words)]
    return Parts(record, codes, description, days, tokens_in(rows, record, taken))


def _is_of(code: Anchor, anchor: Anchor) -> bool:
    return code is anchor or (
        code.goods is not None and anchor.goods is not None and code.goods.sku == anchor.goods.sku
    )


def _numbered(parts: Sequence[Parts]) -> list[Token | None]:
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


def _roles(rows: Sequence[Row], parts: Parts, way: Way | None) -> dict[str, Token]:
    roles = dict(way.roles) if way is not None else {}
    if "price" in roles and "price_basis" not in roles and (basis := basis_of(rows, parts, roles)):
        roles["price_basis"] = basis
    return roles


def _line(rows: Sequence[Row], parts: Parts, roles: Mapping[str, Token], number: Token | None) -> Line:
    """Return a line as it was found."""
    line = Line("known", {code.kind: list(code.words) for code in reversed(parts.codes)})
    if parts.description:
        line.words["description"] = parts.description
    if number is not None:
        line.words[_NUMBER] = list(number.words)
    for role, token in roles.items():
        line.words[role] = list(token.words)
    if "quantity" in roles and (measured := unit_of(rows, parts, roles["quantity"])):
        line.words["unit"] = measured
    if len(parts.days) == 1:
        line.words["date"] = list(parts.days[0].words)
    return line
