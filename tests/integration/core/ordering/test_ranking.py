"""The hourly ranking: every open order has a score, changes are told, finished ones have none (EXE-01 to EXE-03)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from core.audit.verify import verify
from core.ordering import ranking
from core.review.rulebook import read_rulebook
from core.store import events, timers
from core.store import orders as order_rows
from core.store.engine import Store
from core.store.rulebooks import put_in_force
from core.store.tables.ordering import orders
from core.store.tables.ranking import order_priorities
from core.testing.trade import CUP, MONDAY, Trade, a_line, address_row, an_order, edi_row, partner_row, place

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
HISTORY = [{"partner": "ACME", "month": "2026-01", "amount": Decimal(100)}]


@pytest.fixture(params=[ranking._CHUNK, 3, 1], ids="chunks of {}".format)
def chunk(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many orders are ranked in one transaction."""
    monkeypatch.setattr(ranking, "_CHUNK", request.param)
    return int(request.param)


@pytest.fixture
def trading(each_store: Store) -> Store:
    """A store whose customer is an old one, with its first round due."""
    each_store.write(Trade(sales_history=HISTORY).load)
    each_store.write(lambda tx: ranking.start(tx, MONDAY))
    return each_store


def ordered(store: Store, *references: str, **changes: Any) -> list[Any]:
    line = changes.pop("line", a_line(CUP, 1))
    wanted = {"requested_date": date(2026, 3, 20), **changes}
    return store.write(lambda tx: place(tx, [an_order(one, line, **wanted) for one in references]))


def fire_due(store: Store, at: datetime) -> Iterator[bool]:
    while due := store.read(lambda tx: timers.due(tx, at, ranking.KINDS, 1)):
        yield store.write(lambda tx, one=due[0]: ranking.fire(tx, one, at))


def rank(store: Store, at: datetime = MONDAY) -> int:
    """Run every round that is due and return how many transactions that took."""
    fired = list(fire_due(store, at))
    assert all(fired)
    return len(fired)


def scores(store: Store) -> dict[str, int]:
    statement = select(orders.c.buyer_reference, order_priorities.c.score).join(
        order_priorities, order_priorities.c.order_id == orders.c.id
    )
    return store.read(lambda tx: {row.buyer_reference: row.score for row in tx.execute(statement)})


def told(store: Store, order: Any) -> list[dict[str, Any]]:
    found: Sequence[dict[str, Any]] = store.read(lambda tx: events.of_order(tx, order.order_id))
    return [row for row in found if row["event"] == "order.ranked"]


def test_every_open_order_is_ranked_once_in_whatever_chunks(trading: Store, chunk: int) -> None:
    """EXE-01, EXE-02."""
    ordered(trading, "PO-1", "PO-2")
    ordered(trading, "PO-3", type="urgent")
    ordered(trading, "PO-4", type="sample", line=a_line(CUP, 500))  # held
    ordered(trading, "PO-5", type="pre_order", line=a_line(CUP, 500))
    transactions = rank(trading)
    assert scores(trading) == {"PO-1": 50, "PO-2": 50, "PO-3": 80, "PO-4": 40, "PO-5": 30}
    assert transactions <= 5 // chunk + 1
    assert trading.read(lambda tx: timers.next_due(tx, ranking.KINDS)) == MONDAY + HOUR


def test_scores_are_counted_every_hour_and_a_change_is_told(trading: Store) -> None:
    """EXE-03: at 23:30 in Berlin it is 5 days to the promise, an hour later 4."""
    (order,) = ordered(trading, "PO-1", requested_date=date(2026, 3, 7))
    late = datetime(2026, 3, 2, 22, 30, tzinfo=MONDAY.tzinfo)
    rank(trading, late)
    assert (scores(trading), told(trading, order)) == ({"PO-1": 50}, [])
    assert rank(trading, late + HOUR - timedelta(microseconds=1)) == 0
    assert rank(trading, late + HOUR) == 1
    assert scores(trading) == {"PO-1": 55}
    (event,) = told(trading, order)
    assert (event["actor"], event["summary"], event["at"]) == ("rule:priority", "priority 55, before 50", late + HOUR)
    assert '"after":55,"before":50' in event["inputs"]
    assert "promised for 2026-03-07, in 4 days" in event["inputs"]
    assert trading.read(verify)["ok"]


def test_a_score_that_stays_writes_nothing(trading: Store) -> None:
    (order,) = ordered(trading, "PO-1")
    rank(trading)
    before = trading.read(lambda tx: tx.execute(select(order_priorities)).all())
    rank(trading, MONDAY + HOUR)
    assert trading.read(lambda tx: tx.execute(select(order_priorities)).all()) == before
    assert told(trading, order) == []


def test_finished_orders_leave_the_table_and_those_still_to_be_done_stay(trading: Store, chunk: int) -> None:
    done = ["packed", "shipped", "delivered", "cancelled", "declined"]
    still = ["in_review", "confirmed", "released", "picking"]
    placed = ordered(trading, *done, *still)
    rank(trading)
    assert sorted(scores(trading)) == sorted([*done, *still])
    for order, state in zip(placed, [*done, *still], strict=True):
        trading.write(lambda tx, order=order, state=state: order_rows.set_state(tx, order.order_id, state))
    assert rank(trading, MONDAY + HOUR) <= 18 // chunk + 2
    assert sorted(scores(trading)) == sorted(still)


def test_test_orders_are_not_ranked(trading: Store) -> None:
    trading.write(lambda tx: place(tx, [an_order("T-1")], test=True))
    rank(trading)
    assert scores(trading) == {}


def test_vips_and_the_first_orders_of_new_customers_come_sooner(each_store: Store) -> None:
    """EXE-02: +10 and +15; what was cancelled was no order."""
    trade = Trade(
        partners=[partner_row(vip=True), partner_row("OLD", gln="4012345000030")],
        edi=[edi_row(), edi_row("OLD", edi_id="4012345000030")],
        addresses=[address_row(), address_row("OLD")],
        sales_history=[{**HISTORY[0], "partner": "OLD"}],
    )
    each_store.write(trade.load)
    first, *_ = ordered(each_store, "PO-1", "PO-2")
    each_store.write(lambda tx: place(tx, [an_order("PO-9", requested_date=date(2026, 3, 20))], partner="OLD"))
    each_store.write(lambda tx: ranking.start(tx, MONDAY))
    rank(each_store)
    assert scores(each_store) == {"PO-1": 75, "PO-2": 60, "PO-9": 50}
    each_store.write(lambda tx: order_rows.set_state(tx, first.order_id, "cancelled"))
    rank(each_store, MONDAY + HOUR)
    assert scores(each_store) == {"PO-2": 75, "PO-9": 50}


def test_another_rulebook_counts_from_the_next_round_on(trading: Store) -> None:
    """REV-06."""
    (order,) = ordered(trading, "PO-1")
    rank(trading)
    book = read_rulebook({"priority": {"standard": 60, "every_minutes": 15}})
    trading.write(lambda tx: put_in_force(tx, book, at=MONDAY, actor="user:eve", reason="season"))
    rank(trading, MONDAY + HOUR)
    assert scores(trading) == {"PO-1": 60}
    assert '"rule_version":"2"' in told(trading, order)[0]["inputs"]
    assert trading.read(lambda tx: timers.next_due(tx, ranking.KINDS)) == MONDAY + HOUR + timedelta(minutes=15)


def test_rounds_that_were_missed_are_not_made_up_for(trading: Store) -> None:
    rank(trading)
    assert rank(trading, MONDAY + 9 * DAY) == 1
    assert trading.read(lambda tx: timers.next_due(tx, ranking.KINDS)) == MONDAY + 9 * DAY + HOUR


def test_there_is_one_timer_whoever_starts_it(each_store: Store) -> None:
    """An installation without a company yet has nothing to rank, and no trouble with it."""
    for _ in range(3):
        each_store.write(lambda tx: ranking.start(tx, MONDAY))
    (timer,) = each_store.read(lambda tx: timers.due(tx, MONDAY, ranking.KINDS, 10))
    assert each_store.write(lambda tx: ranking.fire(tx, timer, MONDAY))
    assert not each_store.write(lambda tx: ranking.fire(tx, timer, MONDAY))
    assert len(each_store.read(lambda tx: timers.due(tx, MONDAY + DAY, ranking.KINDS, 10))) == 1
