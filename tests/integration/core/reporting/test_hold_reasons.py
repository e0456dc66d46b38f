"""Why orders are held: counted by month, reason and partner, with the time until they went on (REV-12)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from core.ordering.confirm import Desk
from core.ordering.release import release_holds
from core.reporting.reports import report
from core.store import orders as rows
from core.store.engine import Store
from core.store.lookup import MasterCache
from core.testing.trade import CUP, LAMP, MONDAY, Trade, a_line, an_order, place

MINUTE = timedelta(minutes=1)
#: the last second of February and the first of March in Berlin
IN_FEBRUARY = MONDAY.replace(month=2, day=28, hour=22, minute=59, second=59)
IN_MARCH = IN_FEBRUARY + timedelta(seconds=1)


@pytest.fixture
def trading(each_store: Store) -> Store:
    each_store.write(Trade().load)
    return each_store


def hold(store: Store, reference: str, at: Any = MONDAY, *lines: Any, **where: Any) -> Any:
    wanted = lines or (a_line(CUP, 500),)
    return store.write(lambda tx: place(tx, [an_order(reference, *wanted)], now=at, **where))[0]


def lift(store: Store, order: Any, actor: str, after: timedelta, at: Any = MONDAY) -> None:
    if actor.startswith("rule:"):
        (held,) = store.read(lambda tx: rows.holds_of(tx, order.order_id))
        store.write(lambda tx: rows.release_hold(tx, held["id"], at=at + after, actor=actor, reason=""))
        return
    store.write(lambda tx: release_holds(tx, Desk(MasterCache(), actor, at + after), order.number))


def told(store: Store, **days: Any) -> list[dict[str, Any]]:
    asked = {"first": date(2026, 2, 1), "last": date(2026, 3, 31)} | days
    return list(store.read(lambda tx: report(tx, "hold-reasons", now=MONDAY, **asked))["rows"])


def test_reasons_are_counted_with_who_lifted_them_and_when(trading: Store) -> None:
    """REV-12: the most frequent first; the median is of those that were lifted."""
    for place_, (actor, minutes) in enumerate([("ann", 10), ("rule:credit", 30), ("rule:credit", 90)]):
        lift(trading, hold(trading, f"PO-{place_}"), actor, minutes * MINUTE)
    hold(trading, "PO-open")
    hold(trading, "PO-price", MONDAY, a_line(LAMP, 1, "9.00"))
    assert told(trading) == [
        {
            "month": "2026-03", "code": "stock.short", "rule": "availability.on-hand", "partner": "ACME", "holds": 4,
            "by_person": 1, "by_rule": 2, "open": 1, "median_minutes": 30,
        },
        {
            "month": "2026-03", "code": "price.mismatch", "rule": "price.tolerance", "partner": "ACME", "holds": 1,
            "by_person": 0, "by_rule": 0, "open": 1, "median_minutes": None,
        },
    ]  # fmt: skip


def test_a_hold_counts_in_the_month_in_which_it_was_set_at_our_place(trading: Store) -> None:
    """REV-12."""
    hold(trading, "PO-1", IN_FEBRUARY)
    hold(trading, "PO-2", IN_MARCH)
    hold(trading, "PO-3", MONDAY, test=True)
    assert [(row["month"], row["holds"]) for row in told(trading)] == [("2026-02", 1), ("2026-03", 1)]
    assert [row["month"] for row in told(trading, first=date(2026, 3, 1))] == ["2026-03"]
    assert [row["month"] for row in told(trading, last=date(2026, 2, 28))] == ["2026-02"]
    assert told(trading, first=date(2025, 12, 15), last=date(2026, 1, 31)) == []
