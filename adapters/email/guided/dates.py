"""The days of an order: which was meant by words within labels that nobody knows as a whole, and by their sequence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, Literal, NamedTuple

from adapters.email.extraction.labels import below
from adapters.email.extraction.rows import Cell, Placed, Row, spot_of
from adapters.email.extraction.solve import Fields
from adapters.email.extraction.values import days, names_day
from adapters.email.guided.captions import captions, meaning_of, says
from core.reading import Candidate

#: what a day is by its caption
Meaning = Literal["ordered", "wanted", "other", ""]

_OF_A_DAY: Final = 5
_SIGNS_OF_A_DAY: Final = ("年", "月", "日", "号")
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
#: a day that nothing names stands in a cell of so few words beside it: a town, or nothing
_FEW: Final = 2
_ORDERED: Final = frozenset({"document_date", "buyer_reference", "reference", "title"})
_WANTED: Final = "requested_date"


class _Day(NamedTuple):
    readings: tuple[Candidate, ...]
    meaning: Meaning
    lone: bool
    row: int


def dates_of(rows: Sequence[Row], fields: Fields, first_line: float) -> Fields:
    """Return ``document_date`` and ``requested_date`` as the captions of the days among *rows* give them.

    *fields* is what labels give that are known as a whole. A day without a caption is the order's where it is the only
    one above the goods, which begin at *first_line* of the first page, and none after the wanted one. Of two days that
    mean the same both are told, which is a doubt.
    """
    found = list(_days(rows))
    told: Fields = {}
    wanted = _told(fields.get("requested_date", ()), found, "wanted")
    if wanted:
        told["requested_date"] = wanted
    ordered = _told(fields.get("document_date", ()), found, "ordered")
    if not ordered:
        ordered = _unnamed(rows, found, wanted, first_line)
    if ordered:
        told["document_date"] = ordered
    return told


def _told(said: Sequence[Candidate], found: Sequence[_Day], meaning: Meaning) -> tuple[Candidate, ...]:
    """Return the days with a meaning, each once; what a label gives that is known as a whole is surer, and alone."""
    if said:
        return tuple(said)
    values: dict[str, Candidate] = {}
    for one in found:
        if one.meaning == meaning:
            for reading in one.readings:
                values.setdefault(reading.value, reading)
    return tuple(values.values())


def _unnamed(
    rows: Sequence[Row], found: Sequence[_Day], wanted: Sequence[Candidate], first_line: float
) -> tuple[Candidate, ...]:
    """Return the one day of the head that nothing names; nothing where there are two, or it is after the wanted one."""
    page = rows[0].page if rows else 0
    lone = [
        one
        for one in found
        if one.lone and not one.meaning and rows[one.row].page == page and rows[one.row].at.top < first_line
    ]
    values = {one.readings[0].value for one in lone}
    if len(values) != 1 or any(one.value < min(values) for one in wanted):
        return ()
    return lone[0].readings


def _days(rows: Sequence[Row]) -> Iterator[_Day]:
    for place, row in enumerate(rows):
        for number, single in enumerate(row.cells):
            cell = _with_year(rows, place, single)
            behind = 0
            for start, end in _spans(cell):
                before, after = (_text(cell.words[one:other]) for one, other in ((behind, start), (end, None)))
                said = _text(cell.words[start:end])
                sure = min(word.confidence for word in cell.words[start:end])
                spot = spot_of(cell.words[start:end])
                readings = tuple(Candidate(day.isoformat(), said, spot, sure, "known") for day in days(said))
                lone = start <= _FEW and len(cell.words) - end <= _FEW
                yield _Day(readings, _meant(captions(rows, place, number, before, after)), lone, place)
                behind = end


def _with_year(rows: Sequence[Row], place: int, cell: Cell) -> Cell:
    """Return a cell with the year that a narrow box broke off its day: ``20 September`` over ``2026``."""
    under = (
        None if _names(cell.words) or not any(names_day(word.text) for word in cell.words) else below(rows, place, cell)
    )
    return cell if under is None or not _YEAR.fullmatch(under.text) else Cell((*cell.words, *under.words))


def _meant(told: Iterable[str]) -> Meaning:
    """Return what a day is by the first of its captions that says it."""
    for caption in told:
        meaning = meaning_of(caption)
        if meaning in _ORDERED:
            return "ordered"
        if meaning == _WANTED:
            return "wanted"
        if meaning or says(caption, "of_others"):
            return "other"
        if says(caption, "of_delivery"):
            return "wanted"
        if says(caption, "of_order"):
            return "ordered"
    return ""


def _spans(cell: Cell) -> Iterator[tuple[int, int]]:
    """Yield the words of each day of a cell, as few as name it."""
    words = cell.words
    start = 0
    while start < len(words):
        end = next(
            (end for end in range(start + 1, min(start + _OF_A_DAY, len(words)) + 1) if _names(words[start:end])), 0
        )
        if not end:
            start += 1
            continue
        while _names(words[start + 1 : end]):
            start += 1
        while end < len(words) and words[end].text.startswith(_SIGNS_OF_A_DAY) and len(words[end].text) == 1:
            end += 1
        yield start, end
        start = end


def _names(words: Sequence[Placed]) -> bool:
    return bool(words) and bool(days(_text(words)))


def _text(words: Sequence[Placed]) -> str:
    return " ".join(word.text for word in words)
