"""Stock and credit in set-wise statements: never more than there is, on both databases (decision 5, invariant 3)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from core.documents import LineAnswer
from core.errors import NotFound
from core.store import orders as rows
from core.store.engine import Store, Tx
from core.store.master import partner_codes
from core.store.orders import StockShort
from core.store.tables.master import credit_accounts, stock
from core.testing.trade import CRATE, CUP, LAMP, MAIN, MONDAY, NORTH, Trade, a_line, an_order, place

MILLION = 1_000_000


@pytest.fixture
def each_traded(each_store: Store) -> Store:
    each_store.write(Trade().load)
    return each_store


@pytest.fixture
def traded(store: Store) -> Store:
    store.write(Trade().load)
    return store


def reserved(store: Store) -> dict[tuple[str, str], Decimal]:
    def work(tx: Tx) -> dict[tuple[str, str], Decimal]:
        found = tx.execute(select(stock.c.sku, stock.c.warehouse, stock.c.reserved)).all()
        return {(row.sku, row.warehouse): row.reserved for row in found if row.reserved}

    return store.read(work)


def committed(store: Store) -> Decimal:
    return store.read(lambda tx: tx.execute(select(credit_accounts.c.committed)).scalar_one())


def test_what_is_there_is_reserved_to_the_last_piece(each_traded: Store) -> None:
    wanted = {(CUP, MAIN): 100 * MILLION, (CUP, NORTH): 40 * MILLION, (LAMP, MAIN): 1}
    each_traded.write(lambda tx: rows.reserve_stock(tx, wanted))
    assert reserved(each_traded) == {
        (CUP, MAIN): Decimal(100),
        (CUP, NORTH): Decimal(40),
        (LAMP, MAIN): Decimal("0.000001"),
    }


@pytest.mark.parametrize("short", [{(CUP, MAIN): 100 * MILLION + 1}, {(CUP, "NOWHERE"): 1}, {("NO-SUCH", MAIN): 1}])
def test_if_one_is_short_none_is_reserved(each_traded: Store, short: dict[tuple[str, str], int]) -> None:
    with pytest.raises(StockShort):
        each_traded.write(lambda tx: rows.reserve_stock(tx, {(CRATE, MAIN): MILLION, **short}))
    assert reserved(each_traded) == {}


def test_nothing_wanted_is_nothing_done(traded: Store) -> None:
    traded.write(lambda tx: rows.reserve_stock(tx, {}))
    assert reserved(traded) == {}


def test_takers_at_the_same_time_never_oversell(each_traded: Store) -> None:
    """Batches name the items in any sequence; nobody waits in a circle, and the last piece goes to one."""

    def take(number: int) -> bool:
        keys = [(CUP, MAIN), (CRATE, MAIN), (LAMP, MAIN)]
        wanted = dict.fromkeys(keys if number % 2 else keys[::-1], 9 * MILLION)
        try:
            each_traded.write(lambda tx: rows.reserve_stock(tx, wanted))
        except StockShort:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        served = sum(pool.map(take, range(20)))
    assert served == 11  # of 100 each
    assert set(reserved(each_traded).values()) == {Decimal(99)}


def test_credit_is_added_and_given_back_exactly(each_traded: Store) -> None:
    acme = each_traded.read(partner_codes)["ACME"]
    for amount4 in (123_456_789, 1, -123_456_780):
        left = each_traded.write(lambda tx, amount4=amount4: rows.commit_credit(tx, acme, amount4))
    assert committed(each_traded) == left == Decimal("0.0010")


def test_credit_of_a_partner_without_an_account_opens_one(traded: Store) -> None:
    traded.write(lambda tx: tx.execute(credit_accounts.delete()))
    traded.write(lambda tx: rows.commit_credit(tx, 5, 20_000))
    assert committed(traded) == Decimal(2)


def test_orders_by_reference_are_kept_apart_by_the_test_flag(traded: Store) -> None:
    (real,) = traded.write(lambda tx: place(tx, [an_order("PO-1")]))
    (test,) = traded.write(lambda tx: place(tx, [an_order("PO-1")], test=True))
    acme = traded.read(partner_codes)["ACME"]

    def known(tx: Tx, *, test: bool) -> list[tuple[str, int]]:
        found = rows.known_orders(tx, acme, {"PO-1", "PO-2"}, test=test)
        return [(row.buyer_reference, row.id) for row in found]

    assert traded.read(lambda tx: known(tx, test=False)) == [("PO-1", real.order_id)]
    assert traded.read(lambda tx: known(tx, test=True)) == [("PO-1", test.order_id)]
    assert traded.read(lambda tx: rows.known_orders(tx, acme + 1, {"PO-1"}, test=False)) == []


def test_a_thousand_references_are_looked_up_at_once(traded: Store) -> None:
    acme = traded.read(partner_codes)["ACME"]
    traded.write(lambda tx: place(tx, [an_order("PO-777", a_line(LAMP, 1))]))
    wanted = [f"PO-{number}" for number in range(1100)]
    found = traded.read(lambda tx: rows.known_orders(tx, acme, wanted, test=False))
    assert [row.buyer_reference for row in found] == ["PO-777"]


def test_an_order_by_its_number_and_by_its_id(each_traded: Store) -> None:
    (placed,) = each_traded.write(lambda tx: place(tx, [an_order("PO-1")]))
    for lock in (False, True):
        row = each_traded.write(lambda tx, lock=lock: rows.by_number(tx, placed.number, lock=lock))
        assert (row["id"], row["partner"], row["total"]) == (placed.order_id, "ACME", Decimal(125))
        assert (
            each_traded.write(lambda tx, lock=lock: rows.by_id(tx, placed.order_id, lock=lock))["number"]
            == placed.number
        )


@pytest.mark.parametrize(
    "ask",
    [
        lambda tx: rows.by_number(tx, "2026-ED-999999"),
        lambda tx: rows.by_id(tx, 1),
        lambda tx: rows.document_of(tx, 1, 1),
    ],
)
def test_what_is_not_there_is_not_found(traded: Store, ask: Any) -> None:
    with pytest.raises(NotFound):
        traded.read(ask)


def test_lines_as_answered_and_heads_of_many_orders_at_once(each_traded: Store) -> None:
    orders = [an_order("PO-1", a_line(CUP, "1.5"), a_line(CRATE, 2)), an_order("PO-2", a_line(LAMP, 3))]
    placed = each_traded.write(lambda tx: place(tx, orders))
    ids = [one.order_id for one in placed]
    lines = each_traded.read(lambda tx: rows.accepted_lines(tx, ids))
    assert [[line.sku for line in lines[order_id]] for order_id in ids] == [[CUP, CRATE], [LAMP]]
    first = lines[ids[0]][0]
    assert (first.quantity, first.ordered, first.price) == (Decimal("1.5"), Decimal("1.5"), Decimal("12.5"))
    assert (first.answer, first.promised_date) == (LineAnswer.ACCEPTED, date(2026, 3, 9))
    heads = each_traded.read(lambda tx: rows.heads_of_many(tx, ids))
    assert [heads[order_id].number for order_id in ids] == [one.number for one in placed]
    assert heads[ids[0]].document == each_traded.read(lambda tx: rows.document_of(tx, ids[0], 1))
    assert each_traded.read(lambda tx: rows.accepted_lines(tx, [])) == {}


def test_a_hold_is_released_once(traded: Store) -> None:
    (placed,) = traded.write(lambda tx: place(tx, [an_order("PO-1", a_line(CUP, 1, "99"))]))
    (hold,) = traded.read(lambda tx: rows.holds_of(tx, placed.order_id))

    def lift(tx: Tx) -> bool:
        return rows.release_hold(tx, hold["id"], at=MONDAY + timedelta(hours=1), actor="eve", reason="agreed")

    assert traded.write(lift) is True
    assert traded.write(lift) is False
    assert traded.read(lambda tx: rows.holds_of(tx, placed.order_id)) == []
    (kept,) = traded.read(lambda tx: rows.holds_of(tx, placed.order_id, active=False))
    assert (kept["released_by"], kept["release_reason"]) == ("eve", "agreed")


def test_given_back_stock_is_free_for_the_next(each_traded: Store) -> None:
    (placed,) = each_traded.write(lambda tx: place(tx, [an_order("PO-1", a_line(CUP, 120), a_line(CUP, 20))]))
    assert reserved(each_traded) == {(CUP, MAIN): Decimal(100), (CUP, NORTH): Decimal(40)}
    each_traded.write(lambda tx: rows.release_reservations(tx, placed.order_id, "released"))
    assert reserved(each_traded) == {}
    assert {line["reserved"] for line in each_traded.read(lambda tx: rows.lines_of(tx, placed.order_id))} == {
        Decimal(0)
    }
    kept = each_traded.read(lambda tx: rows.reservations_of(tx, placed.order_id, "released"))
    assert [(row["line"], row["warehouse"], row["quantity"]) for row in kept] == [
        (1, MAIN, Decimal(100)),
        (1, NORTH, Decimal(20)),
        (2, NORTH, Decimal(20)),
    ]
    each_traded.write(lambda tx: rows.forget_reservations(tx, placed.order_id))
    assert each_traded.read(lambda tx: rows.reservations_of(tx, placed.order_id, "released")) == []
