"""An order and the master data that differ become decisions; what is decided lifts what it held (VAL-07..VAL-10)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from core.documents import Party
from core.errors import Conflict, NotFound
from core.ordering.confirm import Desk
from core.ordering.discrepancies import resolve
from core.reporting import views
from core.reporting.validation import discrepancies
from core.store import orders as order_rows
from core.store.engine import Store
from core.store.lookup import MasterCache, partner_by_id, partner_id_by_code
from core.testing.trade import MONDAY, STORE_GLN, Trade, a_line, an_order, partner_row, place

TAX_ID, OTHER_TAX_ID = "DE136695976", "DE811569869"


def load(store: Store, **changes: Any) -> None:
    trade = replace(Trade(partners=[partner_row(tax_id=TAX_ID)]), **changes)
    store.write(trade.load)


def put(store: Store, reference: str = "PO-1", *lines: Any, **changes: Any) -> str:
    placed = store.write(lambda tx: place(tx, [an_order(reference, *lines, **changes)]))
    return placed[0].number


def found(store: Store, **how: Any) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = store.read(lambda tx: discrepancies(tx, **how))["items"]
    return items


def decide(store: Store, one: dict[str, Any], decision: Any, reason: str = "") -> dict[str, Any]:
    desk = Desk(MasterCache(), "user:kim", MONDAY)
    return store.write(lambda tx: resolve(tx, desk, int(one["id"]), decision, reason=reason))


def order(store: Store, number: str) -> dict[str, Any]:
    return store.read(lambda tx: order_rows.by_number(tx, number))


def master(store: Store) -> Any:
    def work(tx: Any) -> Any:
        cache = MasterCache()
        cache.refresh(tx)
        partner_id = partner_id_by_code(tx, "ACME")
        assert partner_id is not None
        return partner_by_id(tx, cache, partner_id)

    return store.read(work)


def said(store: Store, number: str) -> list[tuple[str, str, str]]:
    life = store.read(lambda tx: views.timeline(tx, number))["events"]
    return [(one["event"], one["actor"], one["summary"]) for one in life]


def test_an_address_that_differs_is_recorded_with_both_values_and_holds_nothing(each_store: Store) -> None:
    """VAL-07."""
    load(each_store)
    number = put(each_store, ship_to=Party("DP", gln=STORE_GLN, street="Nebenstr. 1", country="DE"))
    (one,) = found(each_store)
    assert order(each_store, number)["state"] == "confirmed"
    assert (one["number"], one["partner"], one["field"], one["key"]) == (number, "ACME", "ship_to.street", STORE_GLN)
    assert (one["order_value"], one["master_value"]) == ("Nebenstr. 1", "Hauptstr. 7")
    assert (one["decision"], one["decided_at"], one["line"]) == (None, None, None)


def test_what_agrees_leaves_no_record(store: Store) -> None:
    load(store)
    put(store)
    assert found(store) == []


def test_keeping_the_order_leaves_the_master_data(each_store: Store) -> None:
    """VAL-09: the decision is in the order's life."""
    load(each_store)
    number = put(each_store, buyer=Party("BY", tax_id=OTHER_TAX_ID))
    (one,) = found(each_store)
    assert one["field"] == "buyer.tax_id"
    kept = decide(each_store, one, "keep_order", "a branch of theirs")
    assert (kept["decision"], kept["decided_by"], kept["reason"]) == ("keep_order", "user:kim", "a branch of theirs")
    assert master(each_store).tax_id == TAX_ID
    assert found(each_store) == []
    assert [item["id"] for item in found(each_store, undecided=False)] == [one["id"]]
    assert said(each_store, number)[-1] == (
        "discrepancy.resolved", "user:kim", "buyer.tax_id stays DE811569869 in the order: a branch of theirs",
    )  # fmt: skip


def test_updating_the_master_settles_every_order_that_says_the_same(each_store: Store) -> None:
    """VAL-08, VAL-09: the next order agrees."""
    load(each_store)
    numbers = [put(each_store, f"PO-{count}", buyer=Party("BY", tax_id=OTHER_TAX_ID)) for count in (1, 2)]
    put(each_store, "PO-3", buyer=Party("BY", tax_id="DE129274202"))
    decide(each_store, found(each_store)[0], "update_master")
    assert master(each_store).tax_id == OTHER_TAX_ID
    assert [one["order_value"] for one in found(each_store)] == ["DE129274202"]
    assert all(said(each_store, number)[-1][0] == "discrepancy.resolved" for number in numbers)
    put(each_store, "PO-4", buyer=Party("BY", tax_id=OTHER_TAX_ID))
    assert len(found(each_store)) == 1


def test_a_new_street_goes_to_the_address_of_its_gln(store: Store) -> None:
    """VAL-07: compared and updated."""
    load(store)
    put(store, ship_to=Party("DP", gln=STORE_GLN, street="Nebenstr. 1"))
    decide(store, found(store)[0], "update_master")
    known = master(store).address("DP", STORE_GLN)
    assert (known.street, known.city) == ("Nebenstr. 1", "Berlin")


@pytest.mark.parametrize("decision", ["keep_order", "update_master"])
def test_another_country_holds_until_it_is_decided(each_store: Store, decision: str) -> None:
    """VAL-09: the hold is judged again."""
    load(each_store)
    number = put(each_store, ship_to=Party("DP", gln=STORE_GLN, country="AT"))
    assert order(each_store, number)["state"] == "in_review"
    decide(each_store, found(each_store)[0], decision)
    assert order(each_store, number)["state"] == "confirmed"
    assert [event for event, *_ in said(each_store, number)][-4:] == [
        "discrepancy.resolved", "hold.released", "reservation.created", "order.confirmed",
    ]  # fmt: skip
    assert master(each_store).address("DP", STORE_GLN).country == ("AT" if decision == "update_master" else "DE")


def test_other_holds_keep_the_order(store: Store) -> None:
    load(store)
    country = Party("DP", gln=STORE_GLN, country="AT")
    number = put(store, "PO-1", a_line(price="99"), ship_to=country)
    decide(store, found(store)[0], "keep_order")
    assert order(store, number)["state"] == "in_review"
    holds = store.read(lambda tx: order_rows.holds_of(tx, order_rows.by_number(tx, number)["id"]))
    assert [hold["code"] for hold in holds] == ["price.mismatch"]


def test_the_unit_of_a_line_is_not_lifted_with_the_country(store: Store) -> None:
    load(store)
    number = put(store, "PO-1", a_line(unit="CT"), ship_to=Party("DP", gln=STORE_GLN, country="AT"))
    decide(store, found(store)[0], "keep_order")
    holds = store.read(lambda tx: order_rows.holds_of(tx, order_rows.by_number(tx, number)["id"]))
    assert [hold["line"] for hold in holds] == [1]


def test_a_suppliers_code_that_differs_is_told_with_its_line(store: Store) -> None:
    """VAL-10: the GTIN wins; no master data of ours has the buyer's slip."""
    load(store)
    number = put(store, "PO-1", a_line(), a_line(supplier_code="OLD-7"))
    (one,) = found(store)
    assert order(store, number)["state"] == "confirmed"
    assert (one["field"], one["line"], one["order_value"]) == ("supplier_code", 2, "OLD-7")
    with pytest.raises(Conflict, match="changes no master data"):
        decide(store, one, "update_master")
    assert decide(store, one, "keep_order")["decision"] == "keep_order"


def test_a_decision_is_made_once(store: Store) -> None:
    load(store)
    put(store, buyer=Party("BY", name="Acme Holding"))
    (one,) = found(store)
    decide(store, one, "keep_order")
    for again in ("keep_order", "update_master"):
        with pytest.raises(Conflict, match="decided already"):
            decide(store, one, again)
    with pytest.raises(NotFound):
        decide(store, {"id": "1"}, "keep_order")


def test_what_the_master_data_has_no_room_for_stays_in_the_order(store: Store) -> None:
    load(store)
    put(store, ship_to=Party("DP", gln=STORE_GLN, region="x" * 51))
    with pytest.raises(Conflict, match="50 characters"):
        decide(store, found(store)[0], "update_master")
    assert len(found(store)) == 1


def test_the_list_is_paged_and_filtered(store: Store) -> None:
    load(store)
    numbers = [put(store, f"PO-{count}", buyer=Party("BY", name=f"Name {count}")) for count in (1, 2, 3)]
    first = store.read(lambda tx: discrepancies(tx, limit=2))
    rest = store.read(lambda tx: discrepancies(tx, limit=2, cursor=first["next"]))
    assert [one["number"] for one in first["items"] + rest["items"]] == numbers
    assert rest["next"] is None
    assert [one["order_value"] for one in found(store, number=numbers[1])] == ["Name 2"]
    assert found(store, partner="OTHER") == []


def test_the_checks_tell_where_each_field_came_from(store: Store) -> None:
    """VAL-11, INT-14: received or derived, by which rule, with the value."""
    load(store)
    number = put(store, buyer=Party("BY", tax_id=TAX_ID, phone="none"), currency="")
    checks = store.read(lambda tx: views.checks(tx, number))["checks"]
    assert {check["group"] for check in checks} == {"customer", "credit", "availability", "price"}
    (customer,) = (check for check in checks if check["group"] == "customer")
    fields = {one["field"]: one for one in customer["fields"]}
    assert len(fields) == 24
    assert (fields["buyer.tax_id"]["origin"], fields["buyer.tax_id"]["value"]) == ("received", TAX_ID)
    assert (fields["buyer_reference"]["origin"], fields["buyer_reference"]["value"]) == ("received", "PO-1")
    assert (fields["currency"]["origin"], fields["currency"]["value"]) == ("derived", "EUR")
    assert fields["ship_to.street"]["value"] == "Hauptstr. 7"
    assert fields["ship_to.street"]["rule"] == "the delivery address of its GLN"
    assert (fields["buyer.phone"]["format"], fields["buyer.phone"]["fault"]) == ("phone", "phone.format")
