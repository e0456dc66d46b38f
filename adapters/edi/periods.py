"""Periods: two DTM that bound one, or one that says both ends (2379 = 718 and its like)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final, Literal

from adapters.edi.assembly import Assembly
from adapters.edi.collect import RawFields

End = Literal["start", "end", "both"]

#: 2005 -> which end of the time that a price or an item is valid
VALIDITY: Final[Mapping[str, End]] = {
    "194": "start", "7": "start", "157": "start", "92": "start",
    "206": "end", "36": "end", "93": "end",
    "273": "both",
}  # fmt: skip
#: 2005 -> which end of the time that is reported on
REPORTED: Final[Mapping[str, End]] = {
    "90": "start", "194": "start", "91": "end", "206": "end", "356": "both", "324": "both", "567": "both",
}  # fmt: skip
#: 2379 of a period -> format of each of its ends
_HALVES: Final = {"711": "102", "717": "101", "718": "102", "713": "201", "719": "203"}


def take_period(fields: RawFields, ends: Mapping[str, End], c: Sequence[str]) -> None:
    """Take DTM (2005, 2380, 2379) as ``start``, ``end`` or ``both`` of a period; the first of each is kept."""
    if c[1] and (end := ends.get(c[0])):
        fields.setdefault(end, c[1:])


class Period:
    """The first and the last day of a period, as far as they were told.

    A single day that was sent as a whole period is both ends. *first* and *last* are the names of the fields.
    """

    def __init__(self, assembly: Assembly, fields: RawFields, first: str, last: str) -> None:
        start, end, both = fields.get("start"), fields.get("end"), fields.get("both")
        opening, closing = _halves(both) if both else (None, None)
        self.first: date | None = assembly.day({first: start or opening}, first)
        one_day = closing is None and not end and not start
        self.last: date | None = self.first if one_day else assembly.day({last: end or closing or opening}, last)


def _halves(sent: Sequence[str]) -> tuple[Sequence[str], Sequence[str] | None]:
    """Return both ends of (2380, 2379), each as a date of its own; None for the second where it is one date."""
    form = _HALVES.get(sent[1])
    if form is None:
        return sent, None
    middle = len(sent[0]) // 2
    before, after = sent[0][:middle], sent[0][middle:].removeprefix("-")
    if len(before) == len(after):
        return (before, form), (after, form)
    return (sent[0], form), None
