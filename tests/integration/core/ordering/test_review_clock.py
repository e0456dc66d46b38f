"""The clock of a held order: a reminder, an alert when it is late, silence once it is decided (REV-03, REV-08)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from core.ordering import review_clock
from core.ordering.cancel import cancel_order
from core.ordering.confirm import Desk
from core.ordering.release import release_holds
from core.review.rulebook import read_rulebook
from core.store import events, timers
from core.store.alerts import open_alerts
from core.store.engine import Store
from core.store.lookup import MasterCache
from core.store.rulebooks import put_in_force
from core.testing.trade import CUP, MONDAY, Trade, a_line, an_order, place

#: more than there is on hand: held for stock
SHORT = a_line(CUP, 500)
HALF_HOUR = timedelta(minutes=30)


@pytest.fixture
def trading(each_store: Store) -> Store:
    each_store.write(Trade().load)
    return each_store


def hold(store: Store, reference: str = "PO-1", **changes: Any) -> Any:
    return store.write(lambda tx: place(tx, [an_order(reference, SHORT, **changes)]))[0]


def run_to(store: Store, at: Any) -> int:
    due = store.read(lambda tx: timers.due(tx, at, review_clock.KINDS, 10))
    return sum(store.write(lambda tx, one=one: review_clock.fire(tx, one, at)) for one in due)


def told(store: Store) -> list[tuple[str, str]]:
    return sorted((one["kind"], one["message"]) for one in store.read(open_alerts))


def story(store: Store, order: Any) -> list[str]:
    return [row["event"] for row in store.read(lambda tx: events.of_order(tx, order.order_id))]


@pytest.mark.parametrize(("order_type", "hours"), [("standard", 4), ("urgent", 1)])
def test_late_reviews_are_told_after_four_hours_of_urgent_orders_after_one(
    trading: Store, order_type: str, hours: int
) -> None:
    """REV-03, REV-08."""
    order = hold(trading, type=order_type)
    due = MONDAY + timedelta(hours=hours)
    moment = timedelta(microseconds=1)
    assert (run_to(trading, due - HALF_HOUR - moment), told(trading)) == (0, [])
    assert run_to(trading, due - HALF_HOUR) == 1
    ((kind, words),) = told(trading)
    assert (kind, "waits for stock.short (" in words) == ("review.due", True)
    assert run_to(trading, due - moment) == 0
    assert run_to(trading, due) == 1
    assert [kind for kind, _ in told(trading)] == ["review.overdue"]
    assert story(trading, order)[-2:] == ["review.reminded", "review.overdue"]
    assert run_to(trading, due + timedelta(days=9)) == 0


@pytest.mark.parametrize("minutes", [0, 211, 241])
@pytest.mark.parametrize("how", ["release", "cancel"])
def test_a_decision_stops_the_clock_whatever_it_has_told(trading: Store, how: str, minutes: int) -> None:
    order = hold(trading)
    at = MONDAY + timedelta(minutes=minutes)
    run_to(trading, at)
    desk = Desk(MasterCache(), "user:eve", at)
    if how == "release":
        trading.write(lambda tx: release_holds(tx, desk, order.number, reason="as far as it goes"))
    else:
        trading.write(lambda tx: cancel_order(tx, desk, order.number, reason="changed my mind"))
    assert told(trading) == []
    assert trading.read(lambda tx: timers.next_due(tx, review_clock.KINDS)) is None
    assert run_to(trading, MONDAY + timedelta(days=9)) == 0


def test_an_order_that_nobody_has_to_decide_on_has_no_clock(trading: Store) -> None:
    trading.write(lambda tx: place(tx, [an_order("PO-1", a_line(CUP, 1))]))
    assert trading.read(lambda tx: timers.next_due(tx, review_clock.KINDS)) is None


def test_the_deadlines_are_rules(trading: Store) -> None:
    """REV-06: a change takes effect without code."""
    book = read_rulebook({"flow": {"standard_minutes": 10, "remind_minutes": 0}})
    trading.write(lambda tx: put_in_force(tx, book, at=MONDAY, actor="user:eve", reason="quick"))
    hold(trading)
    assert run_to(trading, MONDAY + timedelta(minutes=10)) == 1
    assert [kind for kind, _ in told(trading)] == ["review.overdue"]
