"""The day that an order and each of its lines are promised for, and how the buyer is told of another one."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from core.ordering.confirm import Desk
from core.ordering.release import release_holds
from core.review.rulebook import read_rulebook
from core.store import orders as order_rows
from core.store import outbox, rulebooks
from core.store.engine import Store, Tx
from core.store.lookup import MasterCache
from core.testing.trade import CUP, LAMP, MONDAY, Trade, a_line, an_order, place

TODAY = date(2026, 3, 2)


def day(number: int) -> date:
    return TODAY + timedelta(days=number)


@pytest.fixture
def shop(store: Store) -> Store:
    store.write(Trade().load)
    return store


def put_in_force(store: Store, **promise: Any) -> None:
    book = read_rulebook({"promise": promise})
    store.write(lambda tx: rulebooks.put_in_force(tx, book, actor="ann", reason="season", at=MONDAY))


def placed(store: Store, *lines: Any, **changes: Any) -> dict[str, Any]:
    (one,) = store.write(lambda tx: place(tx, [an_order("PO-1", *lines, **changes)]))
    return told(store, one.order_id)


def told(store: Store, order_id: int) -> dict[str, Any]:
    def work(tx: Tx) -> dict[str, Any]:
        row = order_rows.by_id(tx, order_id)
        row["days"] = [line["promised_date"] for line in order_rows.lines_of(tx, order_id)]
        row["answers"] = [one["payload"] for one in outbox.of_order(tx, order_id)]
        row["holds"] = [hold["code"] for hold in order_rows.holds_of(tx, order_id)]
        return row

    return store.read(work)


@pytest.mark.parametrize(("wanted", "promised"), [(3, 4), (4, 4), (5, 5), (None, 8)])
def test_way_and_buffer_are_in_the_promise(shop: Store, wanted: int | None, promised: int) -> None:
    """CNF-21: goods on hand + a day of handling + two on the way to Berlin + one of buffer."""
    put_in_force(shop, buffer_days=1, transit=[{"days": 2, "warehouse": "MAIN", "region": "BE"}, {"days": 9}])
    found = placed(shop, a_line(LAMP), requested_date=None if wanted is None else day(wanted))
    assert (found["state"], found["promised_date"], found["days"]) == ("confirmed", day(promised), [day(promised)])


@pytest.mark.parametrize(("wanted", "function", "answer"), [(1, "29", None), (0, "4", ["3", "10"])])
def test_a_day_before_what_stock_can_meet_is_answered_with_that_one(
    shop: Store, wanted: int, function: str, answer: list[str] | None
) -> None:
    """INT-17: stock meets the day after today; a wish of today is within the tolerance of two days, and answered 3."""
    found = placed(shop, a_line(CUP), requested_date=day(wanted))
    assert (found["state"], found["days"]) == ("confirmed", [day(1)])
    (said,) = found["answers"]
    assert (said["function"], said.get("lines", {}).get("1")) == (function, answer)


def test_each_line_has_the_day_that_it_asks_for(shop: Store) -> None:
    """INT-17: only the line whose day is not met is answered 3."""
    lines = [a_line(CUP), a_line(LAMP, requested_date=day(0)), a_line(LAMP, requested_date=day(20))]
    found = placed(shop, *lines)
    assert (found["days"], found["promised_date"]) == ([day(7), day(1), day(20)], day(20))
    assert found["answers"][0]["lines"] == {"2": ["3", "10"]}


def test_a_person_who_lets_a_late_line_go_answers_with_its_day(shop: Store) -> None:
    """INT-17: four days late is more than is tolerated, so that somebody decides; the answer names the day."""
    found = placed(shop, a_line(CUP, requested_date=day(-3)))
    assert (found["state"], found["holds"]) == ("in_review", ["date.unmet"])

    desk = Desk(MasterCache(), actor="ann", now=MONDAY)
    shop.write(lambda tx: release_holds(tx, desk, found["number"], reason="asked the buyer"))
    after = told(shop, found["id"])
    assert (after["days"], after["answers"][0]["lines"]) == ([day(1)], {"1": ["3", "10"]})
    assert after["total"] == Decimal(125)
