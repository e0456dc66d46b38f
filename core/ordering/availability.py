"""Availability of a planned order: from which warehouses it is served, and the day that each line is promised for.

Reads nothing but the supply to come of what is not on hand, and folds nothing: that is the plan's to do.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from core.catalogue.model import StockLevel
from core.documents import Order
from core.ordering.sourcing import share, source_order, take_from
from core.partners.model import Partner
from core.review.availability import (
    Short,
    await_supply,
    awaited_evidence,
    date_unmet,
    stock_short,
)
from core.review.customer import derive_ship_to
from core.review.holds import CheckResult, HoldDraft
from core.review.promising import Pace, PromiseRules, last_tolerated, pace_of, promise
from core.review.shortage import Shortage, options_of
from core.stock.atp import Place, taken

if TYPE_CHECKING:
    from core.ordering.plan import Plan, Snapshot


@dataclass(slots=True)
class Found:
    """What the lines came to before they are promised.

    ``evidence`` is [line, SKU, wanted x 10^6, on hand x 10^6] of each, ``dated`` the days that lines ask for
    themselves.
    """

    short: list[Short] = field(default_factory=list)
    holds: list[HoldDraft] = field(default_factory=list)
    evidence: list[Any] = field(default_factory=list)
    dated: dict[int, date] = field(default_factory=dict)


def check_availability(snapshot: Snapshot, plan: Plan, found: Found) -> CheckResult:
    """Promise every line a day and say what keeps it from the one that is asked for (INT-17, CNF-21)."""
    requested, today = plan.order.requested_date, snapshot.today
    rules = snapshot.rules.book.promise
    places = _places(snapshot, plan) if rules.transit else ()
    skus = [line.sku for line in plan.lines] if rules.buffer_by_item else ()
    pace = pace_for(rules, plan.order, snapshot.partner, skus, places)
    from_hand = promise(requested, today, pace.lead_days, pace.handling_days)
    plan.promised_from_hand = from_hand
    if found.dated:
        plan.own_days = {
            number: promise(day, today, pace.lead_days, pace.handling_days) for number, day in found.dated.items()
        }
    holds = found.holds
    if found.short:
        holds = holds + _await(snapshot, plan, found, pace)
    if snapshot.sites or snapshot.rules.book.routing.routes:
        from_hand = _source(snapshot, plan, found) or from_hand
    plan.promised = _last_day(plan, from_hand)
    evidence: dict[str, Any] = {
        "lines": found.evidence,
        "requested": requested and requested.isoformat(),
        "promised": plan.promised.isoformat(),
    }
    if plan.awaited:
        evidence["awaited"] = awaited_evidence(plan.awaited)
    if pace.transit_days or pace.buffer_days:
        evidence["added_days"] = pace.evidence()
    if plan.sourced is not None:
        evidence["sourcing"] = plan.sourced.decision
    if found.dated or (requested is not None and plan.promised > requested):
        holds = holds + _late(snapshot, plan, found.dated)
    return CheckResult("availability", tuple(holds), evidence)


def _source(snapshot: Snapshot, plan: Plan, found: Found) -> date | None:
    """Decide from where the order is served; return the day that is promised from there, None where nothing changes.

    An order that is short is held; when it is confirmed, it is decided anew.
    """
    if plan.test or any(one.line not in plan.awaited for one in found.short):
        return None
    order, partner, book, today = plan.order, snapshot.partner, snapshot.rules.book, snapshot.today
    wanted6: dict[str, int] = {}
    for line in plan.lines:
        if line.sku and (hand6 := plan.awaited[line.line].hand6 if line.line in plan.awaited else line.quantity6):
            wanted6[line.sku] = wanted6.get(line.sku, 0) + hand6
    sourced = wanted6 and source_order(
        order, partner, book, sites=snapshot.sites, stock=snapshot.stock, wanted6=wanted6, today=today
    )
    if not sourced:
        return None
    plan.sourced = sourced
    pace = pace_for(book.promise, order, partner, wanted6, sourced.ships)
    ready = sourced.ready
    plan.own_days = {
        number: promise(day, today, pace.lead_days, pace.handling_days, ready=ready)
        for number, day in found.dated.items()
    }
    plan.promised_from_hand = promise(order.requested_date, today, pace.lead_days, pace.handling_days, ready=ready)
    return plan.promised_from_hand


def take_sourced(plan: Plan, stock: Mapping[str, list[StockLevel]]) -> None:
    """Give each line its part of what is taken from several warehouses, out of *stock*."""
    assert plan.sourced is not None
    left6 = {sku: list(parts) for sku, parts in plan.sourced.parts6.items()}
    for line in plan.lines:
        if line.sku:
            hand6 = plan.awaited[line.line].hand6 if line.line in plan.awaited else line.quantity6
            line.taken.extend(share(left6, line.sku, hand6))
            take_from(stock[line.sku], line.taken)


def pace_for(
    rules: PromiseRules, order: Order, partner: Partner, skus: Iterable[str | None], warehouses: Collection[str]
) -> Pace:
    """Return what is added to the day on which the goods of *order* are there, were they sent from *warehouses*."""
    buffer_days = rules.buffer_for(order.type, partner.code, skus)
    transit_days = 0
    if rules.transit:
        transit_days = rules.transit_from(warehouses, derive_ship_to(order, partner), partner)
    return pace_of(rules, order.type, transit_days=transit_days, buffer_days=buffer_days)


def _places(snapshot: Snapshot, plan: Plan) -> set[str]:
    """Return the warehouses that have anything of the order."""
    return {
        level.warehouse
        for line in plan.lines
        for level in snapshot.stock.get(line.sku or "", ())
        if level.available6 > 0
    }


def _last_day(plan: Plan, from_hand: date) -> date:
    """Return the day on which all of the order is there."""
    if plan.own_days:
        return max((day for line in plan.lines if (day := plan.day_of(line.line)) is not None), default=from_hand)
    last = max((one.day for one in plan.awaited.values()), default=from_hand)
    return max(last, from_hand) if len(plan.awaited) < len(plan.lines) else last


def _late(snapshot: Snapshot, plan: Plan, dated: Mapping[int, date]) -> list[HoldDraft]:
    """Note the lines that are promised later than they are wanted; return the hold where that is not tolerated."""
    worst: tuple[date, date] | None = None
    for line in plan.lines:
        wanted, promised = dated.get(line.line, plan.order.requested_date), plan.day_of(line.line)
        if wanted is None or promised is None or promised <= wanted:
            continue
        plan.late.append(line.line)
        if worst is None or promised - wanted > worst[1] - worst[0]:
            worst = (wanted, promised)
    hold = worst and date_unmet(*worst, snapshot.partner.tolerances.days_late)
    return [hold] if hold else []


def _await(snapshot: Snapshot, plan: Plan, found: Found, pace: Pace) -> list[HoldDraft]:
    """Promise what is to come to the lines that are short; return the holds of those that it does not serve."""
    if snapshot.supply is None:
        return [stock_short(*one) for one in found.short]
    order, today = plan.order, snapshot.today
    places = dict(snapshot.supply.of({one.sku for one in found.short}))
    unserved = []
    for one in found.short:
        promised = plan.own_days.get(one.line, plan.promised_from_hand or today)
        wanted = found.dated.get(one.line, order.requested_date)
        served, left = await_supply(
            [one],
            places,
            order_type=order.type,
            today=today,
            last=last_tolerated(order.type, wanted, promised, snapshot.partner.tolerances.days_late),
            lead_days=pace.lead_days,
        )
        plan.awaited |= served
        unserved += left
        for line in served.values():
            places[one.sku] = taken(places[one.sku], line.draws)
    return [
        stock_short(
            *one,
            options=options_of(
                Shortage(
                    one.sku,
                    one.wanted6,
                    one.hand6,
                    plan.own_days.get(one.line, plan.promised_from_hand or today),
                    today,
                    pace.lead_days,
                ),
                _left_for(one, places[one.sku]),
            ),
        )
        for one in unserved
    ]


def _left_for(one: Short, places: Sequence[Place]) -> list[Place]:
    """Return *places* with what is on hand for this very line: plans and lines before it may have taken the rest."""
    return [Place("", one.hand6, 0), *(place._replace(on_hand6=0, reserved6=0) for place in places)]
