from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import update

from core.clock import from_micros
from core.errors import Conflict, NotFound, ValueRefused
from core.reporting import views
from core.store.engine import Store
from core.store.tables.ordering import holds, orders
from gateway.web.shapes.order import OrderShape

RECEIVED = from_micros(1_772_438_400_000_000)  # 2026-03-02T08:00Z, the clock of these tests

#: what differs between the databases is tested elsewhere in this file on both
on_one_database = pytest.mark.parametrize("prepared_url", ["sqlite"], indirect=True)


def listed(store: Store, **asked: Any) -> list[str]:
    """Return the numbers of a list, newest first."""
    return [order["number"] for order in store.read(lambda tx: views.orders(tx, **asked))["items"]]


def change(store: Store, number: str, **values: Any) -> None:
    store.write(lambda tx: tx.execute(update(orders).where(orders.c.number == number).values(**values)))


@on_one_database
def test_an_order_has_the_shape_of_the_contract(store: Store, take, clean: bytes) -> None:
    take(clean)
    order = store.read(lambda tx: views.order(tx, "2026-ED-000001"))
    OrderShape.model_validate(order)
    assert (order["state"], order["billing"], order["payment"]) == ("confirmed", "none", "open")
    assert (order["partner"], order["channel"], order["currency"], order["total"]) == (
        "ALPINA",
        "ED",
        "EUR",
        "1148.40",
    )
    assert order["lines"][0] == {
        "line": 1,
        "sku": "NL-1001",
        "gtin": "4012345010015",
        "buyer_code": "A-77001",
        "description": "Ball bearing 6204",
        "quantity": "24",
        "unit": "PCE",
        "price": "4.9",
        "amount": "117.60",
        "state": "reserved",
        "promised_date": "2026-03-07",
        "reserved": "24",
    }
    assert order["holds"] == []
    assert [(link["type"], link["direction"], link["control_reference"]) for link in order["documents"]] == [
        ("ORDERS", "in", clean[clean.index(b"UNZ+1+") + 6 :].split(b"'")[0].decode()),
        ("ORDRSP", "out", "000002"),
        ("CONTRL", "out", "000001"),
    ]


@on_one_database
def test_a_held_order_tells_what_blocks_it(store: Store, take, price_off: bytes) -> None:
    take(price_off)
    order = store.read(lambda tx: views.order(tx, "2026-ED-000001"))
    OrderShape.model_validate(order)
    assert order["state"] == "in_review"
    (hold,) = order["holds"]
    assert (hold["code"], hold["stage"], hold["line"], hold["rule_version"]) == ("price.mismatch", "confirm", 2, "1")
    assert Decimal(hold["inputs"]["buyer_price"]) == Decimal("10.388")
    store.write(lambda tx: tx.execute(update(holds).values(released_at=RECEIVED)))
    assert store.read(lambda tx: views.order(tx, "2026-ED-000001"))["holds"] == []


@on_one_database
def test_another_partners_order_is_not_there(store: Store, take, clean: bytes) -> None:
    take(clean)
    assert store.read(lambda tx: views.order(tx, "2026-ED-000001", "ALPINA"))["number"] == "2026-ED-000001"
    for number, partner in (("2026-ED-000001", "OTHER"), ("2026-ED-000001", "NOBODY"), ("2026-ED-000009", None)):
        with pytest.raises(NotFound, match=f"there is no order {number}"):
            store.read(lambda tx, number=number, partner=partner: views.order(tx, number, partner))


def test_filters_of_the_list(store: Store, take, clean: bytes, price_off: bytes) -> None:
    take(clean)
    take(price_off)
    confirmed, held = "2026-ED-000001", "2026-ED-000002"
    reference = store.read(lambda tx: views.order(tx, held))["buyer_reference"]
    assert listed(store) == [held, confirmed]
    assert listed(store, state="confirmed") == [confirmed]
    assert listed(store, state="held") == listed(store, state="in_review") == [held]
    assert listed(store, partner="ALPINA", channel="ED") == [held, confirmed]
    assert listed(store, partner="ALPINA", state="confirmed") == [confirmed]
    assert listed(store, partner="OTHER") == listed(store, partner="NOBODY") == listed(store, channel="EC") == []
    assert listed(store, q="ed-000002") == listed(store, q=reference[3:].lower()) == [held]
    assert listed(store, q="%") == listed(store, q="2026_ED") == []
    assert listed(store, since=RECEIVED) == [held, confirmed]
    assert listed(store, since=RECEIVED + timedelta(seconds=1)) == []


def test_a_state_is_the_header_state(store: Store, take, clean: bytes) -> None:
    """ORD-15: invoiced and settled appear only when fulfilment has ended."""
    take(clean)
    number = "2026-ED-000001"
    for state, values in (
        ("delivered", {"state": "delivered", "billing": "part"}),
        ("invoiced", {"billing": "full"}),
        ("settled", {"payment": "paid"}),
    ):
        change(store, number, **values)
        assert store.read(lambda tx: views.order(tx, number))["state"] == state
        found = [asked for asked in ("confirmed", "delivered", "invoiced", "settled") if listed(store, state=asked)]
        assert found == [state]


@on_one_database
def test_a_declined_order_is_not_held(store: Store, take, price_off: bytes) -> None:
    take(price_off)
    assert listed(store, state="held") == ["2026-ED-000001"]
    change(store, "2026-ED-000001", state="declined")
    assert listed(store, state="held") == []


@pytest.mark.parametrize("state", [None, "confirmed"])
def test_pages_do_not_move_under_new_orders(store: Store, take, clean: bytes, state: str | None) -> None:
    for ordinal in range(5):
        take(clean.replace(b"PO-", b"P%d-" % ordinal).replace(b"+D", b"+%d" % ordinal))
    # As after a move of the clock: the list goes by receipt, the newest first, and equal instants by id.
    change(store, "2026-ED-000002", received_at=RECEIVED - timedelta(hours=1))
    expected = listed(store, state=state)
    seen: list[str] = []
    cursor = None
    while True:
        page = store.read(lambda tx, cursor=cursor: views.orders(tx, state=state, cursor=cursor, limit=2))
        seen += [order["number"] for order in page["items"]]
        if len(seen) == 2:
            take(clean)
        cursor = page["next"]
        if cursor is None:
            break
    assert seen == expected
    assert len(set(seen)) == 5
    assert listed(store, state=state)[0] == "2026-ED-000006"


@on_one_database
def test_a_cursor_of_another_list_is_refused(store: Store) -> None:
    with pytest.raises(ValueRefused):
        store.read(lambda tx: views.orders(tx, cursor="bnVsbA=="))


@on_one_database
def test_a_partner_with_many_orders_is_walked_along_the_key(
    store: Store, take, clean: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(clean)
    monkeypatch.setattr("core.store.views.orders._FEW", 0)
    assert listed(store, partner="ALPINA") == ["2026-ED-000001"]
    assert listed(store, partner="OTHER") == []


def test_any_of_its_names_finds_an_order(store: Store, take, clean: bytes) -> None:
    """NUM-04: the number is the key of tracking; a person may know only the buyer's."""
    take(clean)
    order = store.read(lambda tx: views.order(tx, "2026-ED-000001"))
    for name in ("2026-ED-000001", "2026-ed-000001", order["buyer_reference"], f" {order['buyer_reference']} "):
        seen = store.read(lambda tx, name=name: views.order_by_any(tx, name, "ALPINA"))
        assert seen == {**order, "notes": []}  # these are for the house
        assert store.read(lambda tx, name=name: views.order_by_any(tx, name)) == order
        for stranger in ("OTHER", "NOBODY"):
            with pytest.raises(NotFound):
                store.read(lambda tx, name=name, stranger=stranger: views.order_by_any(tx, name, stranger))
    with pytest.raises(NotFound, match="no order is known as PO-1"):
        store.read(lambda tx: views.order_by_any(tx, "PO-1"))


@on_one_database
def test_a_reference_of_several_orders_names_them(store: Store, take, clean: bytes, price_off: bytes) -> None:
    take(clean)
    take(price_off)
    reference = store.read(lambda tx: views.order(tx, "2026-ED-000001"))["buyer_reference"]
    change(store, "2026-ED-000002", buyer_reference=reference, test=True)
    with pytest.raises(Conflict) as refused:
        store.read(lambda tx: views.order_by_any(tx, reference))
    assert refused.value.inputs == {"numbers": ["2026-ED-000002", "2026-ED-000001"]}


@on_one_database
def test_brief_orders_keep_their_sequence(store: Store, take, clean: bytes, price_off: bytes) -> None:
    take(clean)
    take(price_off)
    ids = store.read(lambda tx: {row.number: row.id for row in tx.execute(orders.select())})
    wanted = [ids["2026-ED-000002"], ids["2026-ED-000001"]]
    held, confirmed = store.read(lambda tx: views.brief_orders(tx, wanted))
    assert set(held) == {"number", "partner", "buyer_reference", "state", "holds"}
    assert (held["number"], held["state"], [hold["code"] for hold in held["holds"]]) == (
        "2026-ED-000002",
        "in_review",
        ["price.mismatch"],
    )
    assert (confirmed["number"], confirmed["state"], confirmed["holds"]) == ("2026-ED-000001", "confirmed", [])
