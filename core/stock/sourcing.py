"""Where an order is served from: warehouses in order of preference, together or apart, at what cost (INV-03 to INV-06).

A warehouse that has everything serves alone. Else the parts of several are brought to the preferred of them, which
takes their transfer time and cost, or each ships its own. The cheapest plan that meets the date is chosen and says why.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations
from typing import Final, Literal, NamedTuple

_HOURS_A_DAY: Final = 24
#: so many warehouses are combined, up to so many of them: more would not pay for their parcels
_MOST_ASKED: Final = 8
_MOST_TOGETHER: Final = 3
#: what each of several warehouses gives: SKU -> quantity x 10^6
Parts = list[tuple["Warehouse", Mapping[str, int]]]


class Warehouse(NamedTuple):
    """What moving goods costs here, in the company's currency: to another warehouse, and to a customer.

    ``transit_days`` is how long a shipment takes to this very customer.
    """

    code: str
    transfer_hours: int = 0
    transfer_cost: Decimal = Decimal(0)
    shipping_cost: Decimal = Decimal(0)
    transit_days: int = 0


class Tried(NamedTuple):
    """One warehouse in the order in which they are asked: what it has of what is wanted, and what it gives; x 10^6."""

    warehouse: str
    available6: Mapping[str, int]
    taken6: Mapping[str, int]


class Leg(NamedTuple):
    """One movement of goods (SKU -> quantity x 10^6): to the warehouse that ships, or to the customer."""

    kind: Literal["transfer", "ship"]
    warehouse: str
    quantities6: Mapping[str, int]
    hours: int
    cost: Decimal


class SourcingPlan(NamedTuple):
    """One way to serve it all; *ready* is the day on which the last of it leaves, *transit_days* its longest way."""

    kind: Literal["single", "consolidated", "split"]
    legs: tuple[Leg, ...]
    hours: int
    cost: Decimal
    ready: date
    in_time: bool
    transit_days: int = 0

    @property
    def arrives(self) -> date:
        """The day on which all of it is with the customer."""
        return self.ready + timedelta(days=self.transit_days)

    @property
    def pieces(self) -> int:
        """Into how many parts the items are torn."""
        return sum(len(leg.quantities6) for leg in self.legs)


class Sourcing(NamedTuple):
    """What was tried and compared; *chosen* is None where *missing6* is not empty."""

    tried: tuple[Tried, ...]
    missing6: Mapping[str, int]
    plans: tuple[SourcingPlan, ...]
    chosen: SourcingPlan | None
    why: str


def source(
    wanted6: Mapping[str, int],
    free6: Mapping[str, Mapping[str, int]],
    warehouses: Sequence[Warehouse],
    *,
    today: date,
    leaves_by: date | None,
    preferred: str = "",
) -> Sourcing:
    """Return how *wanted6* (SKU -> x 10^6) is served from *free6* (warehouse -> SKU -> x 10^6).

    *warehouses* come in the order of preference; *leaves_by* is the last day on which goods leave in time, or arrive
    where the days of transit are known. The *preferred* warehouse is chosen whatever it costs, if it serves alone and
    in time.
    """
    tried, left6 = _ask(wanted6, free6, warehouses)
    missing6 = {sku: quantity6 for sku, quantity6 in left6.items() if quantity6}
    if missing6:
        return Sourcing(tried, missing6, (), None, "all warehouses together have too little")

    def plan(kind: Literal["single", "consolidated", "split"], legs: list[Leg]) -> SourcingPlan:
        hours = max(leg.hours for leg in legs)
        ready = today + timedelta(days=-(-hours // _HOURS_A_DAY))
        cost = sum((leg.cost for leg in legs), Decimal(0))
        transit = max(by_code[leg.warehouse].transit_days for leg in legs if leg.kind == "ship")
        in_time = leaves_by is None or ready + timedelta(days=transit) <= leaves_by
        return SourcingPlan(kind, tuple(legs), hours, cost, ready, in_time, transit)

    by_code = {one.code: one for one in warehouses}
    alone = [one for one in warehouses if _covers([one], wanted6, free6)]
    plans = [plan("single", [_ship(one, wanted6)]) for one in alone]
    asked = [(by_code[one.warehouse], one.taken6) for one in tried if one.taken6]
    ways = [asked, *_combined(wanted6, free6, warehouses)]
    for number, parts in enumerate(ways):
        if len(parts) == 1 or parts in ways[:number]:
            continue
        (hub, _), *others = parts
        brought = [Leg("transfer", one.code, taken6, one.transfer_hours, one.transfer_cost) for one, taken6 in others]
        plans.append(plan("consolidated", [*brought, _ship(hub, wanted6)]))
        plans.append(plan("split", [_ship(one, taken6) for one, taken6 in parts]))
    routed = next((one for one in plans if _is_alone(one, preferred) and one.in_time), None)
    if routed is not None:
        return Sourcing(tried, {}, tuple(plans), routed, f"{preferred} is asked for, has all of it and is in time")
    chosen = min(
        plans,
        key=lambda one: (not one.in_time, one.cost if one.in_time else one.arrives, len(one.legs), one.pieces),
    )
    return Sourcing(tried, {}, tuple(plans), chosen, _why(chosen, plans))


def _is_alone(plan: SourcingPlan, warehouse: str) -> bool:
    return plan.kind == "single" and plan.legs[0].warehouse == warehouse


def _covers(several: Sequence[Warehouse], wanted6: Mapping[str, int], free6: Mapping[str, Mapping[str, int]]) -> bool:
    return all(
        sum(max(free6.get(one.code, {}).get(sku, 0), 0) for one in several) >= quantity6
        for sku, quantity6 in wanted6.items()
    )


def _combined(
    wanted6: Mapping[str, int], free6: Mapping[str, Mapping[str, int]], warehouses: Sequence[Warehouse]
) -> Iterator[Parts]:
    """Yield what each of several warehouses gives, of which none could be left out; an item goes whole if it can."""
    have = [one for one in warehouses if any(free6.get(one.code, {}).get(sku, 0) > 0 for sku in wanted6)]
    found: list[set[str]] = []
    for size in range(1, _MOST_TOGETHER + 1):
        for several in combinations(have[:_MOST_ASKED], size):
            codes = {one.code for one in several}
            if any(smaller <= codes for smaller in found) or not _covers(several, wanted6, free6):
                continue
            found.append(codes)
            if size > 1:
                yield _shared(wanted6, free6, several)


def _shared(wanted6: Mapping[str, int], free6: Mapping[str, Mapping[str, int]], several: Sequence[Warehouse]) -> Parts:
    given: dict[str, dict[str, int]] = {one.code: {} for one in several}
    for sku, quantity6 in wanted6.items():
        has6 = {one.code: max(free6.get(one.code, {}).get(sku, 0), 0) for one in several}
        whole = next((code for code, part6 in has6.items() if part6 >= quantity6), None)
        if whole is not None:
            given[whole][sku] = quantity6
            continue
        left6 = quantity6
        for code, part6 in has6.items():
            if part := min(part6, left6):
                given[code][sku] = part
                left6 -= part
    return [(one, given[one.code]) for one in several if given[one.code]]


def _ask(
    wanted6: Mapping[str, int], free6: Mapping[str, Mapping[str, int]], warehouses: Sequence[Warehouse]
) -> tuple[tuple[Tried, ...], dict[str, int]]:
    """Take what each warehouse has, one after the other, until nothing is left to take."""
    left6 = dict(wanted6)
    tried = []
    for one in warehouses:
        if not any(left6.values()):
            break
        has6 = {sku: max(free6.get(one.code, {}).get(sku, 0), 0) for sku in wanted6}
        taken6 = {sku: min(left6[sku], has6[sku]) for sku in wanted6 if min(left6[sku], has6[sku])}
        for sku, quantity6 in taken6.items():
            left6[sku] -= quantity6
        tried.append(Tried(one.code, has6, taken6))
    return tuple(tried), left6


def _ship(warehouse: Warehouse, quantities6: Mapping[str, int]) -> Leg:
    return Leg("ship", warehouse.code, dict(quantities6), 0, warehouse.shipping_cost)


def _why(chosen: SourcingPlan, plans: Sequence[SourcingPlan]) -> str:
    if len(plans) == 1:
        return f"{_name(chosen)} is the only way"
    if not chosen.in_time:
        return f"no way is in time; {_name(chosen)} is the first that is ready, on {chosen.arrives}"
    others = [one for one in plans if one is not chosen]
    told = "; ".join(
        f"{_name(one)} costs {one.cost}" + ("" if one.in_time else f" and is ready too late, on {one.arrives}")
        for one in others
    )
    return f"{_name(chosen)} costs {chosen.cost}, the least of what is in time; {told}"


def _name(plan: SourcingPlan) -> str:
    return f"{plan.kind} from {', '.join(leg.warehouse for leg in plan.legs)}"
