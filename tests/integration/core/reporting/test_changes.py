"""Changes of an order are told with their state, what they altered and their documents (CHG-02, CHG-05)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from core.documents import ChangedLine, ChangeFunction, LineAction, OrderChange
from core.errors import NotFound
from core.ordering.amend import Request, amend
from core.ordering.cancel import cancel_order
from core.ordering.confirm import Desk
from core.ordering.release import release_holds
from core.reporting.changes import change, changes
from core.store import orders as rows
from core.store import outbox
from core.store.engine import Store, Tx
from core.store.lookup import MasterCache
from core.testing.trade import CRATE, CUP, MONDAY, Trade, a_line, an_order, place


@pytest.fixture
def number(each_store: Store) -> str:
    """Ten cups at 12.50 and three crates at 99.99, confirmed."""
    each_store.write(Trade().load)
    lines = (a_line(CUP, 10, "12.50"), a_line(CRATE, 3))
    (order,) = each_store.write(lambda tx: place(tx, [an_order("PO-1", *lines)]))
    return order.number


def ask(store: Store, number: str, *lines: ChangedLine, reference: str = "", function: str = "4") -> None:
    asked = OrderChange(reference, "PO-1", ChangeFunction(function), lines)

    def work(tx: Tx) -> None:
        desk = Desk(MasterCache(), "partner:ACME", MONDAY)
        amend(tx, desk, rows.by_number(tx, number, lock=True), Request(asked, tx.ids.next(), respond=True))

    store.write(work)


def cups(quantity: int) -> ChangedLine:
    return ChangedLine(1, LineAction.CHANGE, Decimal(quantity))


def told(store: Store, number: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = store.read(lambda tx: changes(tx, number, "ACME"))["items"]
    return items


def test_an_order_without_changes_has_none(each_store: Store, number: str) -> None:
    assert told(each_store, number) == []


def test_what_one_leaves_is_what_the_next_meets(each_store: Store, number: str) -> None:
    ask(each_store, number, cups(4), reference="CHG-1")
    ask(each_store, number, ChangedLine(2, LineAction.DELETE), reference="CHG-2")
    ask(each_store, number, ChangedLine(9, LineAction.DELETE), reference="CHG-3")
    first, second, third = told(each_store, number)
    assert (first["reference"], first["function"], first["state"], first["revision"]) == (
        "CHG-1", "change", "confirmed", 2,
    )  # fmt: skip
    assert first["impact"] == {
        "total": {"before": "424.97", "after": "349.97"},
        "promised_date": {"before": "2026-03-09", "after": "2026-03-09"},
        "lines": [1],
        "differences": [{"field": "lines.1.quantity", "before": "10", "after": "4"}],
    }
    assert (second["state"], second["impact"]["total"]) == ("confirmed", {"before": "349.97", "after": "50.00"})
    assert second["impact"]["lines"] == [2]
    assert (third["state"], third["impact"], third["reason"]) == ("declined", None, "line 9 is not in the order")


def test_a_held_change_is_applied_and_confirmed_when_it_is_released(each_store: Store, number: str) -> None:
    ask(each_store, number, cups(1000))
    (held,) = told(each_store, number)
    assert (held["state"], held["reference"], held["actor"]) == ("applied", None, "partner:ACME")
    each_store.write(lambda tx: release_holds(tx, Desk(MasterCache(), "user:eve", MONDAY), number))
    assert [one["state"] for one in told(each_store, number)] == ["confirmed"]


def test_a_change_that_another_overtook_was_never_confirmed(each_store: Store, number: str) -> None:
    ask(each_store, number, cups(1000))
    ask(each_store, number, cups(12))
    assert [(one["state"], one["revision"]) for one in told(each_store, number)] == [("applied", 2), ("confirmed", 3)]


def test_a_cancellation_comes_to_nothing(each_store: Store, number: str) -> None:
    ask(each_store, number, function="1")
    (ended,) = told(each_store, number)
    assert (ended["function"], ended["state"], ended["impact"]["lines"]) == ("cancel", "cancelled", [1, 2])
    assert ended["impact"]["total"] == {"before": "424.97", "after": "0.00"}
    assert ended["impact"]["promised_date"] == {"before": "2026-03-09", "after": None}


def test_a_cancellation_by_us_is_no_change(each_store: Store, number: str) -> None:
    desk = Desk(MasterCache(), "user:eve", MONDAY)
    each_store.write(lambda tx: cancel_order(tx, desk, number, reason="sold out"))
    assert told(each_store, number) == []


def test_one_change_comes_with_its_evidence(each_store: Store, number: str) -> None:
    ask(each_store, number, cups(4), reference="CHG-1")
    (brief,) = told(each_store, number)
    found = each_store.read(lambda tx: change(tx, number, brief["id"], "ACME"))
    assert brief.items() <= found.items()
    assert found["asked"]["lines"] == [{"line": 1, "action": "3", "quantity": "4", "price_basis": "1"}]
    assert [(line["line"], line["quantity"]) for line in found["stood"]["lines"]] == [(1, "10"), (2, "3")]
    order_id = each_store.read(lambda tx: rows.by_number(tx, number))["id"]
    answer = each_store.read(lambda tx: outbox.of_order(tx, order_id))[-1]
    assert [(one["id"], one["type"]) for one in found["documents"]] == [(str(answer["id"]), "ORDRSP")]


def test_what_is_not_there_or_not_theirs_is_not_found(each_store: Store, number: str) -> None:
    ask(each_store, number, cups(4))
    (known,) = told(each_store, number)
    for wanted, partner in (("1", "ACME"), ("x", None), (known["id"], "NOBODY")):
        with pytest.raises(NotFound):
            each_store.read(lambda tx, wanted=wanted, partner=partner: change(tx, number, wanted, partner))
    with pytest.raises(NotFound):
        each_store.read(lambda tx: changes(tx, number, "NOBODY"))
