"""Availability check: what each warehouse can still promise, in the order of preference (INV-01, first cut)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final, NamedTuple

from core.catalogue.model import StockLevel
from core.review.holds import HoldDraft
from core.stock.atp import ALL_SUPPLY, FUTURE_PRODUCTION, Draw, Place, draw, last_day, taken
from core.values import QUANTITY_SCALE, from_scaled, text

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


class Short(NamedTuple):
    """A line that stock on hand cannot serve: what it wants and what there is for it, x 10^6."""

    line: int
    sku: str
    wanted6: int
    hand6: int


class Awaited(NamedTuple):
    """A line that is served later: what is on hand now, what supply to come is promised to it, and for which day."""

    hand6: int
    draws: tuple[Draw, ...]
    day: date


def await_supply(
    short: Iterable[Short],
    places: Mapping[str, Sequence[Place]],
    *,
    order_type: str,
    today: date,
    last: date | None,
    lead_days: int,
) -> tuple[dict[int, Awaited], list[Short]]:
    """Promise supply to come to lines that stock on hand does not serve; return these by line, and what stays short.

    A line is promised whole for the day after its last supply by *lead_days*, no later than *last*. A pre-order takes
    planned production alone and leaves alone what is on hand (ORD-10).
    """
    left = dict(places)
    awaited: dict[int, Awaited] = {}
    unserved = []
    lead = timedelta(days=lead_days)
    kinds = FUTURE_PRODUCTION if order_type == "pre_order" else ALL_SUPPLY
    for one in short:
        hand6 = 0 if order_type == "pre_order" else one.hand6
        until = None if last is None else last - lead
        draws = draw(left.get(one.sku, ()), one.wanted6 - hand6, today=today, until=until, kinds=kinds, from_hand=False)
        if draws:
            left[one.sku] = taken(left[one.sku], draws)
            awaited[one.line] = Awaited(hand6, tuple(draws), last_day(draws, today) + lead)
        else:
            unserved.append(one)
    return awaited, unserved


def awaited_evidence(awaited: Mapping[int, Awaited]) -> list[list[Any]]:
    """Return what each awaited line is promised: line, warehouse, kind, day, quantity x 10^6."""
    return [
        [line, one.warehouse, one.supply.kind, one.supply.day.isoformat(), one.quantity6]
        for line, found in awaited.items()
        for one in found.draws
        if one.supply is not None
    ]


def stock_short(line: int, sku: str, wanted6: int, have6: int, options: Sequence[Mapping[str, Any]] = ()) -> HoldDraft:
    """Return the hold for a line that stock cannot serve; *options* are what can be done instead (INV-07)."""
    wanted, have = text(from_scaled(wanted6, QUANTITY_SCALE)), text(from_scaled(have6, QUANTITY_SCALE))
    missing = text(from_scaled(wanted6 - have6, QUANTITY_SCALE))
    return HoldDraft(
        "stock.short",
        f"line {line}: {wanted} of {sku} ordered, {have} available",
        {"sku": sku, "ordered": wanted, "available": have, "short": missing}
        | ({"options": list(options)} if options else {}),
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
