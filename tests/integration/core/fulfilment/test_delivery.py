"""Carrier events move shipment and order, once each and in any order (SHP-08, DLV-06)."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import permutations

import pytest

from core.fulfilment.auto import carry_on
from core.fulfilment.manual import ship_order
from core.fulfilment.orders import lines_of, order_head
from core.fulfilment.release import pack_order, release_order
from core.fulfilment.tracking import record_tracking
from core.ports import TrackingEvent
from core.store.billing import invoices_of
from core.store.engine import Store, Tx
from core.store.events import of_order
from core.store.orders import release_hold
from core.store.shipping import shipment_row, tracking_facts
from core.testing.confirmed import confirmed_order, hold, load_masters


def course(now: datetime) -> list[TrackingEvent]:
    return [
        TrackingEvent("T-1", "picked_up", now + timedelta(seconds=2), "PU", "Hamburg", "Picked up"),
        TrackingEvent("T-2", "in_transit", now + timedelta(seconds=4), "IT", "Hub", "On its way"),
        TrackingEvent("T-3", "delivered", now + timedelta(seconds=6), "DL", "Berlin", "Delivered", "A. Nowak"),
    ]


def hand_over(store: Store, now: datetime, number: str = "2026-ED-000001") -> tuple[int, int]:
    """Return an order and its shipment that has left."""

    def job(tx: Tx) -> tuple[int, int]:
        order_id = confirmed_order(tx, now, number=number)
        return order_id, ship_order(tx, order_id, actor="anna", now=now, tracking_number="HAND-1")

    return store.write(job)


@pytest.fixture
def shipped(store: Store, now: datetime) -> tuple[int, int]:
    return hand_over(store, now)


def tell(store: Store, shipment_id: int, events: list[TrackingEvent], at: datetime) -> str:
    return store.write(lambda tx: record_tracking(tx, shipment_id, events, document_id=9, now=at)).state


def told(store: Store, order_id: int) -> list[str]:
    return [row["event"] for row in store.read(lambda tx: of_order(tx, order_id))]


def test_the_course_of_a_consignment(store: Store, now: datetime, shipped: tuple[int, int]) -> None:
    order_id, shipment_id = shipped
    events = course(now)

    assert tell(store, shipment_id, events[:1], now) == "in_transit"
    assert store.read(lambda tx: order_head(tx, order_id)).state == "in_transit"
    assert tell(store, shipment_id, events[:2], now) == "in_transit"
    assert tell(store, shipment_id, events, now) == "delivered"

    assert told(store, order_id)[-3:] == ["order.in_transit", "order.delivered", "invoice.issued"]
    shipment = store.read(lambda tx: shipment_row(tx, shipment_id))
    assert (shipment.state, shipment.delivered_at, shipment.signed_by) == ("delivered", events[2].at, "A. Nowak")
    assert {line.state for line in store.read(lambda tx: lines_of(tx, order_id))} == {"delivered"}
    delivered = next(e for e in store.read(lambda tx: of_order(tx, order_id)) if e["event"] == "order.delivered")
    assert (delivered["summary"], delivered["document_id"]) == ("DA-2026-000001 delivered, signed by A. Nowak", 9)


def test_a_repeat_of_the_whole_answer_adds_nothing(store: Store, now: datetime, shipped: tuple[int, int]) -> None:
    order_id, shipment_id = shipped
    tell(store, shipment_id, course(now), now)
    before = told(store, order_id)

    assert tell(store, shipment_id, course(now) + course(now), now) == "delivered"

    assert told(store, order_id) == before
    assert len(store.read(lambda tx: tracking_facts(tx, shipment_id))) == 3
    assert len(store.read(lambda tx: invoices_of(tx, order_id))) == 1


def test_events_may_come_in_any_order(store: Store, now: datetime) -> None:
    events = course(now)
    for number, sequence in enumerate(permutations(events), 1):
        order_id, shipment_id = hand_over(store, now, number=f"2026-ED-{number:06d}")
        for event in sequence:
            tell(store, shipment_id, [event], now)

        shipment = store.read(lambda tx, wanted=shipment_id: shipment_row(tx, wanted))
        assert (shipment.state, shipment.delivered_at, shipment.signed_by) == ("delivered", events[2].at, "A. Nowak")
        assert store.read(lambda tx, wanted=order_id: order_head(tx, wanted)).state == "delivered"
        assert told(store, order_id).count("order.delivered") == 1


def test_the_first_of_two_deliveries_counts(store: Store, now: datetime, shipped: tuple[int, int]) -> None:
    _, shipment_id = shipped
    second = TrackingEvent("T-9", "delivered", now + timedelta(hours=1), signed_by="Neighbour")

    tell(store, shipment_id, [second], now)
    tell(store, shipment_id, course(now), now)

    shipment = store.read(lambda tx: shipment_row(tx, shipment_id))
    assert (shipment.delivered_at, shipment.signed_by) == (course(now)[2].at, "A. Nowak")


def test_an_exception_is_told_once_and_ends_with_the_next_movement(
    store: Store, now: datetime, shipped: tuple[int, int]
) -> None:
    order_id, shipment_id = shipped
    broken = TrackingEvent("T-X", "exception", now + timedelta(seconds=3), text="address not found")

    assert tell(store, shipment_id, [*course(now)[:1], broken], now) == "exception"
    assert tell(store, shipment_id, [broken], now) == "exception"
    assert told(store, order_id).count("shipment.exception") == 1
    assert tell(store, shipment_id, course(now)[1:2], now) == "in_transit"


def test_events_that_come_before_the_hand_over_wait_for_it(store: Store, now: datetime) -> None:
    def pack(tx: Tx) -> tuple[int, int]:
        order_id = confirmed_order(tx, now)
        release_order(tx, order_id, actor="anna", now=now)
        return order_id, pack_order(tx, order_id, actor="anna", now=now)

    order_id, shipment_id = store.write(pack)
    tell(store, shipment_id, course(now), now)
    assert store.read(lambda tx: order_head(tx, order_id)).state == "packed"

    store.write(lambda tx: ship_order(tx, order_id, actor="anna", now=now, tracking_number="HAND-1"))

    assert store.read(lambda tx: order_head(tx, order_id)).state == "delivered"
    assert store.read(lambda tx: shipment_row(tx, shipment_id)).signed_by == "A. Nowak"


def test_a_manual_partner_is_not_invoiced_by_rule(store: Store, now: datetime, shipped: tuple[int, int]) -> None:
    order_id, shipment_id = shipped
    store.write(lambda tx: load_masters(tx, now, fulfilment="manual"))

    tell(store, shipment_id, course(now), now)

    assert told(store, order_id)[-1] == "order.delivered"
    assert store.read(lambda tx: invoices_of(tx, order_id)) == []


def test_a_hold_on_the_invoice_does_not_hold_the_delivery(
    store: Store, now: datetime, shipped: tuple[int, int]
) -> None:
    order_id, shipment_id = shipped
    hold_id = store.write(lambda tx: hold(tx, order_id, "invoice", now))

    tell(store, shipment_id, course(now), now)
    assert told(store, order_id)[-2:] == ["order.delivered", "invoice.held"]

    store.write(lambda tx: release_hold(tx, hold_id, at=now, actor="anna", reason="fine"))
    store.write(lambda tx: carry_on(tx, order_id, now))
    assert told(store, order_id)[-1] == "invoice.issued"
