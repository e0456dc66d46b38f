"""What a change says differently from the master data is asked, once; what it takes back is nobody's work (VAL-07)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from core.documents import ChangedLine, ChangeFunction, LineAction, OrderChange, Party
from core.ordering.amend import Request, amend
from core.ordering.confirm import Desk
from core.ordering.discrepancies import resolve
from core.reporting.contracts import verify_contract
from core.reporting.validation import discrepancies
from core.store import orders as rows
from core.store import outbox
from core.store.engine import Store, Tx
from core.store.lookup import MasterCache
from core.store.tables.discrepancies import discrepancies as discrepancies_table
from core.testing.trade import CUP, GTINS, LAMP, MONDAY, STORE_GLN, Trade, a_line, an_order, place, price_row

DESK = Desk(MasterCache(), "partner:ACME", MONDAY)


def ordered(store: Store, **order: Any) -> int:
    store.write(Trade().load)
    (placed,) = store.write(lambda tx: place(tx, [an_order("PO-1", a_line(CUP, 10), **order)]))
    return placed.order_id


def change(store: Store, order_id: int, *lines: ChangedLine, **header: Any) -> None:
    asked = OrderChange("", "PO-1", ChangeFunction.CHANGE, lines, **header)

    def work(tx: Tx) -> None:
        desk = Desk(MasterCache(), DESK.actor, MONDAY)
        amend(tx, desk, rows.by_id(tx, order_id, lock=True), Request(asked, tx.ids.next(), respond=True))

    store.write(work)


def street(name: str) -> Party:
    return Party("DP", gln=STORE_GLN, street=name)


def differing(store: Store, *, undecided: bool = True) -> list[tuple[str, str, str | None]]:
    items = store.read(lambda tx: discrepancies(tx, undecided=undecided))["items"]
    return [(one["field"], one["order_value"], one["decision"]) for one in items]


def decide(store: Store, decision: Any) -> None:
    (one,) = store.read(discrepancies)["items"]
    desk = Desk(MasterCache(), "user:kim", MONDAY)
    store.write(lambda tx: resolve(tx, desk, int(one["id"]), decision))


def test_an_address_that_a_change_brings_is_asked(each_store: Store) -> None:
    """VAL-07: it holds nothing, and the buyer gets its answer as before."""
    order_id = ordered(each_store)
    assert differing(each_store) == []
    change(each_store, order_id, ship_to=street("Nebenstr. 1"))
    assert differing(each_store) == [("ship_to.street", "Nebenstr. 1", None)]
    assert each_store.read(lambda tx: rows.by_id(tx, order_id))["state"] == "confirmed"
    assert [row["payload"]["function"] for row in each_store.read(lambda tx: outbox.of_order(tx, order_id))] == [
        "29", "29",
    ]  # fmt: skip


def test_what_stays_is_not_asked_twice_and_what_is_taken_back_not_at_all(store: Store) -> None:
    order_id = ordered(store, ship_to=street("Nebenstr. 1"))
    line = ChangedLine(1, LineAction.CHANGE, quantity=a_line(CUP, 4).quantity)
    change(store, order_id, line)
    assert differing(store) == [("ship_to.street", "Nebenstr. 1", None)]
    change(store, order_id, ship_to=street("Hauptstr. 7"))
    assert differing(store) == []
    assert differing(store, undecided=False) == [("ship_to.street", "Nebenstr. 1", "overtaken")]
    change(store, order_id, ship_to=street("Nebenstr. 1"))
    assert differing(store) == [("ship_to.street", "Nebenstr. 1", None)]


def test_what_was_decided_is_asked_again_only_with_another_value(store: Store) -> None:
    order_id = ordered(store, ship_to=street("Nebenstr. 1"))
    decide(store, "keep_order")
    change(store, order_id, ship_to=street("Nebenstr. 1"), notes=("at the gate",))
    assert differing(store) == []
    change(store, order_id, ship_to=street("Nebenstr. 2"))
    assert differing(store) == [("ship_to.street", "Nebenstr. 2", None)]


@pytest.mark.parametrize("decision", ["keep_order", "update_master"])
def test_another_country_holds_the_change_until_it_is_decided(each_store: Store, decision: str) -> None:
    """VAL-09: also where the same country was decided on before and the header is reviewed anew."""
    order_id = ordered(each_store)
    change(each_store, order_id, ship_to=Party("DP", gln=STORE_GLN, country="AT"))
    held = each_store.read(lambda tx: rows.holds_of(tx, order_id))
    assert [hold["code"] for hold in held] == ["customer.discrepancy"]
    decide(each_store, decision)
    assert each_store.read(lambda tx: rows.by_id(tx, order_id))["state"] == "confirmed"
    change(each_store, order_id, notes=("at the gate",))
    again = each_store.read(lambda tx: rows.holds_of(tx, order_id))
    assert [hold["code"] for hold in again] == (["customer.discrepancy"] if decision == "keep_order" else [])
    if again:
        decide(each_store, decision)
        assert each_store.read(lambda tx: rows.by_id(tx, order_id))["state"] == "confirmed"


def test_a_line_that_is_gone_takes_its_discrepancy_along(store: Store) -> None:
    """VAL-10: the supplier's code of an untouched line stays asked."""
    store.write(Trade().load)
    lines = [a_line(CUP, 1)._replace(line=number, supplier_code=LAMP) for number in (1, 2)]
    (placed,) = store.write(lambda tx: place(tx, [an_order("PO-1", *lines)]))
    assert len(differing(store)) == 2
    change(store, placed.order_id, ChangedLine(2, LineAction.DELETE))
    assert differing(store) == [("supplier_code", LAMP, None)]
    added = ChangedLine(3, LineAction.ADD, lines[0].quantity, GTINS[CUP], supplier_code=LAMP)
    change(store, placed.order_id, added)
    kept = store.read(lambda tx: tx.execute(discrepancies_table.select().order_by(discrepancies_table.c.id)).all())
    assert [(row.line, row.decision) for row in kept] == [(1, None), (2, "overtaken"), (3, None)]


def test_a_changed_order_counts_for_its_contract_as_it_stands(each_store: Store) -> None:
    """PRI-16: also when a change brings the contract; then every line is priced by it."""
    prices = [price_row(CUP, Decimal(10)), price_row(CUP, Decimal(9), level="customer", partner="ACME", contract="C-1")]
    each_store.write(Trade(prices=prices, stock=Trade().stock[:1]).load)
    (placed,) = each_store.write(lambda tx: place(tx, [an_order("PO-1", a_line(CUP, 3))]))

    def counted() -> tuple[int, int, list[Any]]:
        found = each_store.read(lambda tx: verify_contract(tx, "C-1", since=MONDAY))
        return found["orders"], found["lines"], found["off"]

    assert counted() == (0, 0, [])
    change(each_store, placed.order_id, contract="C-1")
    assert counted() == (1, 1, [])
    change(each_store, placed.order_id, ChangedLine(2, LineAction.ADD, a_line(CUP, 5).quantity, GTINS[CUP]))
    assert counted() == (1, 2, [])
    change(each_store, placed.order_id, ChangedLine(1, LineAction.DELETE))
    assert counted() == (1, 1, [])
