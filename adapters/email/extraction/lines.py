"""Lines of goods: from tables, across pages; else from blocks of labelled values, else from sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from adapters.email.extraction.blocks import in_blocks
from adapters.email.extraction.columns import Column, assigned, fitted, head_of, stacked
from adapters.email.extraction.goods import Found, Line
from adapters.email.extraction.labels import starts_with_label
from adapters.email.extraction.lexicon import folded, lexicon
from adapters.email.extraction.rows import Placed, Row
from adapters.email.extraction.sentences import in_sentences, is_code
from adapters.email.extraction.values import numbers

_TOTALS: Final = frozenset({"net_total", "tax_total", "total"})
_CODES: Final = ("sku", "gtin", "buyer_code")
#: a longer word is none of a code that is written with spaces
_CODES_WORD: Final = 3
#: a label within a description has at most so many words
_MOST_WORDS: Final = 4
#: a wrapped description goes on within so many heights of type
_WRAPPED: Final = 2.2
#: a row that begins so many heights left of the descriptions is none
_OUT: Final = 1.5
#: so many rows below a head tell what it means
_LOOK: Final = 4
#: the second line of a head stands within so many
_STACKED: Final = 0.8


def lines_of(rows: Sequence[Row]) -> Found:
    """Return the lines of goods: those of its tables, else of its blocks, else of its sentences."""
    found = _in_tables(rows)
    for otherwise in (in_blocks, in_sentences):
        if not found.lines:
            found = otherwise(rows, found)
    for line in found.lines:
        _part_code(line)
    return found


def _in_tables(rows: Sequence[Row]) -> Found:
    found = Found()
    columns: list[Column] = []
    last: Row | None = None
    for place, row in enumerate(rows):
        if place in found.used:
            continue
        if head := _head_at(rows, place, found):
            columns, last = fitted(head, rows[place + 1 : place + 1 + _LOOK]), row
            continue
        if not columns or _is_carried(row):
            continue
        if _ends_table(row):
            columns = []
            continue
        words = assigned(row.words, columns)
        more = _goes_on(words, row, last, columns) if found.lines else ()
        if _is_line(words) and not (more and len(row.cells) == 1):
            found.lines.append(Line("column", words))
        elif more:
            field, said = _coded(more) or ("description", list(more))
            found.lines[-1].words.setdefault(field, []).extend(said)
        else:
            found.unread += _is_counted(words)  # perhaps a line whose name was not read
            continue
        found.used.add(place)
        last = row
    return found


def _part_code(line: Line) -> None:
    """Take the code out of a description that begins or ends with it, where the line has no other.

    A column of both is thought to be of the one that its head names first.
    """
    rest = line.words.get("sku", ())[1:]
    if "description" not in line.words and any(len(one.text) >= _CODES_WORD and one.text.isalpha() for one in rest):
        line.words["description"] = line.words.pop("sku")
    described = line.words.get("description", ())
    if len(described) < 2 or any(line.words.get(one) for one in _CODES):
        return
    first, last = described[0], described[-1]
    if is_code(text := first.text.rstrip(",:;")):
        line.words |= {"sku": [first.part(0, len(text))], "description": list(described[1:])}
    elif is_code(text := last.text.strip("()[]")) and text != last.text:
        start = last.text.index(text)
        line.words |= {"sku": [last.part(start, start + len(text))], "description": list(described[:-1])}


def _head_at(rows: Sequence[Row], place: int, found: Found) -> list[Column]:
    """Return the columns of the head that begins at a row, alone or with the row below it, and take it down."""
    row = rows[place]
    below = rows[place + 1] if place + 1 < len(rows) else None
    if below is not None and below.page == row.page and below.at.top - row.at.bottom < _STACKED * row.at.height:
        both = head_of(stacked(row, below))
        if len(both) > max(len(head_of(row.words)), len(head_of(below.words)) - 1):
            found.heads.append(tuple(both))
            found.used |= {place, place + 1}
            return both
    if head := head_of(row.words):
        found.heads.append(tuple(head))
        found.used.add(place)
    return head


def _is_carried(row: Row) -> bool:
    carried = lexicon().words["carried"]
    return any(folded(cell.text).startswith(one) for cell in row.cells for one in carried)


def _ends_table(row: Row) -> bool:
    labels = {found[0] for cell in row.cells if (found := starts_with_label(cell, lexicon().labels)) is not None}
    return bool(labels & _TOTALS)


def _is_counted(words: Mapping[str, Sequence[Placed]]) -> bool:
    return any(numbers(word.text, guessed=True) for word in words.get("quantity", ()))


def _is_line(words: Mapping[str, Sequence[Placed]]) -> bool:
    counted = _is_counted(words)
    named = any(words.get(one) for one in ("sku", "gtin", "buyer_code", "description"))
    priced = any(words.get(one) for one in ("price", "amount"))
    return named and (counted or (priced and bool(words.get("sku") or words.get("gtin"))))


def _coded(words: Sequence[Placed]) -> tuple[str, list[Placed]] | None:
    """Return the code that stands below a description after its label: ``Part no. KX210/5``."""
    for count in range(min(_MOST_WORDS, len(words) - 1), 0, -1):
        meanings = lexicon().columns.of("".join(word.text for word in words[:count]))
        field = next((one for one in meanings or () if one in _CODES), None)
        if field is not None and any(sign.isdigit() for sign in words[count].text):
            return field, list(words[count:])
    return None


def _goes_on(
    words: Mapping[str, Sequence[Placed]], row: Row, last: Row | None, columns: Sequence[Column]
) -> Sequence[Placed]:
    """Return the words of a row that is the rest of the description above it, or all of it where it has no column."""
    near = last is not None and row.page == last.page and row.at.top - last.at.bottom < _WRAPPED * last.at.height
    if not near:
        return ()
    described = next((column for column in columns if column.field == "description"), None)
    if described is not None:
        title = row.at.left < described.at.left - _OUT * described.at.height  # of the lines below it
        return words["description"] if set(words) == {"description"} and not title else ()
    code = next((column for column in columns if column.field in ("sku", "buyer_code", "gtin")), None)
    below = code is not None and abs(row.at.left - code.at.left) <= row.at.height
    return row.words if below and len(row.cells) == 1 else ()
