"""Placed orders: every row of a batch in one transaction, numbers without gaps, evidence and answer with the fact."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from core.audit.verify import verify
from core.ordering.canonical import content_hash
from core.ordering.place import Placed
from core.ordering.plan import plan_order
from core.reporting import views
from core.store import events, master, outbox
from core.store import orders as rows
from core.store.engine import Store, Tx
from core.store.orders import StockShort
from core.store.tables.master import credit_accounts, stock
from core.store.tables.messaging import outbox as outbox_rows
from core.store.tables.messaging import timers
from core.store.tables.ordering import counters, orders
from core.store.tables.ordering import events as events_rows
from core.testing import trade
from core.testing.trade import (
    CRATE,
    CUP,
    LAMP,
    MONDAY,
    PRICES,
    Trade,
    a_line,
    an_order,
    company_row,
    partner_row,
    place,
    price_row,
    snapshot_of,
)


def numbers(store: Store) -> list[str]:
    return store.read(lambda tx: list(tx.execute(select(orders.c.number).order_by(orders.c.number)).scalars()))


def reserved(store: Store) -> Decimal:
    return store.read(lambda tx: sum(tx.execute(select(stock.c.reserved)).scalars(), Decimal(0)))


def committed(store: Store) -> Decimal:
    return store.read(lambda tx: tx.execute(select(credit_accounts.c.committed)).scalar_one())


def timer_kinds(store: Store) -> list[tuple[str, datetime]]:
    return store.read(lambda tx: [(row.kind, row.due_at) for row in tx.execute(select(timers).order_by(timers.c.kind))])


def test_a_clean_order_is_numbered_reserved_committed_and_answered(each_traded: Store) -> None:
    order = an_order("PO-1", a_line(CUP, 120, "12.50"), a_line(LAMP, "3", "0.015"))
    (placed,) = each_traded.write(lambda tx: place(tx, [order]))
    assert placed.number == "2026-ED-000001"
    head = each_traded.read(lambda tx: rows.by_number(tx, placed.number))
    assert (head["state"], head["billing"], head["payment"], head["revision"]) == ("confirmed", "none", "open", 1)
    assert (head["total"], head["currency"], head["received_at"]) == (Decimal("1500.05"), "EUR", MONDAY)
    assert bytes(head["content_hash"]) == content_hash(placed.plan.canonical)
    lines = each_traded.read(lambda tx: rows.lines_of(tx, placed.order_id))
    assert [(line["sku"], line["quantity"], line["reserved"], line["state"], line["amount"]) for line in lines] == [
        (CUP, Decimal(120), Decimal(120), "reserved", Decimal(1500)),
        (LAMP, Decimal(3), Decimal(3), "reserved", Decimal("0.05")),
    ]
    held = each_traded.read(lambda tx: rows.reservations_of(tx, placed.order_id, "active"))
    assert [(row["line"], row["warehouse"], row["quantity"]) for row in held] == [
        (1, "MAIN", Decimal(100)),
        (1, "NORTH", Decimal(20)),
        (2, "MAIN", Decimal(3)),
    ]
    assert {row["expires_at"] for row in held} == {MONDAY + timedelta(days=7)}  # INV-10
    assert (reserved(each_traded), committed(each_traded)) == (Decimal(123), Decimal("1500.05"))
    assert timer_kinds(each_traded) == [("reservation.expire", MONDAY + timedelta(days=7))]
    (answer,) = each_traded.read(lambda tx: outbox.of_order(tx, placed.order_id))
    assert (answer["type"], answer["payload"], answer["test"]) == ("ORDRSP", {"function": "29", "revision": 1}, False)
    assert each_traded.read(lambda tx: rows.document_of(tx, placed.order_id, 1)) == placed.plan.canonical.decode()


def test_its_story_is_told_from_receipt_to_confirmation(each_traded: Store) -> None:
    (placed,) = each_traded.write(lambda tx: place(tx, [an_order("PO-1")]))
    told = each_traded.read(lambda tx: events.of_order(tx, placed.order_id))
    assert [(row["seq"], row["event"], row["actor"]) for row in told] == [
        (1, "order.received", "partner:ACME"),
        (2, "order.checked", "rule:review"),
        (3, "reservation.created", "rule:touchless"),
        (4, "order.confirmed", "rule:touchless"),
    ]
    checks = json.loads(told[1]["inputs"])["checks"]
    assert [(check["group"], check["ok"], check["rule_version"]) for check in checks] == [
        ("credit", True, "1"),
        ("customer", True, "1"),
        ("availability", True, "1"),
        ("price", True, "1"),
    ]
    assert {row["document_id"] for row in told} == {placed.document_id}
    assert each_traded.read(verify)["ok"]


def test_a_held_order_takes_a_number_and_a_deadline_and_nothing_else(each_traded: Store) -> None:
    order = an_order("PO-1", a_line(CUP, 5, "99"), a_line("UNKNOWN", 1))
    (placed,) = each_traded.write(lambda tx: place(tx, [order]))
    head = each_traded.read(lambda tx: rows.by_number(tx, placed.number))
    assert (head["number"], head["state"], head["total"]) == ("2026-ED-000001", "in_review", Decimal(495))
    holds = each_traded.read(lambda tx: rows.holds_of(tx, placed.order_id))
    assert sorted((hold["code"], hold["line"], hold["stage"], hold["rule_version"]) for hold in holds) == [
        ("item.unknown", 2, "confirm", "1"),
        ("price.mismatch", 1, "confirm", "1"),
    ]
    assert all(hold["release_role"] == "sales" and hold["release_when"] and hold["inputs"] for hold in holds)
    assert (reserved(each_traded), committed(each_traded)) == (0, 0)
    due = MONDAY + timedelta(hours=4)
    assert timer_kinds(each_traded) == [("review.overdue", due), ("review.remind", due - timedelta(minutes=30))]
    assert each_traded.read(lambda tx: outbox.of_order(tx, placed.order_id)) == []
    told = each_traded.read(lambda tx: events.of_order(tx, placed.order_id))
    assert [row["event"] for row in told] == ["order.received", "order.checked", "order.held"]
    assert json.loads(told[2]["inputs"]) == {"holds": ["item.unknown", "price.mismatch"]}
    assert {line["state"] for line in each_traded.read(lambda tx: rows.lines_of(tx, placed.order_id))} == {"open"}


@pytest.mark.parametrize("respond", ["APERAK", "none"])
def test_who_does_not_want_an_answer_gets_none(traded: Store, respond: str) -> None:
    (placed,) = traded.write(lambda tx: place(tx, [an_order()], respond=respond))
    assert traded.read(lambda tx: outbox.of_order(tx, placed.order_id)) == []


def test_a_test_order_takes_no_number_stock_credit_or_timer(traded: Store) -> None:
    (placed,) = traded.write(lambda tx: place(tx, [an_order("PO-1", a_line(CUP, 10**6))], test=True))
    assert placed.number == f"TEST-{placed.order_id}"
    head = traded.read(lambda tx: rows.by_number(tx, placed.number))
    assert (head["test"], head["state"]) == (True, "confirmed")
    assert (reserved(traded), committed(traded), timer_kinds(traded)) == (0, 0, [])
    assert traded.read(lambda tx: tx.execute(select(counters)).all()) == []
    (answer,) = traded.read(lambda tx: outbox.of_order(tx, placed.order_id))
    assert answer["test"] is True


def test_orders_of_one_batch_compete_and_are_numbered_in_their_sequence(traded: Store) -> None:
    batch = [an_order(f"PO-{number}", a_line(CRATE, 60)) for number in range(3)]
    placed = traded.write(lambda tx: place(tx, batch))
    assert [one.number for one in placed] == [f"2026-ED-{serial:06}" for serial in (1, 2, 3)]
    assert [one.plan.confirmed for one in placed] == [True, False, False]
    assert reserved(traded) == Decimal(60)


def test_serials_have_no_gap_over_batches_channels_and_tests(traded: Store) -> None:
    for number in range(3):
        traded.write(lambda tx, number=number: place(tx, [an_order(f"PO-{number}", a_line(LAMP, 1))]))
        traded.write(lambda tx, number=number: place(tx, [an_order(f"T-{number}")], test=True))
    traded.write(lambda tx: place(tx, [an_order("API-1", a_line(LAMP, 1))], channel="SR"))
    with suppress(LookupError):
        traded.write(lambda tx: (place(tx, [an_order("GONE")]), {}["roll back"]))
    traded.write(lambda tx: place(tx, [an_order("PO-9", a_line(LAMP, 1))]))
    assert [number for number in numbers(traded) if not number.startswith("TEST")] == [
        "2026-ED-000001",
        "2026-ED-000002",
        "2026-ED-000003",
        "2026-ED-000004",
        "2026-SR-000001",
    ]


@pytest.mark.parametrize(
    ("zone", "received", "year"),
    [
        ("Europe/Berlin", datetime(2026, 12, 31, 22, 59, 59, tzinfo=UTC), 2026),
        ("Europe/Berlin", datetime(2026, 12, 31, 23, 0, tzinfo=UTC), 2027),
        ("America/New_York", datetime(2027, 1, 1, 4, 59, tzinfo=UTC), 2026),
        ("America/New_York", datetime(2027, 1, 1, 5, 0, tzinfo=UTC), 2027),
        ("Pacific/Auckland", datetime(2026, 12, 31, 11, 0, tzinfo=UTC), 2027),
        ("UTC", datetime(2026, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC), 2026),
    ],
)
def test_the_year_is_that_of_receipt_in_our_own_time_zone(
    store: Store, zone: str, received: datetime, year: int
) -> None:
    store.write(Trade(company=company_row(timezone=zone)).load)
    (placed,) = store.write(lambda tx: place(tx, [an_order(requested_date=None)], now=received))
    assert placed.number == f"{year}-ED-000001"


def test_an_auto_partners_order_packs_itself(store: Store) -> None:
    store.write(Trade(partners=[partner_row(fulfilment="auto", reservation_days=3)]).load)
    store.write(lambda tx: place(tx, [an_order()]))
    assert timer_kinds(store) == [
        ("fulfilment.auto", MONDAY),
        ("reservation.expire", MONDAY + timedelta(days=3)),
    ]


def test_stock_that_moved_between_plan_and_apply_undoes_the_batch(each_traded: Store) -> None:
    def work(tx: Tx) -> list[Placed]:
        snapshot = snapshot_of(tx, [an_order()])
        plan = plan_order(snapshot, an_order("PO-1", a_line(CUP, 100)), test=False)
        tx.connection.exec_driver_sql("UPDATE stock SET reserved = 1000000 WHERE warehouse = 'MAIN'")
        arrival = trade.Arrival(1, None, MONDAY, "partner:ACME", "ORDRSP", None)
        return trade.apply_plans(tx, snapshot, arrival, [(plan, 2)])

    with pytest.raises(StockShort):
        each_traded.write(work)
    assert (numbers(each_traded), reserved(each_traded), committed(each_traded)) == ([], 0, 0)
    assert each_traded.read(events.unsealed_count) == 0


class _Undone(Exception):
    """Nothing of it is kept."""


WANTED = st.lists(
    st.lists(st.tuples(st.sampled_from([CUP, CRATE, LAMP, "NO-SUCH"]), st.integers(1, 90)), min_size=1, max_size=3),
    min_size=1,
    max_size=5,
)


def test_a_batch_leaves_what_its_orders_leave_one_by_one(store: Store) -> None:
    """The hot path is no other path: same numbers, states, holds, lines, stock and credit (decisions 3 and 5)."""
    store.write(Trade(partners=[partner_row(credit_limit=Decimal(9000))]).load)

    def outcome(tx: Tx, batches: list[list[Any]]) -> dict[str, Any]:
        for batch in batches:
            place(tx, batch)
        found = views.orders(tx, limit=100)["items"]
        for order in found:
            order.pop("documents")
        return {
            "orders": sorted(found, key=lambda order: order["number"]),
            "stock": sorted(tx.execute(select(stock.c.sku, stock.c.warehouse, stock.c.reserved)).all()),
            "credit": tx.execute(select(credit_accounts.c.committed)).scalar_one(),
            "answers": tx.execute(select(func.count()).select_from(outbox_rows)).scalar_one(),
            "events": tx.execute(select(events_rows.c.event).order_by(events_rows.c.id)).scalars().all(),
        }

    def undone(batches: list[list[Any]]) -> dict[str, Any]:
        kept: dict[str, Any] = {}

        def work(tx: Tx) -> None:
            kept.update(outcome(tx, batches))
            raise _Undone

        with suppress(_Undone):
            store.write(work)
        return kept

    @settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(WANTED)
    def compare(wanted: list[list[tuple[str, int]]]) -> None:
        orders = [
            an_order(f"PO-{number}", *(a_line(sku, quantity) for sku, quantity in lines))
            for number, lines in enumerate(wanted)
        ]
        assert undone([orders]) == undone([[order] for order in orders])

    compare()


def together(store: Store, *orders: Any) -> list[list[Placed] | Exception]:
    """Place each order in a transaction of its own, all planned before any is written (PostgreSQL)."""
    meet = threading.Barrier(len(orders))

    def work(tx: Tx, order: Any) -> list[Placed]:
        snapshot = snapshot_of(tx, [order])
        plan = plan_order(snapshot, order, test=False)
        with suppress(threading.BrokenBarrierError):  # a second try goes alone
            meet.wait(5)
        arrival = trade.Arrival(tx.ids.next(), None, MONDAY, "partner:ACME", "ORDRSP", None)
        return trade.apply_plans(tx, snapshot, arrival, [(plan, tx.ids.next())])

    def one(order: Any) -> list[Placed] | Exception:
        for _ in range(5):
            try:
                return store.write(lambda tx: work(tx, order))
            except StockShort:
                meet.abort()
        return StockShort()

    with ThreadPoolExecutor(len(orders)) as pool:
        return list(pool.map(one, orders))


@pytest.mark.parametrize("prepared_url", ["postgresql"], indirect=True)
def test_two_workers_cannot_sell_the_same_piece(each_traded: Store) -> None:
    results = together(each_traded, *(an_order(f"PO-{number}", a_line(CRATE, 60)) for number in range(2)))
    placed = [order for result in results if isinstance(result, list) for order in result]
    assert sorted(order.plan.confirmed for order in placed) == [False, True]
    assert reserved(each_traded) == Decimal(60)
    assert sorted(order.number for order in placed) == ["2026-ED-000001", "2026-ED-000002"]


@pytest.mark.parametrize("prepared_url", ["postgresql"], indirect=True)
def test_two_workers_cannot_grant_the_same_credit(each_store: Store) -> None:
    """Each order alone is within the limit of 1,000; both are not (invariant 4)."""
    each_store.write(Trade(partners=[partner_row(credit_limit=Decimal(1000))]).load)
    results = together(each_store, an_order("PO-1", a_line(CUP, 60)), an_order("PO-2", a_line(CRATE, 6)))
    placed = [order for result in results if isinstance(result, list) for order in result]
    assert sorted(order.plan.confirmed for order in placed) == [False, True]
    assert committed(each_store) <= Decimal(1000)
    held = next(order for order in placed if not order.plan.confirmed)
    assert [hold.code for hold in held.plan.holds] == ["credit.limit"]


@pytest.mark.parametrize("prepared_url", ["postgresql"], indirect=True)
def test_two_workers_cannot_grant_the_same_credit_in_two_currencies(each_store: Store) -> None:
    """The same limit, one order of 750.00 EUR and one of 599.94 CHF at 0.5 = 299.97: both take one account's row."""
    prices = [price_row(sku, price, currency=one) for sku, price in PRICES.items() for one in ("EUR", "CHF")]
    each_store.write(Trade(partners=[partner_row(credit_limit=Decimal(1000))], prices=prices).load)
    rate = {"source": "CHF", "target": "EUR", "rate": "0.5", "valid_from": date(2026, 1, 1)}
    each_store.write(lambda tx: master.load(tx, master.MasterRows(rates=[rate]), MONDAY))
    results = together(
        each_store, an_order("PO-1", a_line(CUP, 60)), an_order("PO-2", a_line(CRATE, 6), currency="CHF")
    )
    placed = [order for result in results if isinstance(result, list) for order in result]
    assert sorted(order.plan.confirmed for order in placed) == [False, True]
    assert committed(each_store) in (Decimal(750), Decimal("299.97"))
