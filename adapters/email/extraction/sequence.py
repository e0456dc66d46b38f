"""Which of two numbers of a day is the month, where no day of the paper shows it: goods are wanted after the order.

``04/12/2026`` and ``06/01/2026`` are the twelfth of April and the first of June, or the fourth of December and a day
of January before it. One paper writes all its days alike, so only the first way can be meant.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from core.reading import Candidate

Fields = dict[str, tuple[Candidate, ...]]

_ORDERED: Final = "document_date"
_WANTED: Final = "requested_date"
#: goods are asked for within so many days; what is asked for later than a year is no proof of anything
_SOON: Final = timedelta(days=120)
_LATE: Final = timedelta(days=366)


def in_sequence(fields: Mapping[str, tuple[Candidate, ...]]) -> Fields:
    """Return *fields*, days that can be read in two ways in the one in which all goods are wanted after the order.

    Nothing is changed where both ways are possible, or where a day is one of two that stand there.
    """
    days = {path: said for path, said in fields.items() if path.rpartition(".")[2] in (_ORDERED, _WANTED)}
    twofold = [path for path, said in days.items() if len(said) > 1]
    if not twofold or _ORDERED not in days or len(days) == 1 or not all(map(_is_one, days.values())):
        return dict(fields)
    ways = [way for way in (0, 1) if _furthest(days, way) is not None]
    furthest = _furthest(days, ways[0]) if len(ways) == 1 else None
    if furthest is None or furthest > _SOON:
        return dict(fields)
    return {**fields, **{path: (days[path][ways[0]],) for path in twofold}}


def _is_one(said: tuple[Candidate, ...]) -> bool:
    """Tell whether candidates are readings of one day, two at most: day first, then month first."""
    return len({one.spot for one in said}) == 1 and len(said) <= 2


def _furthest(days: Mapping[str, tuple[Candidate, ...]], way: int) -> timedelta | None:
    """Return how long after the order the last goods are wanted; None where some are before it, or far too late."""
    read = {path: date.fromisoformat(said[min(way, len(said) - 1)].value) for path, said in days.items()}
    apart = [day - read[_ORDERED] for path, day in read.items() if path != _ORDERED]
    return max(apart) if all(timedelta() <= one <= _LATE for one in apart) else None
