"""Changes move stock and credit by the difference, whatever comes after what; a revision that was confirmed stays."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from core.currency import on_account
from core.documents import ChangedLine, ChangeFunction, LineAction, OrderChange
from core.ordering.amend import Request, amend
from core.ordering.change import Decision
from core.ordering.confirm import Desk
from core.ordering.expire import expire_reservation
from core.ordering.release import release_holds
from core.store import master, outbox, timers
from core.store import orders as rows
from core.store.changes import revisions_of
from core.store.engine import Store, Tx
from core.store.lookup import MasterCache
from core.store.tables.master import credit_accounts, stock
from core.store.tables.ordering import order_lines, orders, reservations
from core.testing.trade import (
    CRATE,
    CUP,
    GTINS,
    LAMP,
    MONDAY,
    PRICES,
    Trade,
    a_line,
    an_order,
    partner_row,
    place,
    price_row,
    stock_row,
)

ADD, DELETE, CHANGE = LineAction.ADD, LineAction.DELETE, LineAction.CHANGE


def asked(line: int, action: LineAction = CHANGE, quantity: int | None = None, **what: Any) -> ChangedLine:
    return ChangedLine(line, action, None if quantity is None else Decimal(quantity), **what)


def ask(
    store: Store, order_id: int, *lines: ChangedLine, number: str = "", at: datetime = MONDAY, **header: Any
) -> Decision:
    """Change an order as its buyer would."""
    change = OrderChange(number, "PO-1", header.pop("function", ChangeFunction.CHANGE), lines, **header)

    def work(tx: Tx) -> Decision:
        order = rows.by_id(tx, order_id, lock=True)
        return amend(tx, Desk(MasterCache(), "partner:ACME", at), order, Request(change, tx.ids.next(), respond=True))

    return store.write(work)


def head(store: Store, order_id: int) -> dict[str, Any]:
    return store.read(lambda tx: rows.by_id(tx, order_id))


def held(store: Store, order_id: int) -> list[tuple[str, int | None]]:
    return store.read(lambda tx: [(hold["code"], hold["line"]) for hold in rows.holds_of(tx, order_id)])


def balances(store: Store) -> None:
    """Hold stock against reservations, lines against both, and credit against confirmed orders (invariants 3 and 4)."""

    def work(tx: Tx) -> None:
        by_place: dict[tuple[str, str], Decimal] = {}
        by_line: dict[tuple[int, int], Decimal] = {}
        for row in tx.execute(select(reservations).where(reservations.c.state == "active")):
            key = (row.sku, row.warehouse)
            by_place[key] = by_place.get(key, Decimal(0)) + row.quantity
            own = (row.order_id, row.line)
            by_line[own] = by_line.get(own, Decimal(0)) + row.quantity
        for row in tx.execute(select(stock)):
            assert row.reserved == by_place.pop((row.sku, row.warehouse), 0)
            assert row.reserved <= row.on_hand
        assert by_place == {}
        for row in tx.execute(select(order_lines)):
            assert row.reserved == by_line.pop((row.order_id, row.line), 0)
            assert row.reserved <= row.quantity
        assert by_line == {}
        firm = select(orders.c.total, orders.c.credit_rate)
        firm = firm.where(orders.c.state.in_(("confirmed", "released")), ~orders.c.test)
        owed = sum((on_account(row.total, row.credit_rate) for row in tx.execute(firm)), Decimal(0))
        assert tx.execute(select(credit_accounts.c.committed)).scalar_one() == owed

    store.read(work)


@pytest.fixture
def order_id(traded: Store) -> int:
    """Ten cups at 12.50 and three crates, confirmed."""
    return placed(traded)


def placed(store: Store) -> int:
    (order,) = store.write(lambda tx: place(tx, [an_order("PO-1", a_line(CUP, 10, "12.50"), a_line(CRATE, 3))]))
    assert order.plan.confirmed
    return order.order_id


def test_the_difference_moves(each_traded: Store) -> None:
    order_id = placed(each_traded)
    lines = (asked(1, quantity=130), asked(2, DELETE), asked(3, ADD, 2, gtin=GTINS[LAMP]))
    decision = ask(each_traded, order_id, *lines)
    assert (decision.verdict, head(each_traded, order_id)["state"]) == ("revised", "confirmed")
    balances(each_traded)
    found = each_traded.read(lambda tx: rows.lines_of(tx, order_id))
    assert [(row["line"], row["reserved"]) for row in found] == [(1, Decimal(130)), (3, Decimal(2))]


def test_a_change_in_another_currency_moves_the_credit_to_the_cent(each_store: Store) -> None:
    """Invariant 4: at the rate of its day; one that is held gives back all that it took."""
    prices = [price_row(sku, price, currency=one) for sku, price in PRICES.items() for one in ("EUR", "CHF")]
    each_store.write(Trade(partners=[partner_row(credit_limit=Decimal(1000))], prices=prices).load)
    first, later = MONDAY.date() - timedelta(days=30), MONDAY.date() + timedelta(days=1)
    rates = [{"source": "CHF", "target": "EUR", "rate": rate, "valid_from": day}
             for rate, day in (("0.333", first), ("0.5", later))]  # fmt: skip
    each_store.write(lambda tx: master.load(tx, master.MasterRows(rates=rates), MONDAY))
    (order,) = each_store.write(lambda tx: place(tx, [an_order("PO-1", a_line(CRATE, 1), currency="CHF")]))
    took = []
    for quantity, day in ((2, 0), (1, 0), (3, 1), (100, 1)):
        ask(each_store, order.order_id, asked(1, quantity=quantity), at=MONDAY + timedelta(days=day))
        balances(each_store)
        took.append(each_store.read(lambda tx: tx.execute(select(credit_accounts.c.committed)).scalar_one()))
        if quantity == 3:
            assert head(each_store, order.order_id)["credit_rate"] == "0.5"
    assert took == [Decimal(one) for one in ("66.59", "33.30", "149.99", "0")]
    assert held(each_store, order.order_id) == [("credit.limit", None)]
    assert head(each_store, order.order_id)["credit_rate"] is None


def test_a_confirmed_revision_never_changes(traded: Store, order_id: int) -> None:
    """ORD-13, invariant 7."""
    before = traded.read(lambda tx: revisions_of(tx, order_id))
    for quantity in (4, 300, 5):
        ask(traded, order_id, asked(1, quantity=quantity))
        after = traded.read(lambda tx: revisions_of(tx, order_id))
        assert after[: len(before)] == before
        assert after[-1]["revision"] == len(before) + 1 == head(traded, order_id)["revision"]
        before = after


def test_what_is_not_touched_is_not_priced_again(traded: Store, order_id: int) -> None:
    """CNF-03: a new price list is no reason to change a confirmed line."""
    trade = Trade()
    traded.write(Trade(prices=[{**row, "amount": row["amount"] * 2} for row in trade.prices], stock=()).load)
    assert ask(traded, order_id, asked(2, quantity=2)).verdict == "revised"
    first, second = traded.read(lambda tx: rows.lines_of(tx, order_id))
    assert (first["price"], second["price"]) == (Decimal("12.5"), Decimal("199.98"))
    balances(traded)


def test_a_held_change_keeps_its_stock_until_it_expires_and_gives_its_credit_back(traded: Store, order_id: int) -> None:
    ask(traded, order_id, asked(1, quantity=1000))
    assert (head(traded, order_id)["state"], held(traded, order_id)) == ("in_review", [("stock.short", 1)])
    balances(traded)
    reserved = {row["line"]: row["reserved"] for row in traded.read(lambda tx: rows.lines_of(tx, order_id))}
    assert reserved == {1: Decimal(10), 2: Decimal(3)}
    later = MONDAY + timedelta(days=7)
    due = traded.read(lambda tx: timers.due(tx, later, ["reservation.expire"], 9))
    assert [(timer.subject_id, timer.due_at) for timer in due] == [(order_id, later)]
    assert traded.write(lambda tx: expire_reservation(tx, order_id, later))
    assert held(traded, order_id) == [("stock.short", 1)]  # no second hold: it is decided on anyway
    balances(traded)


def test_another_change_answers_a_held_one(traded: Store, order_id: int) -> None:
    """The buyer takes back what was too much: the hold of the review before is gone, nobody need release it."""
    ask(traded, order_id, asked(1, quantity=1000))
    ask(traded, order_id, asked(1, quantity=12), number="CHG-2")
    assert (head(traded, order_id)["state"], held(traded, order_id)) == ("confirmed", [])
    balances(traded)
    _, answer = traded.read(lambda tx: outbox.of_order(tx, order_id))
    assert (answer["payload"]["function"], answer["payload"]["change"], answer["payload"]["revision"]) == (
        "29", "CHG-2", 3,
    )  # fmt: skip


def test_a_manual_hold_is_not_answered_by_a_change(traded: Store, order_id: int) -> None:
    traded.write(lambda tx: rows.add_hold(
        tx, order_id, MONDAY, code="manual", stage="confirm", line=None, reason="look", inputs={}, rule="manual",
        rule_version="1", release_role="operations", release_when="a person",
    ))  # fmt: skip
    ask(traded, order_id, asked(1, quantity=4))
    assert (head(traded, order_id)["state"], held(traded, order_id)) == ("in_review", [("manual", None)])
    balances(traded)


def test_an_expired_reservation_is_renewed_by_a_change(traded: Store, order_id: int) -> None:
    later = MONDAY + timedelta(days=7)
    traded.write(lambda tx: expire_reservation(tx, order_id, later))
    ask(traded, order_id, asked(2, quantity=2), at=later)
    assert (head(traded, order_id)["state"], held(traded, order_id)) == ("confirmed", [])
    found = traded.read(lambda tx: rows.lines_of(tx, order_id))
    assert [(row["state"], row["reserved"]) for row in found] == [("reserved", Decimal(10)), ("reserved", Decimal(2))]
    balances(traded)


@pytest.mark.parametrize(("limit", "state"), [("500.00", "confirmed"), ("499.99", "in_review")])
def test_credit_is_asked_for_the_whole_order_and_only_when_it_wants_more(store: Store, limit: str, state: str) -> None:
    """10 x 12.50 and 3 x 99.99 are 424.97; 16 cups are 75.00 more, 499.97, and 75.03 more is over."""
    store.write(Trade(partners=[partner_row(credit_limit=Decimal(limit))]).load)
    order_id = placed(store)
    lines = (asked(1, quantity=16), asked(3, ADD, 2, gtin=GTINS[LAMP]))
    ask(store, order_id, *lines)
    assert head(store, order_id)["total"] == Decimal("500.00")
    assert head(store, order_id)["state"] == state
    balances(store)
    if state == "in_review":
        assert held(store, order_id) == [("credit.limit", None)]
        ask(store, order_id, asked(3, DELETE))
        assert head(store, order_id)["state"] == "confirmed"
        balances(store)


def test_less_needs_no_credit_check(store: Store) -> None:
    """The limit was lowered since: an order that becomes smaller is not held for it."""
    store.write(Trade().load)
    order_id = placed(store)
    store.write(Trade(partners=[partner_row(credit_limit=Decimal(1))], stock=()).load)
    ask(store, order_id, asked(1, quantity=9))
    assert head(store, order_id)["state"] == "confirmed"
    ask(store, order_id, asked(1, quantity=10))
    assert held(store, order_id) == [("credit.limit", None)]
    balances(store)


def test_a_test_order_moves_nothing(traded: Store) -> None:
    traded.write(lambda tx: place(tx, [an_order("PO-0")]))
    (order,) = traded.write(lambda tx: place(tx, [an_order("PO-1", a_line(CUP, 10))], test=True))
    ask(traded, order.order_id, asked(1, quantity=5000))
    assert (head(traded, order.order_id)["state"], head(traded, order.order_id)["revision"]) == ("confirmed", 2)
    balances(traded)
    assert [row["test"] for row in traded.read(lambda tx: outbox.of_order(tx, order.order_id))] == [True, True]


def test_changes_in_their_sequence(traded: Store, order_id: int) -> None:
    first, second = datetime(2026, 3, 3, 9, 0, tzinfo=UTC), datetime(2026, 3, 3, 9, 1, tzinfo=UTC)
    assert ask(traded, order_id, asked(1, quantity=4), number="C2", document_date=second).verdict == "revised"
    late = ask(traded, order_id, asked(1, quantity=5), number="C1", document_date=first)
    assert (late.verdict, late.reason) == ("refused", "change C1 was overtaken by C2")
    assert ask(traded, order_id, asked(1, quantity=6), number="C3", document_date=second).verdict == "revised"
    assert ask(traded, order_id, asked(1, quantity=7), number="C3", document_date=second).verdict == "reused"
    # the buyer that numbers its changes like the order may send one after the other
    for quantity, verdict in ((8, "revised"), (8, "repeated"), (9, "revised"), (8, "revised")):
        assert (
            ask(traded, order_id, asked(1, quantity=quantity), number="PO-1", document_date=second).verdict == verdict
        )


QUANTITY = st.one_of(st.integers(1, 30), st.integers(90, 200))
STEP = st.one_of(
    st.tuples(st.just("change"), st.integers(1, 4), QUANTITY),
    st.tuples(st.just("add"), st.integers(1, 4), QUANTITY),
    st.tuples(st.just("delete"), st.integers(1, 4), st.just(0)),
    st.tuples(st.just("release"), st.just(0), st.just(0)),
    st.tuples(st.just("expire"), st.just(0), st.just(0)),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEP, min_size=1, max_size=8))
def test_whatever_comes_after_what_nothing_is_lost_or_taken_twice(
    store: Store, steps: list[tuple[str, int, int]]
) -> None:
    """Invariants 3, 4 and 7 after each of any changes, releases and expiries."""
    trade = Trade(stock=[stock_row(sku, 100) for sku in (CUP, CRATE, LAMP)])
    store.write(lambda tx: (_clear(tx), trade.load(tx)))
    order_id = placed(store)
    number = head(store, order_id)["number"]
    skus = {1: CUP, 2: CRATE, 3: LAMP, 4: CUP}
    for what, line, quantity in steps:
        state = head(store, order_id)["state"]
        if what == "release" and held(store, order_id) and state == "in_review":
            desk = Desk(MasterCache(), "user:eve", MONDAY)
            store.write(lambda tx, desk=desk: release_holds(tx, desk, number))
        elif what == "expire":
            store.write(lambda tx: expire_reservation(tx, order_id, MONDAY))
        elif what in ("change", "add", "delete"):
            action = {"change": CHANGE, "add": ADD, "delete": DELETE}[what]
            gtin = GTINS[skus[line]] if what == "add" else ""
            ask(store, order_id, asked(line, action, quantity or None, gtin=gtin))
        balances(store)
        assert head(store, order_id)["state"] in {"in_review", "confirmed", "cancelled"}


def _clear(tx: Tx) -> None:
    """Empty what earlier examples left."""
    for table in (reservations, order_lines, orders, credit_accounts):
        tx.execute(table.delete())
    tx.execute(stock.update().values(reserved=Decimal(0)))
