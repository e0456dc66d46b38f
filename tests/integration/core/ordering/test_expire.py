"""Reserved stock that is not shipped in time is free again (INV-10; state table, row 9)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from core.ordering.expire import expire_reservation
from core.store import events
from core.store import orders as rows
from core.store.engine import Store
from core.store.tables.master import credit_accounts, stock
from core.testing.trade import CRATE, CUP, MONDAY, a_line, an_order, place

SEVEN_DAYS = MONDAY + timedelta(days=7)


def reserved(store: Store) -> Decimal:
    return store.read(lambda tx: sum(tx.execute(select(stock.c.reserved)).scalars(), Decimal(0)))


def test_the_stock_is_free_and_the_order_waits_before_its_release(each_traded: Store) -> None:
    (order,) = each_traded.write(lambda tx: place(tx, [an_order("PO-1", a_line(CUP, 120))]))
    assert each_traded.write(lambda tx: expire_reservation(tx, order.order_id, SEVEN_DAYS)) is True
    assert reserved(each_traded) == 0
    head = each_traded.read(lambda tx: rows.by_id(tx, order.order_id))
    assert head["state"] == "confirmed"
    (hold,) = each_traded.read(lambda tx: rows.holds_of(tx, order.order_id))
    assert (hold["code"], hold["stage"], hold["set_at"]) == ("stock.expired", "release", SEVEN_DAYS)
    (line,) = each_traded.read(lambda tx: rows.lines_of(tx, order.order_id))
    assert (line["state"], line["reserved"]) == ("backordered", Decimal(0))
    assert each_traded.read(lambda tx: events.of_order(tx, order.order_id))[-1]["event"] == "reservation.expired"
    committed = each_traded.read(lambda tx: tx.execute(select(credit_accounts.c.committed)).scalar_one())
    assert committed == Decimal(1500)  # the promise stands, and so does its credit


def test_another_order_gets_what_became_free(traded: Store) -> None:
    first = traded.write(lambda tx: place(tx, [an_order("PO-1", a_line(CRATE, 100))]))[0]
    second = traded.write(lambda tx: place(tx, [an_order("PO-2", a_line(CRATE, 100))]))[0]
    traded.write(lambda tx: expire_reservation(tx, first.order_id, SEVEN_DAYS))
    third = traded.write(lambda tx: place(tx, [an_order("PO-3", a_line(CRATE, 100))]))[0]
    assert [order.plan.confirmed for order in (first, second, third)] == [True, False, True]


def test_it_expires_once(traded: Store) -> None:
    (order,) = traded.write(lambda tx: place(tx, [an_order()]))
    assert [traded.write(lambda tx: expire_reservation(tx, order.order_id, SEVEN_DAYS)) for _ in range(2)] == [
        True,
        False,
    ]
    assert len(traded.read(lambda tx: rows.holds_of(tx, order.order_id))) == 1


@pytest.mark.parametrize("state", ["released", "packed", "shipped", "cancelled"])
def test_what_is_on_its_way_keeps_what_it_holds(traded: Store, state: str) -> None:
    (order,) = traded.write(lambda tx: place(tx, [an_order()]))
    traded.write(lambda tx: rows.set_state(tx, order.order_id, state))
    assert traded.write(lambda tx: expire_reservation(tx, order.order_id, SEVEN_DAYS)) is False
    assert reserved(traded) == Decimal(10)
