"""Available to promise (ATP) of one item: on hand - allocated + confirmed inbound + planned, by date (INV-01, INV-02).

Supply to come is kept in buckets, one a warehouse, kind and day. What a bucket was promised of is its own, so that a
promise for a late day takes nothing from an early one. Quantities are integers x 10^6.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import chain
from typing import Final, Literal, NamedTuple

Kind = Literal["inbound", "planned"]

#: what a line may be promised from: goods that are bought, then goods that are made
ALL_SUPPLY: Final[tuple[Kind, ...]] = ("inbound", "planned")
#: what a pre-order reserves: future production, nothing on hand and nothing bought (ORD-10)
FUTURE_PRODUCTION: Final[tuple[Kind, ...]] = ("planned",)


class Supply(NamedTuple):
    """What one warehouse expects on one day, and how much of it was promised; x 10^6."""

    day: date
    kind: Kind
    quantity6: int
    promised6: int = 0

    @property
    def free6(self) -> int:
        """What nobody was promised; nothing where a plan was cut below what was promised."""
        return max(self.quantity6 - self.promised6, 0)


class Place(NamedTuple):
    """One warehouse's terms of the sum; ``reserved6`` is what is allocated and not shipped."""

    warehouse: str
    on_hand6: int
    reserved6: int
    supplies: tuple[Supply, ...] = ()

    @property
    def free6(self) -> int:
        """What is on hand and not allocated; nothing where more is allocated than there is."""
        return max(self.on_hand6 - self.reserved6, 0)


class Draw(NamedTuple):
    """A part of a promise: from *supply* of a warehouse, or from what is on hand where that is None."""

    warehouse: str
    quantity6: int
    supply: Supply | None


def available_on(places: Iterable[Place], day: date, today: date) -> int:
    """Return what all *places* together can promise for *day*.

    Supply that is due before *today* and has not come is late: nothing more is promised from it.
    """
    total = 0
    for place in places:
        total += place.free6
        total += sum(supply.free6 for supply in place.supplies if today <= supply.day <= day)
    return total


def earliest_day(places: Sequence[Place], wanted6: int, today: date) -> date | None:
    """Return the first day on which *wanted6* can be promised, None where no supply that is known covers it."""
    days = {supply.day for place in places for supply in place.supplies if supply.day > today}
    for day in sorted({today, *days}):
        if available_on(places, day, today) >= wanted6:
            return day
    return None


def draw(
    places: Sequence[Place],
    wanted6: int,
    *,
    today: date,
    until: date | None = None,
    kinds: tuple[Kind, ...] = ALL_SUPPLY,
    from_hand: bool = True,
) -> list[Draw]:
    """Return what *wanted6* is taken from: what is on hand, then supply by day; all of it or nothing.

    *places* come in the order of preference, and of one day inbound goes before planned. *until* is the last day
    that serves. A pre-order takes ``FUTURE_PRODUCTION`` and nothing from hand.
    """
    hand = ((place.warehouse, place.free6, None) for place in places if from_hand)
    coming = sorted(
        (
            (supply.day, kinds.index(supply.kind), rank, place.warehouse, supply)
            for rank, place in enumerate(places)
            for supply in place.supplies
            if supply.kind in kinds and today <= supply.day and (until is None or supply.day <= until)
        ),
        key=lambda found: found[:3],
    )
    taken: list[Draw] = []
    for warehouse, free6, supply in chain(hand, ((place, one.free6, one) for _, _, _, place, one in coming)):
        part = min(free6, wanted6)
        if part > 0:
            taken.append(Draw(warehouse, part, supply))
            wanted6 -= part
        if wanted6 <= 0:
            return taken
    return []


def taken(places: Iterable[Place], draws: Sequence[Draw]) -> list[Place]:
    """Return *places* after *draws*: what was drawn from supply is promised, what was drawn from hand is reserved."""
    left = []
    for place in places:
        mine = [one for one in draws if one.warehouse == place.warehouse]
        from_hand6 = sum(one.quantity6 for one in mine if one.supply is None)
        parts: dict[tuple[date, str], int] = {}
        for one in mine:
            if one.supply is not None:
                key = (one.supply.day, one.supply.kind)
                parts[key] = parts.get(key, 0) + one.quantity6
        supplies = tuple(
            supply._replace(promised6=supply.promised6 + parts.get((supply.day, supply.kind), 0))
            for supply in place.supplies
        )
        left.append(place._replace(reserved6=place.reserved6 + from_hand6, supplies=supplies))
    return left


def last_day(draws: Iterable[Draw], today: date) -> date:
    """Return the day on which all of *draws* is there."""
    return max((one.supply.day for one in draws if one.supply is not None), default=today)
