"""Finds the lines whose promise cannot be kept, as what they wait for is late or was cut, and says so once each.

Nothing of the order changes by itself: the alert and the event ``order.promise_at_risk`` tell the day on which it can
be had, and the shortage options of the order what can be done.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

from core.audit.record import record
from core.ordering.availability import pace_for
from core.ordering.canonical import from_json
from core.stock.atp import ALL_SUPPLY, FUTURE_PRODUCTION, Draw, Place, draw, last_day, taken
from core.store import alerts
from core.store import orders as order_rows
from core.store.engine import Tx
from core.store.lookup import MasterCache, partner_by_id
from core.store.stock import places_of
from core.store.supply import Promised, every_promise
from core.values import QUANTITY_SCALE, from_scaled, text

PROMISE_AT_RISK: Final = "promise.at_risk"
EVENT: Final = "order.promise_at_risk"


class Risk(NamedTuple):
    """A promise that its supply does not keep; ``proposed`` is when the goods can be promised, None: not known."""

    promised: Promised
    proposed: date | None

    @property
    def subject(self) -> str:
        """The line, as its alert names it."""
        return f"{self.promised.number} line {self.promised.line}"

    @property
    def words(self) -> str:
        """What is wrong, and what can be done."""
        one = self.promised
        quantity = text(from_scaled(one.quantity6, QUANTITY_SCALE))
        when = f"it can be had on {self.proposed}" if self.proposed else "no supply that is known serves it"
        return f"{quantity} of {one.sku} were promised from what {one.warehouse} expected on {one.day}; {when}"


def changed(tx: Tx, cache: MasterCache, today: date) -> bool:
    """Tell whether :func:`judge` would say anything new; reads only."""
    return _told(tx) != {risk.subject: risk.words for risk in _risks(tx, cache, today)}


def judge(tx: Tx, cache: MasterCache, today: date, at: datetime) -> list[Risk]:
    """Raise and close the alerts of lines at risk; return those that are new or have another day."""
    told, found = _told(tx), _risks(tx, cache, today)
    news = [risk for risk in found if told.get(risk.subject) != risk.words]
    for risk in news:
        one = risk.promised
        alerts.raise_alert(tx, PROMISE_AT_RISK, risk.subject, risk.words, at=at, partner=one.partner)
        order_rows.by_id(tx, one.order_id, lock=True)
        inputs = {
            "line": one.line,
            "sku": one.sku,
            "warehouse": one.warehouse,
            "quantity": text(from_scaled(one.quantity6, QUANTITY_SCALE)),
            "supply": one.kind,
            "due": one.day.isoformat(),
            "proposed_date": None if risk.proposed is None else risk.proposed.isoformat(),
        }
        record(tx, one.order_id, EVENT, at=at, actor="rule:availability", summary=risk.words, inputs=inputs)
    for subject in told.keys() - {risk.subject for risk in found}:
        alerts.close_alert(tx, PROMISE_AT_RISK, subject, at=at)
    return news


def _told(tx: Tx) -> dict[str, str]:
    return {row["subject"]: row["message"] for row in alerts.open_alerts(tx) if row["kind"] == PROMISE_AT_RISK}


def _risks(tx: Tx, cache: MasterCache, today: date) -> list[Risk]:
    promised = every_promise(tx)
    if not promised:
        return []
    places: dict[str, list[Place]] = dict(places_of(tx, {one.sku for one in promised}))
    broken = list(_broken(promised, places, today))
    found: dict[str, Risk] = {}
    for one in broken:
        kinds = FUTURE_PRODUCTION if one.order_type == "pre_order" else ALL_SUPPLY
        hand = one.order_type != "pre_order"
        draws = draw(places.get(one.sku, ()), one.quantity6, today=today, kinds=kinds, from_hand=hand)
        if draws:
            places[one.sku] = taken(places[one.sku], draws)
        risk = Risk(one, _day(tx, cache, one, draws, today) if draws else None)
        before = found.get(risk.subject)
        if before is None or (before.proposed is not None and (risk.proposed or date.max) > before.proposed):
            found[risk.subject] = risk
    return list(found.values())


def _broken(promised: list[Promised], places: dict[str, list[Place]], today: date) -> Iterator[Promised]:
    """Yield what is promised of supply that is overdue, or smaller than what was promised of it: the last comes off."""
    expected = {
        (sku, place.warehouse, supply.kind, supply.day): supply.quantity6
        for sku, found in places.items()
        for place in found
        for supply in place.supplies
    }
    for one in promised:
        key = (one.sku, one.warehouse, one.kind, one.day)
        left6 = expected.get(key, 0) if one.day >= today else 0
        if left6 < one.quantity6:
            yield one
        else:
            expected[key] = left6 - one.quantity6


def _day(tx: Tx, cache: MasterCache, one: Promised, draws: list[Draw], today: date) -> date:
    """Return the day that the goods of *draws* can be promised for."""
    cache.refresh(tx)
    partner = partner_by_id(tx, cache, one.partner_id)
    said = from_json(order_rows.document_of(tx, one.order_id, one.revision))
    pace = pace_for(cache.rules.book.promise, said, partner, [one.sku], {each.warehouse for each in draws})
    return last_day(draws, today) + timedelta(days=pace.lead_days)
