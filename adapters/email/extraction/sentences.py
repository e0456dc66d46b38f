"""Goods that are ordered in sentences: ``20 Stück 4711 Hülsen à 3,20 EUR``, ``- 5 rolls of KX200/5``, ``A-1，20 箱``.

Where a sentence tells quantity, price and amount, their product finds them, wherever they stand. Where it does not,
only such a sentence is read that is nothing but a line of goods: its quantity with a unit, a code, and perhaps a
description and a price, in one of the two orders in which people write them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import permutations
from typing import Final, NamedTuple

from adapters.email.extraction.goods import Found, Line, between, is_product, joined
from adapters.email.extraction.lexicon import folded, lexicon
from adapters.email.extraction.rows import Placed, Row
from adapters.email.extraction.values import days, numbers, unit

_NUMBER: Final = re.compile(r"(?<![\w./'\u2019\u00d7-])\d(?:[\d.,'\u2019]*\d)?(?![A-Za-z0-9/\u00d7-]|[.,'\u2019]\d)")
#: a quantity at the start or the end of a sentence; groups of three may stand apart
_QUANTITY: Final = r"\d{1,3}(?:[ '\u2019]\d{3})+|\d[\d.,'\u2019]*\d|\d"
_COUNTED: Final = re.compile(rf"({_QUANTITY})\s*([x\u00d7*](?=[\s\d]))?\s*")
_AT_END: Final = re.compile(rf"(?:^|[\s,，;:：(]|(?<=[\s,，])[x\u00d7]\s?)({_QUANTITY})\s*([^\s\d,;。()（）]+)[)）]?$")
#: the word after a quantity
_NEXT: Final = re.compile(r"\s*([^\s\d,;。()（）]+)[,，:]?")
_OF: Final = re.compile(r"\s*(?:of|von|des|der|à)\s+", re.IGNORECASE)
_CODE: Final = re.compile(r"(?<![\w-])(?=[A-Za-z0-9./-]*\d)[A-Za-z0-9]+(?:[./-][A-Za-z0-9]+)+(?![\w-])")
#: a code that the rest of its sentence proves to be one
_ANY_CODE: Final = re.compile(r"\s*(?=[A-Za-z0-9./_+-]*\d)([A-Za-z0-9][A-Za-z0-9./_+-]{1,28}[A-Za-z0-9])(?![\w])")
#: a sentence of more numbers orders no single item: any three would be tried against each other
_MOST_NUMBERS: Final = 30
#: as long as a line of a mail may be (RFC 5322, section 2.1.1)
_LONGEST: Final = 998
#: the shortest code of digits alone
_DIGITS: Final = 4
_ITEM_START: Final = re.compile(r"^\s*(?:[-*•·\u2013]\s*|\d{1,3}(?:[.)]\s+|、\s*))")
_MONEY: Final = r"(?:[A-Z]{3}|[€$£¥￥]|元)"
#: what may stand after a price
_AFTER: Final = re.compile(
    rf"\s*+({_MONEY})?\s*+(?:(?:/|\b(?:per|pro|je|each|a|netto|net)\b)\s*+(?:[^\s\d]{{1,12}}\s*+)?){{0,4}}[.,;。，]?\s*+$"
)
_MONEY_END: Final = re.compile(rf"{_MONEY}\s*$")
_WORD_END: Final = re.compile(r"(@|(?<![^\W\d_])[^\W\d_]++)\s*+[:：]?\s*+$")
_BETWEEN: Final = " ,;:，：-\u2013"
#: what stands apart at the end of a sentence
_AMOUNT: Final = re.compile(rf"{_MONEY}?\s*\d[\d.,' ]*[.,]\d\d\s*{_MONEY}?")
#: lines of one sentence stand no further apart than so many heights of type
_WRAPPED: Final = 0.8


def in_sentences(rows: Sequence[Row], found: Found) -> Found:
    """Return *found* with the goods that rows order in sentences; one may go on in the row below it."""
    goods = [_sentence(row) for row in rows]
    loose = 0
    for place, row in enumerate(rows):
        line = goods[place]
        if place in found.used:
            continue
        below = place + 1
        if (line is None or "price" not in line.words) and below < len(rows) and goods[below] is None:
            whole = _sentence(_both(row, rows[below])) if _goes_on(row, rows[below]) else None
            if whole is not None and "price" in whole.words:
                line = whole
                found.used.add(below)
        if line is not None:
            found.lines.append(line)
            found.used.add(place)
        else:
            loose += _seems_goods(row)
    found.unread = loose if found.lines else 0
    return found


def _sentence(row: Row) -> Line | None:
    """Return the goods that a sentence orders, None where it orders none for certain."""
    text, words = joined(row)
    if len(text) > _LONGEST:
        return None
    start = found.end() if (found := _ITEM_START.match(text)) else 0
    if line := _proved(text, words, start):
        return line
    amount = row.cells[-1] if len(row.cells) > 1 and _AMOUNT.fullmatch(row.cells[-1].text) else None
    if amount is not None:
        text, words = joined(Row(row.page, row.cells[:-1]))
    line = _plain(text, words, start)
    if line is not None and amount is not None:
        line.words["amount"] = list(amount.words)
    return line


def _goes_on(row: Row, below: Row) -> bool:
    return below.page == row.page and below.at.top - row.at.bottom < _WRAPPED * row.at.height


def _both(row: Row, below: Row) -> Row:
    return Row(row.page, (*row.cells, *below.cells))


def _seems_goods(row: Row) -> bool:
    """Tell whether a row begins as goods do: with a quantity and its unit, or as an item of a list with a code."""
    text, _ = joined(row)
    item = _ITEM_START.match(text)
    start = item.end() if item else 0
    counted = _COUNTED.match(text, start)
    after = _NEXT.match(text, counted.end()) if counted else None
    return bool(after and unit(after[1])) or bool(item and _CODE.search(text, start))


# What is proved by its product.


def _proved(text: str, words: list[tuple[int, Placed]], start: int) -> Line | None:
    said = [(found.start(), found.end(), numbers(found[0].rstrip(".,"))) for found in _NUMBER.finditer(text, start)]
    triple = _product(text, [one for one in said if one[2]])
    codes = [one for one in (*_CODE.finditer(text, start), *_ANY_CODE.finditer(text, start)) if is_code(one[0])]
    spans = [one[:2] for one in triple or ()]
    code = next((one for one in codes if all(one.end() <= begin or one.start() >= end for begin, end in spans)), None)
    if triple is None or code is None:
        return None
    line = Line("sentence")
    for name, (begin, end, _) in zip(("quantity", "price", "amount"), triple, strict=True):
        line.words[name] = between(words, begin, end)
    after = _NEXT.match(text, triple[0][1])
    if after and unit(after[1]):
        line.words["unit"] = between(words, after.start(1), after.end(1))
    line.words["sku"] = between(words, *_trimmed(text, code.start(), code.end()))
    end = min((begin for begin, _, _ in triple if begin > code.end()), default=len(text))
    if described := _described(between(words, code.end(), end)):
        line.words["description"] = described
    return line


def _described(words: list[Placed]) -> list[Placed]:
    """Return the words of a description without what leads over to the price: ``at``, ``zu je``, a comma."""
    each = lexicon().words["each"]
    while words and (not words[-1].text.strip(" ,;:=") or folded(words[-1].text) in each):
        words = words[:-1]
    if words and (text := words[-1].text.rstrip(" ,;:，")) != words[-1].text:
        words = [*words[:-1], words[-1].part(0, len(text))]
    return [word for word in words if word.text]


Said = tuple[int, int, list[Decimal]]


def _product(text: str, said: Sequence[Said]) -> tuple[Said, Said, Said] | None:
    """Return quantity, price and amount of a sentence: two whose product is a third that stands last."""
    pairs = [
        (quantity, price)
        for quantity, price in permutations(said[:-1] if len(said) <= _MOST_NUMBERS else (), 2)
        if any(is_product(q, p, a) for q in quantity[2] for p in price[2] for a in said[-1][2])
    ]
    if not pairs:
        return None

    def strange(pair: tuple[Said, Said]) -> tuple[bool, bool]:
        (_, end, readings), _ = pair
        after = _NEXT.match(text, end)
        return not (after and unit(after[1])), readings[0] != readings[0].to_integral_value()

    return (*min(pairs, key=strange), said[-1])


# What is nothing but a line of goods.


class _Span(NamedTuple):
    start: int
    end: int


def _plain(text: str, words: list[tuple[int, Placed]], start: int) -> Line | None:
    """Return the goods of a sentence that is nothing but them; its price may stand at its end."""
    price, end = _price(text, start)
    spans = _counted_first(text, start, end) or _code_first(text, start, end)
    if spans is None:
        return None
    line = Line("sentence", {name: between(words, *span) for name, span in spans.items()})
    if price is not None:
        line.words["price"] = between(words, *price)
    return line if all(line.words.values()) else None


def _price(text: str, start: int) -> tuple[_Span | None, int]:
    """Return where the price at the end of a sentence stands, and where what leads to it begins."""
    whole = len(text.rstrip(" .;,。，"))
    last = next(reversed(list(_NUMBER.finditer(text, start))), None)
    if last is None or not (after := _AFTER.match(text, last.end())) or not numbers(last[0]):
        return None, whole
    before, told = text[: last.start()], bool(after[1])
    if money := _MONEY_END.search(before):
        before, told = before[: money.start()], True
    each = lexicon().words["each"]
    while (word := _WORD_END.search(before)) and (word[1] == "@" or folded(word[1]) in each):
        before, told = before[: word.start()], True
    return (_Span(last.start(), last.end()), len(before.rstrip(_BETWEEN))) if told else (None, whole)


def _counted_first(text: str, start: int, end: int) -> dict[str, _Span] | None:
    counted = _COUNTED.match(text, start, end)
    if counted is None or not numbers(counted[1]):
        return None
    spans = {"quantity": _Span(*counted.span(1))}
    at = counted.end()
    if (said := _NEXT.match(text, at, end)) and unit(said[1]):
        spans["unit"] = _Span(*said.span(1))
        at = said.end()
    elif not counted[2]:
        return None
    if of := _OF.match(text, at, end):
        at = of.end()
    code = _code_at(text, at, end)
    if code is None:
        return None
    return spans | _with_description(text, code, code.end, end)


def _code_first(text: str, start: int, end: int) -> dict[str, _Span] | None:
    code = _code_at(text, start, end)
    counted = _AT_END.search(text[:end], code.end) if code is not None else None
    if code is None or counted is None or not numbers(counted[1]) or not unit(counted[2]):
        return None
    spans = {"quantity": _Span(*counted.span(1)), "unit": _Span(*counted.span(2))}
    return spans | _with_description(text, code, code.end, counted.start(1))


def _code_at(text: str, at: int, end: int) -> _Span | None:
    """Return where the code stands that begins there, alone or after the word for one: ``Art.-Nr. 4711``."""
    found = _ANY_CODE.match(text, at, end)
    if found is None and (said := _NEXT.match(text, at, end)) and "sku" in (lexicon().columns.of(said[1]) or ()):
        found = _ANY_CODE.match(text, said.end(), end)
    return _Span(*_trimmed(text, *found.span(1))) if found is not None and is_code(found[1]) else None


def _with_description(text: str, code: _Span, start: int, end: int) -> dict[str, _Span]:
    said = text[start:end]
    left = len(said) - len(said.lstrip(_BETWEEN))
    described = _Span(start + left, start + len(said.rstrip(_BETWEEN + "x\u00d7")))
    return {"sku": code} | ({"description": described} if described.end > described.start else {})


def is_code(text: str) -> bool:
    """Tell whether a word may be the code of an item: with a digit, and neither a number nor a day."""
    said = text.strip()
    if said.isdigit():
        return len(said) >= _DIGITS
    return any(map(str.isdigit, said)) and not days(said) and not (said[:1].isdigit() and numbers(said))


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    said = text[start:end]
    return start + len(said) - len(said.lstrip()), end - (len(said) - len(said.rstrip()))
