"""The rows that belong to each line of goods: from its code to the next one, and as many above it as all have."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from adapters.email.extraction.columns import head_of
from adapters.email.extraction.labels import starts_with_label
from adapters.email.extraction.lexicon import folded, lexicon
from adapters.email.extraction.rows import Row
from adapters.email.guided.anchors import Anchor
from adapters.email.guided.places import plain

_TOTALS: Final = frozenset({"net_total", "tax_total", "total"})
#: the last line of a page is no taller than the others by more than so much
_TALLER: Final = 1.05
#: an only line goes on within so many heights of type
_PITCH: Final = 2.4
#: a line has at most so many rows above its code, and so many where what it is called tells where it begins
_MOST_ABOVE: Final = 3
_MOST_ROWS: Final = 8
_FAR: Final = float("inf")
#: rows whose distances differ by so many heights of type are as near
_AS_NEAR: Final = 0.3


class Record(NamedTuple):
    """One line of goods: its code, and the places of its rows."""

    anchor: Anchor
    places: tuple[int, ...]


def starts_of(rows: Sequence[Row], anchors: Sequence[Anchor]) -> list[list[int]]:
    """Return the ways in which the lines may begin: so many rows above their codes, or with what the item is called."""
    ways = [[one.place - above for one in anchors] for above in range(_MOST_ABOVE + 1)]
    named = [_described(rows, one, before) for before, one in zip([None, *anchors], anchors, strict=False)]
    return [starts for starts in [*ways, named] if _are_possible(rows, anchors, starts)]


def records_of(rows: Sequence[Row], anchors: Sequence[Anchor], starts: Sequence[int]) -> list[Record]:
    """Return the rows of each line that begins at one of *starts*."""
    tallest = max(
        (
            rows[later].at.top - rows[start].at.top
            for start, later in pairwise(starts)
            if rows[start].page == rows[later].page
        ),
        default=0.0,
    )
    records = []
    for number, (start, anchor) in enumerate(zip(starts, anchors, strict=True)):
        later = starts[number + 1] if number + 1 < len(starts) else len(rows)
        same_page = later < len(rows) and rows[later].page == rows[start].page
        end = later if same_page else _end(rows, start, anchor.place, later, tallest)
        records.append(Record(anchor, tuple(place for place in range(start, end) if not is_carried(rows[place]))))
    return records


def is_own(rows: Sequence[Row], place: int, record: Record, records: Sequence[Record]) -> bool:
    """Tell whether a row of a line stands no nearer to a row of the line above or below than to one of its own."""
    if place == record.anchor.place:
        return True
    at = record.places.index(place)
    own = [one for one in record.places[max(0, at - 1) : at + 2] if one != place]
    edge = at in (0, len(record.places) - 1)
    others = [one for other in records if edge and other is not record for one in (other.places[0], other.places[-1])]
    near = min(_gap(rows, place, one) for one in own) - _AS_NEAR * rows[place].at.height
    return near <= min((_gap(rows, place, one) for one in others if rows[one].page == rows[place].page), default=_FAR)


def _gap(rows: Sequence[Row], one: int, other: int) -> float:
    upper, lower = (rows[min(one, other)], rows[max(one, other)])
    return lower.at.top - upper.at.bottom


def _described(rows: Sequence[Row], anchor: Anchor, before: Anchor | None) -> int:
    """Return the row above a code on which its item is called by a name of it; the code's own where none is."""
    names = [plain(one) for one in anchor.goods.descriptions] if anchor.goods is not None else []
    first = max(anchor.place - _MOST_ROWS, -1 if before is None else before.place)
    for place in range(anchor.place, first, -1):
        if rows[place].page == rows[anchor.place].page and any(one and one in plain(rows[place].text) for one in names):
            return place
    return anchor.place


def _are_possible(rows: Sequence[Row], anchors: Sequence[Anchor], starts: Sequence[int]) -> bool:
    """Tell whether each line ends before the next, and what stands above a code is near it and no head of a table."""
    if starts[0] < 0 or any(later <= one.place for one, later in zip(anchors, starts[1:], strict=False)):
        return False
    return all(
        rows[place].page == rows[one.place].page and _is_near(rows, place)
        for start, one in zip(starts, anchors, strict=True)
        for place in range(start, one.place)
    )


def _is_near(rows: Sequence[Row], place: int) -> bool:
    """Tell whether the row below *place* may belong to it: it is near, and it is no head of a table."""
    row, below = rows[place], rows[place + 1]
    return below.at.top - row.at.bottom <= _PITCH * row.at.height and not head_of(row.words) and not _ends(row)


def _end(rows: Sequence[Row], start: int, anchor: int, later: int, tallest: float) -> int:
    """Return where the last line of a page ends."""
    for place in range(anchor + 1, later):
        row, before = rows[place], rows[place - 1]
        if row.page != rows[start].page or _ends(row):
            return place
        if tallest and row.at.top - rows[start].at.top >= tallest * _TALLER - row.at.height / 2:
            return place
        if not tallest and row.at.top - before.at.bottom > _PITCH * before.at.height:
            return place
    return later


def _ends(row: Row) -> bool:
    """Tell whether a row has the label of a total and a number: ``Summe netto 120,00``, and not a head of columns."""
    if not any(map(str.isdigit, row.text)):
        return False
    labels = {found[0] for cell in row.cells if (found := starts_with_label(cell, lexicon().labels)) is not None}
    return bool(labels & _TOTALS) or is_carried(row)


def is_carried(row: Row) -> bool:
    """Tell whether a row carries a sum to the next page."""
    carried = lexicon().words["carried"]
    return any(folded(cell.text).startswith(one) for cell in row.cells for one in carried)
