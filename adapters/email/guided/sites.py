"""Where a known place of the customer stands on a page: its name, the lines of its address, and what leads there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from adapters.email.extraction.goods import between, joined
from adapters.email.extraction.labels import is_near
from adapters.email.extraction.rows import Cell, Placed, Row, gap
from adapters.email.guided.captions import above, is_caption
from adapters.email.guided.places import plain
from core.documents import Party

#: lines of one block stand one below the other within so many heights of type, and begin within so many of each other
_PITCH: Final = 2.1
_INDENT: Final = 1.0
#: a wide space is up to so many heights of type wide
_SPACE: Final = 1.0
#: an address has at most so many lines below its name, and its label stands at most so many above
_MOST_LINES: Final = 5
_MOST_ABOVE: Final = 3
#: what may follow a name in its line
_PARTING: Final = (",", ";", "·", "|", "/", "(", "-", "\u2013", ":")
_SEPARATORS: Final = " ,;·|/-\u2013。.:"


class Site(NamedTuple):
    """A known place that a page names: the words of its name and of its address, and the texts that may lead to it.

    ``whole`` says that its street stands there, too; ``led`` that other words stand before the name in its line.
    """

    place: Party
    name: tuple[Placed, ...]
    address: tuple[Placed, ...]
    address_text: str
    captions: tuple[str, ...]
    whole: bool
    led: bool


class _At(NamedTuple):
    row: int
    number: int
    cell: Cell


def sites_of(rows: Sequence[Row], places: Sequence[Party]) -> Iterator[Site]:
    """Yield every place of *places* that the page names, from its top."""
    for block in _blocks(rows):
        for line in range(len(block)):
            for place in places:
                if (site := _site(rows, block, line, place)) is not None:
                    yield site


def _blocks(rows: Sequence[Row]) -> list[list[_At]]:
    """Return the cells of each page one below the other, as they begin at one left edge."""
    blocks: list[list[_At]] = []
    for place, row in enumerate(rows):
        for number, cell in _lines(row):
            one = _At(place, number, cell)
            block = next((each for each in reversed(blocks[-24:]) if _goes_on(rows, each[-1], one)), None)
            if block is None:
                blocks.append([one])
            else:
                block.append(one)
    return blocks


def _lines(row: Row) -> Iterator[tuple[int, Cell]]:
    """Yield the cells of a row with their numbers, those a space apart as one: a house stands behind its street."""
    number = 0
    while number < len(row.cells):
        words, count = row.cells[number].words, 1
        while number + count < len(row.cells) and gap(words[-1], row.cells[number + count].words[0]) <= _SPACE:
            words, count = (*words, *row.cells[number + count].words), count + 1
        yield number, Cell(words) if count > 1 else row.cells[number]
        number += count


def _goes_on(rows: Sequence[Row], last: _At, one: _At) -> bool:
    if last.row == one.row or rows[last.row].page != rows[one.row].page:
        return False
    before, after = last.cell.at, one.cell.at
    aligned = abs(before.left - after.left) <= _INDENT * before.height
    return aligned and after.top - before.bottom <= _PITCH * before.height


def _site(rows: Sequence[Row], block: Sequence[_At], line: int, place: Party) -> Site | None:
    """Return the place where its name begins in a line of a block; a name may be broken over two."""
    first = block[line]
    text, words = joined(Row(rows[first.row].page, (first.cell,)))
    span = span_of(text, place.name)
    wrapped: tuple[Placed, ...] = ()
    if span is None and line + 1 < len(block) and plain(f"{text}{block[line + 1].cell.text}") == plain(place.name):
        span, wrapped = (0, len(text)), block[line + 1].cell.words
    if span is None or not _parts(text, span, place):
        return None
    start, end = span
    below = block[line + 1 + bool(wrapped) : line + 1 + bool(wrapped) + _MOST_LINES]
    beside = text[end:]
    address, said = _address(beside, between(words, end, len(text)), [one.cell for one in below], place)
    before = text[:start].rstrip()
    led = bool(before) and not before.endswith(":")
    captions = tuple(_captions(rows, block, line)) if not before or before.endswith(",") else (before.rstrip(":"),)
    return Site(
        place,
        (*between(words, start, end), *wrapped),
        tuple(address),
        said,
        captions,
        bool(span_of(said, place.street or place.postal_code)),
        led,
    )


def span_of(text: str, name: str) -> tuple[int, int] | None:
    """Return where a name stands in a text, marks and spaces aside, as words of its own; None where it does not."""
    name = plain(name)
    signs = [(sign, place) for place, raw in enumerate(text) for sign in plain(raw)]
    start = "".join(sign for sign, _ in signs).find(name)
    if not name or start < 0 or len(signs) != len(plain(text)):
        return None
    begin, end = signs[start][1], signs[start + len(name) - 1][1] + 1
    while end < len(text) and text[end] in ".)":
        end += 1
    return (begin, end) if _is_apart(text, begin) and _is_apart(text, end) else None


def _is_apart(text: str, place: int) -> bool:
    """Tell whether a word may begin or end between two signs: Chinese has no spaces."""
    pair = text[max(0, place - 1) : place + 1]
    return not (0 < place < len(text) and pair.isalnum() and pair.isascii())


def _parts(text: str, span: tuple[int, int], place: Party) -> bool:
    """Tell whether the name ends where a mark does, or the line, or its street begins: ``Works 2`` is not ``Works``."""
    rest = text[span[1] :].strip()
    return not rest or rest.startswith(_PARTING) or plain(rest).startswith(plain(place.street) or "\0")


def _address(beside: str, words: Sequence[Placed], below: Sequence[Cell], place: Party) -> tuple[list[Placed], str]:
    """Return the words of the address that follow a name, to the last that is of the place, and what they say."""
    end = _last_of(beside, place)
    if end:
        text = beside[:end].strip(_SEPARATORS)
        count, taken = 0, []
        for word in words:
            if count < end:
                taken.append(word)
            count += len(word.text) + 1
        return taken, text
    lines: list[Cell] = []
    for count in range(1, len(below) + 1):
        if _last_of(below[count - 1].text, place):
            lines = list(below[:count])
        if _is_all(" ".join(cell.text for cell in below[:count]), place):
            break  # what follows is something else, perhaps another party of the same town
    return [word for cell in lines for word in cell.words], "; ".join(cell.text.strip(_SEPARATORS) for cell in lines)


def _last_of(text: str, place: Party) -> int:
    """Return where in a text the last of street, town and postal code of a place ends, 0 where none stands there."""
    ends = [
        found[1] for part in (place.street, place.city, place.postal_code) if part and (found := span_of(text, part))
    ]
    return max(ends, default=0)


def _is_all(text: str, place: Party) -> bool:
    """Tell whether a text has street, town and postal code of a place, those that it has."""
    return all(span_of(text, part) for part in (place.street, place.city, place.postal_code) if part)


def _captions(rows: Sequence[Row], block: Sequence[_At], line: int) -> Iterator[str]:
    """Yield the texts that may lead to a place: left of it, above it in its block, or over an indented block."""
    first = block[line]
    row = rows[first.row]
    if first.number and is_near(left := row.cells[first.number - 1], first.cell) and is_caption(left):
        yield left.text
    top = first
    for over in reversed(block[max(0, line - _MOST_ABOVE) : line]):
        label = re.split("[:：]", over.cell.text)[0]
        if len(label) < len(over.cell.text) or is_caption(over.cell):
            yield label
        top = over
        if any(sign.isdigit() for sign in label):
            return
    for over_cell in above(rows, top.row, top.cell):
        label = re.split("[:：]", over_cell.text)[0]
        if len(label) < len(over_cell.text) or is_caption(over_cell):
            yield label
