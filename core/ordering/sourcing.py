"""Decides from which warehouses an order is served and which team looks after it (INV-06, INT-21, INT-22).

There is a decision where a route of the rules fits, or where more than one warehouse has something of the order; else
the only warehouse that has goods serves it, and nothing is told. The decision is kept with the order
(``core.store.assignments``) and in its availability check.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple

from core.catalogue.model import StockLevel
from core.documents import Order, Party
from core.partners.model import Partner
from core.review.customer import derive_ship_to
from core.review.promising import pace_of, promise
from core.review.routing import Route, Traits
from core.review.rulebook import Rulebook
from core.stock.sourcing import Sourcing, SourcingPlan, Warehouse, source
from core.stock.told import plan_json, quantities_json
from core.store.assignments import Assignment

#: what decides where no route does
CHEAPEST: Final = "sourcing.cost"
#: quantities x 10^6 by warehouse, the preferred one first
Parts6 = Mapping[str, Sequence[tuple[str, int]]]


class Sourced(NamedTuple):
    """From where an order is served.

    ``warehouse`` ships it, of several the first; ``ships`` are all that do. ``ready`` is the day on which the last of
    it leaves. ``parts6`` is what is taken where of each SKU, empty where one warehouse has all there is.
    """

    warehouse: str
    team: str
    rule: str
    ready: date
    ships: tuple[str, ...]
    parts6: Parts6
    decision: dict[str, Any]


def source_order(
    order: Order,
    partner: Partner,
    rules: Rulebook,
    *,
    sites: Sequence[Warehouse],
    stock: Mapping[str, Sequence[StockLevel]],
    wanted6: Mapping[str, int],
    today: date,
) -> Sourced | None:
    """Return from where *wanted6* (SKU -> x 10^6, all of it on hand) is served, None where there is no choice.

    *sites* are the warehouses in the order of preference, *stock* what each of them can still promise.
    """
    route = _route(order, partner, rules, wanted6) if rules.routing.routes else None
    free6 = _free(stock, wanted6)
    if route is None and len(free6) < 2:
        return None
    if len(free6) == 1 and route is not None:
        (only,) = free6
        why = f"{only} is the only warehouse that has goods of the order"
        rule = route.name if route.warehouse in ("", only) else CHEAPEST
        told = {"route": route.name, "warehouse": only, "team": route.team, "rule": rule, "comparison": why}
        return Sourced(only, route.team, rule, today, (only,), {}, told)
    preferred = "" if route is None else route.warehouse
    asked = _asked(sites, free6, preferred)
    found = _compare(order, partner, rules, asked, free6, wanted6=wanted6, today=today, preferred=preferred)
    if found.chosen is None:
        return None
    return _sourced(found, route)


def assignment(order_id: int, sourced: Sourced, *, rule_version: str, at: datetime) -> Assignment:
    """Return the row that keeps the decision with its order."""
    return Assignment(order_id, sourced.warehouse, sourced.team, sourced.rule, rule_version, sourced.decision, at)


def share(left6: dict[str, list[tuple[str, int]]], sku: str, quantity6: int) -> list[tuple[str, int]]:
    """Take *quantity6* of *sku* out of *left6*, the parts that are not given to a line yet."""
    taken: list[tuple[str, int]] = []
    rest: list[tuple[str, int]] = []
    for warehouse, part6 in left6.get(sku, ()):
        mine6 = min(part6, quantity6)
        if mine6:
            taken.append((warehouse, mine6))
            quantity6 -= mine6
        if part6 > mine6:
            rest.append((warehouse, part6 - mine6))
    left6[sku] = rest
    return taken


def take_from(levels: list[StockLevel], taken: Iterable[tuple[str, int]]) -> None:
    """Count *taken* out of *levels*, so that the next order sees what is left."""
    parts = dict(taken)
    levels[:] = [level._replace(available6=level.available6 - parts.get(level.warehouse, 0)) for level in levels]


def _route(order: Order, partner: Partner, rules: Rulebook, wanted6: Mapping[str, int]) -> Route | None:
    place = derive_ship_to(order, partner) or Party("DP")
    return rules.routing.route(
        Traits(
            country=place.country,
            region=place.region,
            postal_code=place.postal_code,
            partner=partner.code,
            group=partner.group,
            grade=partner.grade,
            order_type=order.type,
            skus=list(wanted6),
        )
    )


def _free(stock: Mapping[str, Sequence[StockLevel]], wanted6: Mapping[str, int]) -> dict[str, dict[str, int]]:
    """Return what each warehouse has of what is wanted, none that has nothing."""
    free6: dict[str, dict[str, int]] = {}
    for sku in wanted6:
        for warehouse, left6 in stock.get(sku, ()):
            if left6 > 0:
                free6.setdefault(warehouse, {})[sku] = left6
    return free6


def _asked(sites: Sequence[Warehouse], free6: Mapping[str, Any], preferred: str) -> list[Warehouse]:
    """Return the warehouses that have anything as they are asked: that of the route, the preferred, the unlisted."""
    known = [one for one in sites if one.code in free6]
    listed = {one.code for one in known}
    known += [Warehouse(code) for code in sorted(free6) if code not in listed]
    return sorted(known, key=lambda one: one.code != preferred)


def _compare(
    order: Order,
    partner: Partner,
    rules: Rulebook,
    asked: Sequence[Warehouse],
    free6: Mapping[str, Mapping[str, int]],
    *,
    wanted6: Mapping[str, int],
    today: date,
    preferred: str,
) -> Sourcing:
    """Compare the ways by the day that is asked for, or that we would promise of goods that are here."""
    promising = rules.promise
    if promising.transit:
        place = derive_ship_to(order, partner)
        asked = [one._replace(transit_days=promising.transit_from([one.code], place, partner)) for one in asked]
    buffer_days = promising.buffer_for(order.type, partner.code, wanted6)
    nearest = min(one.transit_days for one in asked)
    pace = pace_of(promising, order.type, transit_days=nearest, buffer_days=buffer_days)
    by = promise(order.requested_date, today, pace.lead_days, pace.handling_days)
    leaves_by = by - timedelta(days=promising.lead_days + buffer_days)
    return source(wanted6, free6, asked, today=today, leaves_by=leaves_by, preferred=preferred)


def _sourced(found: Sourcing, route: Route | None) -> Sourced:
    chosen = found.chosen
    assert chosen is not None
    ships = tuple(leg.warehouse for leg in chosen.legs if leg.kind == "ship")
    routed = route is not None and route.warehouse in ("", *ships)
    rule = route.name if route is not None and routed else CHEAPEST
    team = "" if route is None else route.team
    told = {
        "route": None if route is None else route.name,
        "warehouse": ships[0],
        "team": team,
        "rule": rule,
        "comparison": found.why,
        "tried": [{"warehouse": one.warehouse, "available": quantities_json(one.available6)} for one in found.tried],
        "plans": [plan_json(one) for one in found.plans],
        "chosen": plan_json(chosen),
    }
    return Sourced(ships[0], team, rule, chosen.ready, ships, _parts(chosen), told)


def _parts(plan: SourcingPlan) -> dict[str, list[tuple[str, int]]]:
    """Return what is taken where of each SKU, first from who ships: what is brought comes from where it is."""
    brought = [leg for leg in plan.legs if leg.kind == "transfer"]
    parts: dict[str, list[tuple[str, int]]] = {}
    for leg in sorted(plan.legs, key=lambda leg: leg.kind != "ship"):
        others = brought if leg.kind == "ship" else ()
        for sku, quantity6 in leg.quantities6.items():
            if own6 := quantity6 - sum(one.quantities6.get(sku, 0) for one in others):
                parts.setdefault(sku, []).append((leg.warehouse, own6))
    return parts
