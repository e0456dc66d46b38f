"""What can be done about a line that stock does not serve in time, as proposals for the buyer and ourselves (INV-07).

The date may move, the line may be split, a substitute may serve it, production may be brought forward; for an
important customer the goods may be bought in a hurry (INV-08). Costs are extra costs in the company's currency.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from core.stock.atp import Place, earliest_day
from core.values import QUANTITY_SCALE, from_scaled, money_text, text


class Substitute(NamedTuple):
    """An item that serves as well, where it is, and what one unit costs us more (None: unknown)."""

    sku: str
    places: Sequence[Place]
    dearer: Decimal | None


class Shortage(NamedTuple):
    """A line that is short: what it wants and what is on hand for it (x 10^6), and when it is wanted."""

    sku: str
    wanted6: int
    hand6: int
    requested: date
    today: date
    lead_days: int


def options_of(
    short: Shortage,
    places: Sequence[Place],
    substitutes: Sequence[Substitute] = (),
    *,
    shipping_cost: Decimal | None = None,
    important: bool = False,
) -> list[dict[str, Any]]:
    """Return what can be done, JSON-ready: ``option``, ``quantity``, ``date`` (None: not known), ``cost``.

    *shipping_cost* is that of a second shipment; *important* customers get the purchase in a hurry as well.
    """
    lead = timedelta(days=short.lead_days)
    day = earliest_day(places, short.wanted6, short.today)
    whole = None if day is None else day + lead
    found = [_option("later_date", short.wanted6, whole, Decimal(0))] if whole else []
    if short.hand6:
        rest6 = short.wanted6 - short.hand6
        now = max(short.requested, short.today + lead)
        parts = [
            {"quantity": _text(short.hand6), "date": now.isoformat()},
            {"quantity": _text(rest6), "date": None if whole is None else whole.isoformat()},
        ]
        found.append(_option("split", short.wanted6, whole, shipping_cost) | {"parts": parts})
    for one in substitutes:
        free_on = earliest_day(one.places, short.wanted6, short.today)
        if free_on is None or (whole is not None and free_on + lead >= whole):
            continue  # it would serve no sooner than what was ordered
        cost = None if one.dearer is None else one.dearer * from_scaled(short.wanted6, QUANTITY_SCALE)
        ready = max(free_on + lead, short.requested)
        found.append(_option("substitute", short.wanted6, ready, cost) | {"sku": one.sku})
    if any(supply.kind == "planned" and supply.free6 for place in places for supply in place.supplies):
        found.append(_option("raise_priority", short.wanted6 - short.hand6, short.requested, None))
    if important:
        found.append(_option("emergency_purchase", short.wanted6 - short.hand6, short.requested, None))
    return found


def _option(name: str, quantity6: int, day: date | None, cost: Decimal | None) -> dict[str, Any]:
    return {
        "option": name,
        "quantity": _text(quantity6),
        "date": None if day is None else day.isoformat(),
        "cost": None if cost is None else money_text(cost),
    }


def _text(quantity6: int) -> str:
    return text(from_scaled(quantity6, QUANTITY_SCALE))
