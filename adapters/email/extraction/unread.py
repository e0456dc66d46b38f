"""What stands in a document and was not understood, so that nothing of it is forgotten without a word (INT-05)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from adapters.email.extraction.goods import Found
from adapters.email.extraction.labels import starts_with_label
from adapters.email.extraction.lexicon import lexicon
from adapters.email.extraction.parties import label_of
from adapters.email.extraction.rows import Row
from adapters.email.extraction.solve import Fields
from adapters.email.extraction.values import days
from core.reading import Candidate

#: labels whose value an order must not lose
_WANTED: Final = ("buyer_reference", "requested_date")


def unread(
    rows: Sequence[Row], found: Found, lines: Sequence[Fields], fields: Mapping[str, tuple[Candidate, ...]]
) -> frozenset[str]:
    """Return the paths of fields that a label or a column names and that have no reading.

    *rows* are those beside the goods. A row that seems to be one of goods is told as a line after the last.
    """
    paths = {*_labelled(rows), *_in_columns(found, lines)} - fields.keys()
    if "requested_date" not in fields and not any("requested_date" in line for line in lines):
        paths |= {"requested_date"} if _is_later(rows, fields) else set()
    return frozenset(paths | ({f"lines.{len(lines) + 1}.sku"} if found.unread else set()))


def _labelled(rows: Iterable[Row]) -> Iterator[str]:
    for row in rows:
        for cell in row.cells:
            label = starts_with_label(cell, lexicon().labels)
            if label is not None and label[0] in _WANTED and (not label[2] or label[1][-1].text.endswith((":", "："))):
                yield label[0]
            if label_of(cell, "ship_to") is not None:
                yield "ship_to.name"


def _is_later(rows: Iterable[Row], fields: Mapping[str, tuple[Candidate, ...]]) -> bool:
    """Tell whether a day stands there that is after that of the order: what for, if not for its goods?"""
    ordered = fields.get("document_date")
    return ordered is not None and any(day.isoformat() > ordered[0].value for row in rows for day in days(row.text))


def _in_columns(found: Found, lines: Sequence[Fields]) -> Iterator[str]:
    """Yield the units and quantities of lines whose table has a column for them; other lines have them, too."""
    for name in ("unit", "quantity"):
        headed = any(column.field == name for head in found.heads for column in head)
        if headed or any(name in line for line in lines):
            yield from (f"lines.{number}.{name}" for number, line in enumerate(lines, 1) if name not in line)
