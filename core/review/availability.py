"""Availability check: what each warehouse can still promise, in the order of preference (INV-01, first cut)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from core.catalogue.model import StockLevel
from core.review.holds import HoldDraft
from core.values import QUANTITY_SCALE, from_scaled, text


@dataclass(frozen=True, slots=True)
class PromiseRules:
    """When goods can be promised, where a partner's master data does not say otherwise.

    ``lead_days`` is from receipt to the earliest date that stock on hand can promise, ``standard_days`` the handling
    time of a standard order that asks for no date (ORD-08); a reservation that is not shipped within
    ``reservation_days`` is released (INV-10).
    """

    lead_days: int = 1
    standard_days: int = 5
    reservation_days: int = 7

    def __post_init__(self) -> None:
        """Refuse what no desk can promise."""
        if not (0 <= self.lead_days <= 365 and 0 <= self.standard_days <= 365 and 1 <= self.reservation_days <= 365):
            raise ValueError("days are 0 to 365, of a reservation 1 to 365")


#: makes a level in half the time that naming its values takes
_level: Final = StockLevel._make


def allocate(levels: list[StockLevel], wanted6: int) -> list[tuple[str, int]]:
    """Take *wanted6* (x 10^6) out of *levels*, the preferred warehouse first; return (warehouse, quantity) taken.

    One warehouse that has it all is preferred to a split. *levels* is changed: this is the run's own fold, so that
    the next order sees what is left.
    """
    for place, (warehouse, left6) in enumerate(levels):
        if left6 >= wanted6:
            levels[place] = _level((warehouse, left6 - wanted6))
            return [(warehouse, wanted6)]
    taken = []
    for place, (warehouse, left6) in enumerate(levels):
        part = min(left6, wanted6)
        if part > 0:
            levels[place] = _level((warehouse, left6 - part))
            taken.append((warehouse, part))
            wanted6 -= part
    return taken


def available6(levels: Sequence[StockLevel]) -> int:
    """Return what all warehouses together can promise."""
    total = 0
    for _, left6 in levels:  # a generator costs three times as much, and this runs for every line
        if left6 > 0:
            total += left6
    return total


def stock_short(line: int, sku: str, wanted6: int, have6: int) -> HoldDraft:
    """Return the hold for a line that stock cannot serve."""
    wanted, have = text(from_scaled(wanted6, QUANTITY_SCALE)), text(from_scaled(have6, QUANTITY_SCALE))
    missing = text(from_scaled(wanted6 - have6, QUANTITY_SCALE))
    return HoldDraft(
        "stock.short",
        f"line {line}: {wanted} of {sku} ordered, {have} available",
        {"sku": sku, "ordered": wanted, "available": have, "short": missing},
        "availability.on-hand",
        line=line,
        release_when=f"{missing} more of {sku} on hand; a release confirms {have}",
    )


def unit_differs(line: int, sku: str, ordered: str, ours: str) -> HoldDraft:
    """Return the hold for a quantity in a unit that the item is not kept in: five cartons are not five pieces."""
    return HoldDraft(
        "customer.discrepancy",
        f"line {line}: {sku} is ordered in {ordered} and kept in {ours}",
        {"sku": sku, "order": ordered, "master": ours},
        "item.unit",
        line=line,
        release_when=f"the quantity is ordered in {ours}; a release counts it so",
    )


def promise(requested: date | None, today: date, lead_days: int, standard_days: int) -> date:
    """Return the day we promise for goods on hand: the requested one, no sooner than the lead time allows."""
    earliest = today + timedelta(days=lead_days)
    return max(requested or today + timedelta(days=standard_days), earliest)


def date_unmet(requested: date, promised: date, days_late: int) -> HoldDraft | None:
    """Return the hold for a promise later than the buyer tolerates, None when it is met."""
    late = (promised - requested).days
    if late <= days_late:
        return None
    return HoldDraft(
        "date.unmet",
        f"delivery is asked for {requested} and possible on {promised}, {late} days late",
        {"requested": requested.isoformat(), "promised": promised.isoformat(), "days_late_tolerated": days_late},
        "availability.date",
        release_when=f"the buyer accepts {promised}",
    )
