"""Values beside their labels: the rest of a cell, what stands to the right, or what stands below."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from adapters.email.extraction.lexicon import Terms
from adapters.email.extraction.rows import Cell, Placed, Row

#: a label has at most so many words
MOST_WORDS: Final = 6
#: a value below its label starts within so many heights of type under it
_BELOW: Final = 2.6
#: between a label and its value there may be so many heights of type
_RIGHT: Final = 40.0
#: behind a label whose value stands elsewhere there are at most so many words: ``Order No. (please quote)``
_MOST_BESIDE: Final = 4
#: labels that begin with words that anything may begin with
_BESIDE: Final = frozenset({"other", "contact", "bank", "page", "title", "payment_terms", "delivery_terms"})
#: so many labels in a row are one, and may stand below their values
_IN_A_ROW: Final = 2
_RATE: Final = re.compile(r"(?:\b(?:at|zu|von|mit)\s+)?\(?(?<!\d)\d++(?:[.,]\d++)?\s*+%\)?")
_PLUS: Final = re.compile(r"^\s*(?:zzgl|inkl|incl|plus|add|davon|abzgl|less|\+)\b\.?\s*", re.IGNORECASE)
_COLON: Final = re.compile(r"[:：]")
#: boxes of forms and terms are numbered: ``5. Deliver to``, ``(2) 交货地点``
_NUMBERED: Final = re.compile(r"^(?:\(?\d{1,2}(?:\.\d{1,2})?[.)、:]|\(\d{1,2}\)|\d{1,2}(?=[^\x00-\x7f]))\s*")
#: alone in its box, without a mark, too: ``5 Deliver to``
_BOXED: Final = re.compile(r"^\d{1,2} (?=[^\W\d_])")
#: a value may follow its label without a space: ``订单号NH-4711``, ``PO#4711``
_GLUED: Final = re.compile(r"(?:[A-Za-z]{0,3}[^\W\d_a-zA-Z]{2,}#?|[A-Za-z./]{2,}#)(?=[A-Za-z0-9])")


class Labelled(NamedTuple):
    """A label that was found: what it means, its words, and the words of the value in the order of likelihood."""

    meaning: str
    label: tuple[Placed, ...]
    values: tuple[tuple[Placed, ...], ...]


def labelled(rows: Sequence[Row], meanings: Terms[str], others: Terms[str]) -> Iterator[Labelled]:
    """Yield every label of *meanings* with the words that may be its value.

    A longer label of *others* is that one: ``Delivery`` before a day, ``Delivery address`` before an address.
    """
    for place, row in enumerate(rows):
        for number, cell in _cells(row):
            right = row.cells[number + 1] if number + 1 < len(row.cells) else None
            near = _value(right) if right is not None and is_near(cell, right) else None
            above = _above(rows, place, cell, meanings, others)
            around = [one for one in (above or near, None if above else below(rows, place, cell)) if one is not None]
            if both := _of_two(cell, around, meanings):
                yield from both
                continue
            found, longer = starts_with_label(cell, meanings), starts_with_label(cell, others)
            if found is None or (longer is not None and len(longer[2]) < len(found[2])):
                continue
            meaning, label, rest = found
            values = [rest] if rest else []
            if len(rest) > _MOST_BESIDE and not label[-1].text.endswith((":", "：")):
                yield Labelled(meaning, label, (rest,))  # a sentence: what stands around it is not its value
                continue
            values += [one.words for one in around if starts_with_label(one, meanings) is None]
            if near is not None and len(row.cells) > number + 2:  # a value may be broken apart
                values.append((*near.words, *row.cells[number + 2].words))
            yield Labelled(meaning, label, tuple(values))


def _cells(row: Row) -> Iterator[tuple[int, Cell]]:
    """Yield the cells of a row by their number, and what stands in brackets at the end of one as one more."""
    for number, cell in enumerate(row.cells):
        yield number, cell
        opened = next((place for place, word in enumerate(cell.words) if place and word.text.startswith("(")), None)
        if opened is not None:
            first = cell.words[opened]
            inside = (first.part(1, len(first.text)), *cell.words[opened + 1 :])
            yield number, Cell(tuple(word for word in inside if word.text))


def starts_with_label(cell: Cell, meanings: Terms[str]) -> tuple[str, tuple[Placed, ...], tuple[Placed, ...]] | None:
    """Return what the label at the start of *cell* means, its words, and the rest; None where there is none.

    The longest label wins; a rate of tax is part of it: ``VAT 20%``.
    """
    if (inside := _within_word(cell, meanings)) is not None:
        return inside
    words = cell.words
    for count in range(min(MOST_WORDS, len(words)), 0, -1):
        said = " ".join(word.text for word in words[:count])
        meaning = _meaning(said, meanings)
        if meaning is None and count == len(words):
            meaning = meanings.of(_BOXED.sub("", said))
        if meaning is None:
            continue
        rest = words[count:]
        if rest and _COLON.fullmatch(rest[0].text):
            rest = rest[1:]
        if rest and (again := starts_with_label(Cell(rest), meanings)) is not None and again[0] == meaning:
            return meaning, (*words[:count], *again[1]), again[2]  # the same in two languages: 收货地址 Ship To
        return meaning, words[:count], rest
    return None


def _meaning(said: str, meanings: Terms[str]) -> str | None:
    """Return what a label means, whatever its number, and the rate of tax that it names: ``plus 20% VAT``."""
    return meanings.of(_PLUS.sub("", _RATE.sub("", said))) or meanings.of(_NUMBERED.sub("", said))


def _value(cell: Cell) -> Cell | None:
    """Return a cell without the colon that it begins with; None where nothing follows."""
    first = cell.words[0]
    colon = _COLON.match(first.text)
    if colon is None:
        return cell
    rest = first.part(colon.end(), len(first.text))
    words = ((rest,) if rest.text else ()) + cell.words[1:]
    return Cell(words) if words else None


def is_label(cell: Cell, meanings: Terms[str]) -> bool:
    """Tell whether a cell is a label, or one and its value: ``Project`` is one, ``Project House`` is none.

    What tells nothing of an order is a label only alone, or where a colon ends it.
    """
    found = starts_with_label(cell, meanings)
    if found is None:
        return False
    meaning, label, rest = found
    return meaning not in _BESIDE or not rest or label[-1].text.endswith((":", "：")) or ":" in cell.text


def _of_two(cell: Cell, values: Sequence[Cell], meanings: Terms[str]) -> list[Labelled]:
    """Return two labels in one cell whose values share one, too: ``PO number/date``, ``4711 / 02.11.2026``."""
    labels = cell.text.rstrip(" :：").split("/")
    named = [_meaning(one, meanings) for one in labels]
    if len(labels) != 2 or None in named:
        return []
    for value in values:
        texts = [word.text for word in value.words]
        if texts.count("/") == 1:
            middle = texts.index("/")
            parts = (value.words[:middle], value.words[middle + 1 :])
            return [
                Labelled(meaning, cell.words, (part,))
                for meaning, part in zip(named, parts, strict=True)
                if meaning is not None and part
            ]
    return []


def _within_word(cell: Cell, meanings: Terms[str]) -> tuple[str, tuple[Placed, ...], tuple[Placed, ...]] | None:
    """Find a label that ends inside a word, with a colon or where its value begins: ``订单编号：PO-4711``."""
    for count, word in enumerate(cell.words[:MOST_WORDS]):
        colon = _COLON.search(word.text)
        if colon is None:
            continue
        before = word.part(0, colon.start())
        label = (*cell.words[:count], before) if before.text else cell.words[:count]
        meaning = _meaning(" ".join(one.text for one in label), meanings)
        if meaning is None:
            return None
        after = word.part(colon.end(), len(word.text))
        rest = ((after,) if after.text else ()) + cell.words[count + 1 :]
        return meaning, label, rest
    first = cell.words[0]
    if (glued := _GLUED.match(first.text)) is not None and (meaning := _meaning(glued[0], meanings)) is not None:
        return meaning, (first.part(0, glued.end()),), (first.part(glued.end(), len(first.text)), *cell.words[1:])
    return None


def _above(rows: Sequence[Row], place: int, cell: Cell, meanings: Terms[str], others: Terms[str]) -> Cell | None:
    """Return the value over a label, where a whole row of labels stands below a row of values."""
    row, over = rows[place], rows[place - 1] if place else None
    if over is None or over.page != row.page or len(row.cells) < _IN_A_ROW or len(over.cells) < len(row.cells):
        return None
    if row.at.top - over.at.bottom > _BELOW * row.at.height:
        return None
    labels = [starts_with_label(one, meanings) or starts_with_label(one, others) for one in row.cells]
    values = [_aligned(over, one) for one in row.cells]
    if any(found is None or found[2] for found in labels) or None in values:
        return None
    if any(starts_with_label(one, meanings) is not None for one in over.cells):
        return None
    return values[row.cells.index(cell)]


def _aligned(row: Row, cell: Cell) -> Cell | None:
    """Return the cell of *row* that begins where *cell* does."""
    return next((one for one in row.cells if abs(one.at.left - cell.at.left) <= cell.at.height), None)


def is_near(label: Cell, value: Cell) -> bool:
    """Tell whether a cell stands near enough to the right of a label to be its value."""
    return value.at.left - label.at.right <= _RIGHT * max(label.at.height, value.at.height)


def below(rows: Sequence[Row], place: int, cell: Cell) -> Cell | None:
    """Return the cell under *cell*, the nearest that starts within its width."""
    for row in rows[place + 1 : place + 4]:
        if row.page != rows[place].page or row.at.top - cell.at.bottom > _BELOW * cell.at.height:
            return None
        for other in row.cells:
            if other.at.left < cell.at.right and other.at.right > cell.at.left:
                return other
    return None
