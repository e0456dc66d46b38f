"""Timers fire once, each with its work in one transaction, and a broken one stops no other (invariant 9)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from core.audit.verify import verify
from core.errors import StoreUnavailable
from core.store import events, timers
from core.store import orders as rows
from core.store.tables.master import stock
from core.store.tables.ordering import holds
from core.testing.trade import CUP, MONDAY, Trade, a_line, an_order, partner_row, place
from gateway import timers as desk
from gateway.timers import TimerDesk

SEVEN_DAYS = timedelta(days=7)


def reserved(works) -> Decimal:
    return works.store.read(lambda tx: sum(tx.execute(select(stock.c.reserved)).scalars(), Decimal(0)))


def held(works) -> int:
    return works.store.read(lambda tx: tx.execute(select(func.count()).select_from(holds)).scalar_one())


def test_a_reservation_ends_when_the_clock_says_so(works) -> None:
    works.store.write(lambda tx: place(tx, [an_order("PO-1", a_line(CUP, 10))]))
    clockwork = TimerDesk(works.store, works.clock)
    works.clock.advance(SEVEN_DAYS - timedelta(microseconds=1))
    assert clockwork.run_due() == 0
    assert reserved(works) == Decimal(10)
    works.clock.advance(timedelta(microseconds=1))
    assert clockwork.run_due() == 1
    assert (reserved(works), held(works)) == (0, 1)
    assert clockwork.run_due() == 0


def test_the_queue_is_ranked_at_once_and_every_hour(each_works) -> None:
    """EXE-03."""
    works = each_works
    (order,) = works.store.write(lambda tx: place(tx, [an_order("PO-1", a_line(CUP, 500))]))
    clockwork = TimerDesk(works.store, works.clock)
    for _ in range(2):  # it starts with each process that stays, and once
        clockwork.start()
    assert (clockwork.run_due(), clockwork.run_due()) == (2, 0)  # the ranking, and the watch over the phases
    works.store.write(lambda tx: rows.set_state(tx, order.order_id, "in_review", promised_date=MONDAY.date()))
    works.clock.advance(timedelta(hours=1))
    assert clockwork.run_due() == 2
    told = works.store.read(lambda tx: events.of_order(tx, order.order_id))
    assert [row["summary"] for row in told if row["event"] == "order.ranked"] == ["priority 90, before 65"]


def test_of_several_desks_one_fires(each_works) -> None:
    works = each_works
    works.store.write(lambda tx: place(tx, [an_order(f"PO-{number}", a_line(CUP, 1)) for number in range(6)]))
    works.clock.advance(SEVEN_DAYS)
    with ThreadPoolExecutor(3) as pool:
        fired = sum(pool.map(lambda _number: TimerDesk(works.store, works.clock).run_due(), range(3)))
    assert (fired, held(works), reserved(works)) == (6, 6, 0)


def test_a_timer_that_fails_stops_no_other_and_calls_a_person_once(works, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = works.store.write(lambda tx: place(tx, [an_order("PO-1"), an_order("PO-2")]))
    works.clock.advance(SEVEN_DAYS)
    expire = desk.expire_reservation

    def fail(tx, order_id: int, now) -> bool:
        if order_id == first.order_id:
            raise ZeroDivisionError("no")
        return expire(tx, order_id, now)

    monkeypatch.setattr(desk, "expire_reservation", fail)
    clockwork = TimerDesk(works.store, works.clock)
    assert clockwork.run_due() == 1
    assert clockwork.run_due() == 0
    assert works.alerts() == [("timer.failed", str(first.order_id), 1)]
    assert works.store.read(lambda tx: rows.holds_of(tx, second.order_id))
    assert works.store.read(timers.next_due) == MONDAY + SEVEN_DAYS  # it is kept for the next start
    monkeypatch.undo()
    assert TimerDesk(works.store, works.clock).run_due() == 1


def test_a_failing_database_is_not_the_timers_fault(works, monkeypatch: pytest.MonkeyPatch) -> None:
    works.store.write(lambda tx: place(tx, [an_order()]))
    works.clock.advance(SEVEN_DAYS)

    def locked(*_args: object) -> bool:
        raise StoreUnavailable

    monkeypatch.setattr(desk, "expire_reservation", locked)
    clockwork = TimerDesk(works.store, works.clock)
    with pytest.raises(StoreUnavailable):
        clockwork.run_due()
    monkeypatch.undo()
    assert clockwork.run_due() == 1


def test_an_auto_partners_order_is_packed_by_its_timer(works_with) -> None:
    works = works_with(Trade(partners=[partner_row(fulfilment="auto", carrier="sandbox")]))
    (order,) = works.store.write(lambda tx: place(tx, [an_order()]))
    assert TimerDesk(works.store, works.clock).run_due() == 1
    assert works.store.read(lambda tx: rows.by_id(tx, order.order_id))["state"] == "packed"


def test_everything_that_waits_is_sealed(works) -> None:
    works.store.write(lambda tx: place(tx, [an_order(f"PO-{number}") for number in range(200)]))
    events_told = 200 * 3 + 14  # stock is there for the first fourteen, which are told of their reservation
    assert TimerDesk(works.store, works.clock).seal() == events_told
    assert works.store.read(verify) == {"ok": True, "events": events_told, "unsealed": 0, "first_bad": None}
    assert TimerDesk(works.store, works.clock).seal() == 0
