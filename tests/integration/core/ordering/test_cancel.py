"""Cancelling frees stock and credit, ends the timers and tells the buyer (state table, rows 23 and 24)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from core.errors import Conflict, NotFound
from core.ordering.cancel import cancel_order
from core.ordering.confirm import Desk
from core.ordering.expire import expire_reservation
from core.store import events, outbox
from core.store import orders as rows
from core.store.engine import Store
from core.store.lookup import MasterCache
from core.store.tables.master import credit_accounts, stock
from core.store.tables.messaging import timers
from core.testing.trade import CUP, MONDAY, Trade, a_line, an_order, partner_row, place

LATER = MONDAY + timedelta(hours=3)


def cancel(store: Store, number: str = "2026-ED-000001", reason: str = "out of business"):
    desk = Desk(MasterCache(), "user:eve", LATER)
    return store.write(lambda tx: cancel_order(tx, desk, number, reason=reason))


def taken(store: Store) -> tuple[Decimal, Decimal, int]:
    """Return what is reserved, committed and timed."""

    def work(tx):
        return (
            sum(tx.execute(select(stock.c.reserved)).scalars(), Decimal(0)),
            tx.execute(select(credit_accounts.c.committed)).scalar_one(),
            tx.execute(select(func.count()).select_from(timers)).scalar_one(),
        )

    return store.read(work)


def test_a_confirmed_order_gives_everything_back(each_store: Store) -> None:
    each_store.write(Trade(partners=[partner_row(fulfilment="auto")]).load)
    (order,) = each_store.write(lambda tx: place(tx, [an_order("PO-1", a_line(CUP, 120), a_line(CUP, 3))]))
    assert taken(each_store) == (Decimal(123), Decimal("1537.5"), 2)
    assert cancel(each_store)["state"] == "cancelled"
    assert taken(each_store) == (0, 0, 0)
    lines = each_store.read(lambda tx: rows.lines_of(tx, order.order_id))
    assert {(line["state"], line["reserved"]) for line in lines} == {("cancelled", Decimal(0))}
    accepted, refused = each_store.read(lambda tx: outbox.of_order(tx, order.order_id))
    assert accepted["payload"]["function"] == "29"
    assert refused["payload"] == {"function": "27", "revision": 1, "reasons": ["out of business"]}
    told = each_store.read(lambda tx: events.of_order(tx, order.order_id))[-1]
    assert (told["event"], told["actor"], told["summary"]) == (
        "order.cancelled",
        "user:eve",
        "cancelled: out of business",
    )


def test_a_held_order_is_cancelled_with_its_holds(traded: Store) -> None:
    (order,) = traded.write(lambda tx: place(tx, [an_order("PO-1", a_line(CUP, 1, "99"))]))
    cancel(traded, reason="")
    assert traded.read(lambda tx: rows.holds_of(tx, order.order_id)) == []
    (hold,) = traded.read(lambda tx: rows.holds_of(tx, order.order_id, active=False))
    assert (hold["released_by"], hold["release_reason"]) == ("user:eve", "order cancelled")
    assert taken(traded) == (0, 0, 0)
    (refused,) = traded.read(lambda tx: outbox.of_order(tx, order.order_id))
    assert refused["payload"] == {"function": "27", "revision": 1, "reasons": []}


def test_an_order_whose_reservation_ended_gives_its_credit_back(traded: Store) -> None:
    (order,) = traded.write(lambda tx: place(tx, [an_order()]))
    traded.write(lambda tx: expire_reservation(tx, order.order_id, LATER))
    cancel(traded)
    assert taken(traded)[:2] == (0, 0)
    assert {line["state"] for line in traded.read(lambda tx: rows.lines_of(tx, order.order_id))} == {"cancelled"}


def test_a_test_order_had_nothing_to_give_back(traded: Store) -> None:
    traded.write(lambda tx: place(tx, [an_order("PO-0")]))
    (order,) = traded.write(lambda tx: place(tx, [an_order("PO-1")], test=True))
    before = taken(traded)
    cancel(traded, order.number)
    assert taken(traded) == before
    assert [row["test"] for row in traded.read(lambda tx: outbox.of_order(tx, order.order_id))] == [True, True]


def test_an_order_that_came_by_another_channel_is_not_answered_by_message(traded: Store) -> None:
    (order,) = traded.write(lambda tx: place(tx, [an_order()], channel="SR", respond="none"))
    cancel(traded, order.number)
    assert traded.read(lambda tx: outbox.of_order(tx, order.order_id)) == []


def test_a_cancelled_order_stays_cancelled(traded: Store) -> None:
    traded.write(lambda tx: place(tx, [an_order()]))
    cancel(traded)
    with pytest.raises(Conflict, match="that is cancelled cannot cancel"):
        cancel(traded)
    assert taken(traded) == (0, 0, 0)


def test_what_is_packed_is_not_cancelled(traded: Store) -> None:
    (order,) = traded.write(lambda tx: place(tx, [an_order()]))
    traded.write(lambda tx: rows.set_state(tx, order.order_id, "packed"))
    with pytest.raises(Conflict, match="that is packed cannot cancel"):
        cancel(traded)
    assert taken(traded)[0] == Decimal(10)


def test_an_unknown_order_is_not_found(traded: Store) -> None:
    with pytest.raises(NotFound):
        cancel(traded)


def test_its_reference_stays_used(traded: Store) -> None:
    traded.write(lambda tx: place(tx, [an_order("PO-1")]))
    cancel(traded)
    assert traded.write(lambda tx: place(tx, [an_order("PO-1")])) == []
