"""Where an order is served from: warehouses in order of preference, together or apart, at what cost (INV-03 to INV-06).

A warehouse that has everything serves alone. Else the parts of several are brought to one of them, which takes its
transfer time and cost, or each ships its own. The cheapest plan that meets the date is chosen and says why.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal, NamedTuple

_HOURS_A_DAY = 24


class Warehouse(NamedTuple):
    """What moving goods costs here, in the company's currency: to another warehouse, and to a customer."""

    code: str
    transfer_hours: int = 0
    transfer_cost: Decimal = Decimal(0)
    shipping_cost: Decimal = Decimal(0)


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
    """One way to serve it all; *ready* is the day on which the last of it leaves."""

    kind: Literal["single", "consolidated", "split"]
    legs: tuple[Leg, ...]
    hours: int
    cost: Decimal
    ready: date
    in_time: bool


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
) -> Sourcing:
    """Return how *wanted6* (SKU -> x 10^6) is served from *free6* (warehouse -> SKU -> x 10^6).

    *warehouses* come in the order of preference; *leaves_by* is the last day on which goods leave in time.
    """
    tried, left6 = _ask(wanted6, free6, warehouses)
    missing6 = {sku: quantity6 for sku, quantity6 in left6.items() if quantity6}
    if missing6:
        return Sourcing(tried, missing6, (), None, "all warehouses together have too little")

    def plan(kind: Literal["single", "consolidated", "split"], legs: list[Leg]) -> SourcingPlan:
        hours = max(leg.hours for leg in legs)
        ready = today + timedelta(days=-(-hours // _HOURS_A_DAY))
        cost = sum((leg.cost for leg in legs), Decimal(0))
        return SourcingPlan(kind, tuple(legs), hours, cost, ready, leaves_by is None or ready <= leaves_by)

    by_code = {one.code: one for one in warehouses}
    plans = [
        plan("single", [_ship(one, wanted6)])
        for one in warehouses
        if all(free6.get(one.code, {}).get(sku, 0) >= quantity6 for sku, quantity6 in wanted6.items())
    ]
    parts = [(by_code[one.warehouse], one.taken6) for one in tried if one.taken6]
    if len(parts) > 1:
        (hub, _), *others = parts
        brought = [Leg("transfer", one.code, taken6, one.transfer_hours, one.transfer_cost) for one, taken6 in others]
        plans.append(plan("consolidated", [*brought, _ship(hub, wanted6)]))
        plans.append(plan("split", [_ship(one, taken6) for one, taken6 in parts]))
    chosen = min(plans, key=lambda one: (not one.in_time, one.cost if one.in_time else one.ready, len(one.legs)))
    return Sourcing(tried, {}, tuple(plans), chosen, _why(chosen, plans))


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
        return f"no way is in time; {_name(chosen)} is the first that is ready, on {chosen.ready}"
    others = [one for one in plans if one is not chosen]
    told = "; ".join(
        f"{_name(one)} costs {one.cost}" + ("" if one.in_time else f" and is ready too late, on {one.ready}")
        for one in others
    )
    return f"{_name(chosen)} costs {chosen.cost}, the least of what is in time; {told}"


def _name(plan: SourcingPlan) -> str:
    return f"{plan.kind} from {', '.join(leg.warehouse for leg in plan.legs)}"
