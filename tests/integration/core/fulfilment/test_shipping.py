"""Shipping by hand and by booking: stock, reservations, states, what is told."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from core.errors import Conflict, ValidationFailed
from core.fulfilment.advice import despatch_advice
from core.fulfilment.booking import record_booking, record_refusal, request_booking
from core.fulfilment.manual import ship_order
from core.fulfilment.orders import lines_of, order_head
from core.fulfilment.polling import PollPlan
from core.fulfilment.release import pack_order, release_order
from core.fulfilment.ship import ship_confirm
from core.ports import Booking
from core.store import timers
from core.store.engine import Store, Tx
from core.store.events import of_order
from core.store.outbox import of_order as told_of
from core.store.shipping import label_of, packages_of, shipment_row
from core.store.tables.master import stock, stock_moves
from core.store.tables.ordering import reservations
from core.testing.confirmed import ON_HAND, SKU_A, SKU_B, Wanted, confirmed_order, hold
from core.values import is_sscc

D = Decimal


def balance(store: Store, sku: str) -> tuple[D, D, D]:
    """Return on hand, reserved, and the sum of the ledger."""

    def job(tx: Tx) -> tuple[D, D, D]:
        row = tx.execute(select(stock).where(stock.c.sku == sku)).one()
        moves = tx.execute(select(stock_moves.c.quantity).where(stock_moves.c.sku == sku)).scalars()
        return row.on_hand, row.reserved, sum(moves, D(0))

    return store.read(job)


def reservation_rows(store: Store, order_id: int) -> list[tuple[int, D, str]]:
    statement = select(reservations.c.line, reservations.c.quantity, reservations.c.state).where(
        reservations.c.order_id == order_id
    )
    return [tuple(row) for row in store.read(lambda tx: tx.execute(statement.order_by(reservations.c.line)).all())]


def place(store: Store, now: datetime, **order: Any) -> int:
    return store.write(lambda tx: confirmed_order(tx, now, **order))


def ship(store: Store, order_id: int, now: datetime, **how: Any) -> int:
    return store.write(lambda tx: ship_order(tx, order_id, actor="anna", now=now, **how))


def book(store: Store, order_id: int, now: datetime, *, confirm: bool) -> int:
    """Bring an order up to an asked-for booking."""

    def job(tx: Tx) -> int:
        release_order(tx, order_id, actor="anna", now=now)
        shipment_id = pack_order(tx, order_id, actor="anna", now=now)
        request_booking(tx, shipment_id, actor="anna", now=now, ship=confirm)
        return shipment_id

    return store.write(job)


def confirmation(store: Store, shipment_id: int) -> Booking:
    shipment = store.read(lambda tx: shipment_row(tx, shipment_id))
    packages = store.read(lambda tx: packages_of(tx, shipment_id))
    labels = tuple((package.sscc, "application/pdf", b"label " + package.sscc.encode()) for package in packages)
    return Booking(shipment.booking_reference, "SBX1", "sandbox", "Sandbox Carrier", labels)


def take_booking(store: Store, shipment_id: int, booking: Booking, now: datetime, *, confirm: bool = True) -> bool:
    return store.write(
        lambda tx: record_booking(tx, shipment_id, booking, document_id=7, ship=confirm, now=now, polls=PollPlan())
    )


def test_ship_confirm_issues_stock_and_keeps_the_ledger_sum(store: Store, now: datetime) -> None:
    """INV-26, invariant 3."""
    order_id = place(store, now)
    assert balance(store, SKU_A) == (ON_HAND, D(10), ON_HAND)

    shipment_id = ship(store, order_id, now, tracking_number="HAND-1", carrier="truck")

    assert balance(store, SKU_A) == (ON_HAND - 10, D(0), ON_HAND - 10)
    assert balance(store, SKU_B) == (ON_HAND - 3, D(0), ON_HAND - 3)
    assert reservation_rows(store, order_id) == [(1, D(10), "consumed"), (2, D(3), "consumed")]
    assert [(line.state, line.reserved) for line in store.read(lambda tx: lines_of(tx, order_id))] == [
        ("shipped", D(0)),
        ("shipped", D(0)),
    ]
    assert store.read(lambda tx: order_head(tx, order_id)).state == "shipped"
    shipment = store.read(lambda tx: shipment_row(tx, shipment_id))
    assert (shipment.state, shipment.carrier, shipment.tracking_number, shipment.shipped_at) == (
        "shipped",
        "truck",
        "HAND-1",
        now,
    )
    (desadv,) = store.read(lambda tx: told_of(tx, order_id))
    assert (desadv["type"], desadv["payload"]) == ("DESADV", {"shipment_id": shipment_id})
    (poll,) = store.read(lambda tx: timers.due(tx, now + timedelta(seconds=2), ["tracking.poll"], 10))
    assert (poll.subject_id, poll.due_at) == (shipment_id, now + timedelta(seconds=2))


def test_the_despatch_advice_says_what_was_packed(store: Store, now: datetime) -> None:
    """SHP-04, invariant 6: SSCCs packed are those of the DESADV."""
    order_id = place(store, now)
    shipment_id = book(store, order_id, now, confirm=True)
    take_booking(store, shipment_id, confirmation(store, shipment_id), now)

    advice = store.read(lambda tx: despatch_advice(tx, shipment_id))

    packages = store.read(lambda tx: packages_of(tx, shipment_id))
    assert [package.sscc for package in advice.packages] == [package.sscc for package in packages]
    assert [(item.line, item.quantity, item.sku) for package in advice.packages for item in package.items] == [
        (1, D(10), SKU_A),
        (2, D(1), SKU_B),
        (2, D(2), SKU_B),
    ]
    assert (advice.number, advice.order_number, advice.buyer_reference) == (
        "DA-2026-000001",
        "2026-ED-000001",
        "PO-2026-ED-000001",
    )
    assert (advice.carrier, advice.carrier_name, advice.tracking_number) == ("sandbox", "Sandbox Carrier", "SBX1")
    assert advice.despatched_at == now
    assert advice.expected_date == now.date() + timedelta(days=2)
    assert advice.buyer is not None
    assert (advice.buyer.role, advice.buyer.name, advice.buyer.code) == ("BY", "Acme Retail", "10001")
    assert advice.ship_to is not None
    assert (advice.ship_to.role, advice.ship_to.name, advice.ship_to.city) == ("DP", "Acme Store 7", "Berlin")
    assert advice.supplier is not None
    assert advice.supplier.gln == "4054321000009"


def test_a_booking_keeps_labels_and_tracking_number_and_ships(store: Store, now: datetime) -> None:
    """DOC-16, SHP-05, NUM-08: arranging transport gives the waybill number, and each package has its own SSCC."""
    order_id = place(store, now)
    shipment_id = book(store, order_id, now, confirm=True)
    assert store.read(lambda tx: shipment_row(tx, shipment_id)).tracking_number is None

    assert take_booking(store, shipment_id, confirmation(store, shipment_id), now)

    assert store.read(lambda tx: shipment_row(tx, shipment_id)).tracking_number == "SBX1"
    packages = store.read(lambda tx: packages_of(tx, shipment_id))
    assert len({package.sscc for package in packages if is_sscc(package.sscc)}) == len(packages) > 1
    for package in packages:
        label = store.read(lambda tx, sscc=package.sscc: label_of(tx, sscc))
        assert label == ("application/pdf", b"label " + package.sscc.encode())
    booked = next(e for e in store.read(lambda tx: of_order(tx, order_id)) if e["event"] == "shipment.booked")
    assert booked["document_id"] == 7
    assert store.read(lambda tx: order_head(tx, order_id)).state == "shipped"


def test_the_second_confirmation_of_one_booking_changes_nothing(store: Store, now: datetime) -> None:
    order_id = place(store, now)
    shipment_id = book(store, order_id, now, confirm=True)
    take_booking(store, shipment_id, confirmation(store, shipment_id), now)
    events = len(store.read(lambda tx: of_order(tx, order_id)))

    assert not take_booking(store, shipment_id, confirmation(store, shipment_id), now)

    assert len(store.read(lambda tx: of_order(tx, order_id))) == events
    assert balance(store, SKU_A) == (ON_HAND - 10, D(0), ON_HAND - 10)


def test_a_confirmation_of_another_reference_is_refused(store: Store, now: datetime) -> None:
    shipment_id = book(store, place(store, now), now, confirm=True)
    stranger = confirmation(store, shipment_id)._replace(reference="DA-2026-000099-1")

    with pytest.raises(Conflict, match="instead of"):
        take_booking(store, shipment_id, stranger, now)


def test_a_hold_on_shipping_keeps_the_booking_and_waits(store: Store, now: datetime) -> None:
    order_id = place(store, now)
    shipment_id = book(store, order_id, now, confirm=True)
    store.write(lambda tx: hold(tx, order_id, "ship", now))

    take_booking(store, shipment_id, confirmation(store, shipment_id), now)

    assert store.read(lambda tx: shipment_row(tx, shipment_id)).state == "booked"
    assert store.read(lambda tx: of_order(tx, order_id))[-1]["event"] == "fulfilment.held"
    assert balance(store, SKU_A) == (ON_HAND, D(10), ON_HAND)


def test_goods_whose_reservation_expired_are_not_shipped(store: Store, now: datetime) -> None:
    order_id = place(store, now)
    shipment_id = book(store, order_id, now, confirm=False)
    take_booking(store, shipment_id, confirmation(store, shipment_id), now, confirm=False)
    store.write(lambda tx: tx.execute(reservations.update().values(state="expired")))

    with pytest.raises(Conflict, match="no longer reserved"):
        store.write(lambda tx: ship_confirm(tx, shipment_id, actor="anna", now=now))

    assert store.read(lambda tx: order_head(tx, order_id)).state == "packed"


def test_a_refused_booking_may_be_asked_for_again(store: Store, now: datetime) -> None:
    order_id = place(store, now)
    shipment_id = book(store, order_id, now, confirm=True)

    store.write(lambda tx: record_refusal(tx, shipment_id, "no postal code", now=now))
    assert store.read(lambda tx: shipment_row(tx, shipment_id)).state == "refused"
    assert store.read(lambda tx: of_order(tx, order_id))[-1]["summary"] == "DA-2026-000001 refused: no postal code"

    assert ship(store, order_id, now) == shipment_id
    assert store.read(lambda tx: shipment_row(tx, shipment_id)).state == "booking"


def test_holds_refuse_to_ship_and_are_listed(store: Store, now: datetime) -> None:
    for number, stage in enumerate(["confirm", "release", "ship"], 1):
        order_id = place(store, now, number=f"2026-ED-{number:06d}")
        store.write(lambda tx, held=order_id, stage=stage: hold(tx, held, stage, now))

        with pytest.raises(Conflict) as refusal:
            ship(store, order_id, now, tracking_number="HAND-1")

        blocking = {"code": "manual", "stage": stage, "line": None, "reason": "look at it"}
        assert refusal.value.inputs["holds"] == [blocking]
        assert store.read(lambda tx, held=order_id: order_head(tx, held)).state == "confirmed"


def test_an_invoice_hold_does_not_stop_the_goods(store: Store, now: datetime) -> None:
    order_id = place(store, now)
    store.write(lambda tx: hold(tx, order_id, "invoice", now))

    ship(store, order_id, now, tracking_number="HAND-1")

    assert store.read(lambda tx: order_head(tx, order_id)).state == "shipped"


def test_packing_short_needs_a_reason_and_leaves_the_rest_reserved(store: Store, now: datetime) -> None:
    """SHP-03."""
    order_id = place(store, now)
    with pytest.raises(ValidationFailed):
        ship(store, order_id, now, quantities={1: D(8)}, tracking_number="HAND-1")

    ship(store, order_id, now, quantities={1: D(8)}, short_reason="two broken", tracking_number="HAND-1")

    assert reservation_rows(store, order_id) == [(1, D(2), "active"), (2, D(3), "active")]
    assert balance(store, SKU_A) == (ON_HAND - 8, D(2), ON_HAND - 8)
    lines = store.read(lambda tx: lines_of(tx, order_id))
    assert [(line.state, line.reserved) for line in lines] == [("backordered", D(2)), ("reserved", D(3))]


def test_only_what_is_reserved_can_be_packed(store: Store, now: datetime) -> None:
    order_id = place(store, now)

    for quantities in ({1: D(11)}, {9: D(1)}, {1: D(-1)}, {1: D(0), 2: D(0)}):
        with pytest.raises(Conflict):
            ship(store, order_id, now, quantities=quantities, short_reason="why not", tracking_number="HAND-1")

    assert store.read(lambda tx: order_head(tx, order_id)).state == "confirmed"


def test_a_part_reserved_line_ships_what_there_is(store: Store, now: datetime) -> None:
    order_id = place(store, now, lines=[Wanted(SKU_A, D(10), D(1), reserved=D(4))])

    ship(store, order_id, now, tracking_number="HAND-1")

    (line,) = store.read(lambda tx: lines_of(tx, order_id))
    assert (line.state, balance(store, SKU_A)) == ("backordered", (ON_HAND - 4, D(0), ON_HAND - 4))


def test_what_is_booked_is_shipped_by_the_second_call(store: Store, now: datetime) -> None:
    order_id = place(store, now)
    shipment_id = book(store, order_id, now, confirm=False)
    take_booking(store, shipment_id, confirmation(store, shipment_id), now, confirm=False)
    assert store.read(lambda tx: order_head(tx, order_id)).state == "packed"

    assert ship(store, order_id, now) == shipment_id

    assert store.read(lambda tx: order_head(tx, order_id)).state == "shipped"


def test_a_shipped_order_is_not_shipped_again(store: Store, now: datetime) -> None:
    order_id = place(store, now)
    ship(store, order_id, now, tracking_number="HAND-1")

    with pytest.raises(Conflict):
        ship(store, order_id, now, tracking_number="HAND-2")


def test_a_booking_under_way_takes_no_number_by_hand(store: Store, now: datetime) -> None:
    order_id = place(store, now)
    book(store, order_id, now, confirm=True)

    with pytest.raises(Conflict, match="from the carrier"):
        ship(store, order_id, now, tracking_number="HAND-1")


def test_a_test_order_is_never_shipped(store: Store, now: datetime) -> None:
    order_id = place(store, now, test=True, number="TEST-1")

    with pytest.raises(Conflict, match="test order"):
        ship(store, order_id, now, tracking_number="HAND-1")
