"""Projects the stock of one item: from its history, current orders and planned purchase and production (INV-15)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final, NamedTuple

from core.stock.atp import Place

#: the days of history that the mean daily issue is taken from
HISTORY_DAYS: Final = 90


class Demand(NamedTuple):
    """What is wanted of an item x 10^6: issued in the last ``HISTORY_DAYS``, and ordered and not shipped."""

    issued6: int
    ordered6: int


class Projection(NamedTuple):
    """The stock after *days* and the terms of the sum, x 10^6; ``stock6`` below 0 is what will be lacking."""

    days: int
    stock6: int
    on_hand6: int
    supply6: int
    expected6: int
    ordered6: int


def project(places: Iterable[Place], demand: Demand, days: int, today: date) -> Projection:
    """Return on hand + supply due within *days* - the larger of the demand that history lets expect and the orders.

    Orders are a part of the expected demand until they exceed it, so the two are not added up.
    """
    end = today + timedelta(days=days)
    on_hand6 = supply6 = 0
    for place in places:
        on_hand6 += place.on_hand6
        supply6 += sum(supply.quantity6 for supply in place.supplies if today <= supply.day <= end)
    expected6 = demand.issued6 * days // HISTORY_DAYS
    stock6 = on_hand6 + supply6 - max(expected6, demand.ordered6)
    return Projection(days, stock6, on_hand6, supply6, expected6, demand.ordered6)
