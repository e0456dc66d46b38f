"""An ``auto`` partner's order from the timer to the booking intent."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from core.errors import SystemFailed
from core.fulfilment import timers as firing
from core.fulfilment.orders import lines_of, order_head
from core.store import timers
from core.store.engine import Store, Tx
from core.store.events import of_order
from core.store.orders import release_hold
from core.store.shipping import packages_of, shipments_of
from core.testing.confirmed import SKU_A, Wanted, confirmed_order, hold, load_masters
from core.values import is_sscc


def fire_all(store: Store, now: datetime) -> int:
    """Fire what is due, as the gateway's loop does."""
    due = store.read(lambda tx: timers.due(tx, now, firing.DATABASE_KINDS, 100))
    return sum(store.write(lambda tx, timer=timer: firing.fire(tx, timer, now)) for timer in due)


def start(store: Store, now: datetime, **order: object) -> int:
    def job(tx: Tx) -> int:
        order_id = confirmed_order(tx, now, **order)
        timers.schedule(tx, "fulfilment.auto", order_id, now)
        return order_id

    return store.write(job)


def events_of(store: Store, order_id: int) -> list[str]:
    return [row["event"] for row in store.read(lambda tx: of_order(tx, order_id))]


def test_release_pick_pack_and_booking_happen_in_one_transaction(store: Store, now: datetime) -> None:
    order_id = start(store, now)

    assert fire_all(store, now) == 1

    assert events_of(store, order_id) == [
        "order.confirmed",
        "order.released",
        "order.picking",
        "order.packed",
        "shipment.requested",
    ]
    assert store.read(lambda tx: order_head(tx, order_id)).state == "packed"
    assert {line.state for line in store.read(lambda tx: lines_of(tx, order_id))} == {"packed"}
    (shipment,) = store.read(lambda tx: shipments_of(tx, order_id))
    assert (shipment.number, shipment.state, shipment.carrier) == ("DA-2026-000001", "booking", "sandbox")
    assert len(shipment.booking_reference) <= 35
    (booking,) = store.read(lambda tx: timers.due(tx, now, firing.OUTSIDE_KINDS, 10))
    assert (booking.kind, booking.subject_id) == ("booking.send", shipment.id)
    assert booking.payload["request"]["receiver"]["city"] == "Berlin", "the GLN's address comes from the master"
    assert booking.payload["request"]["sender"]["city"] == "Hamburg"


def test_packages_carry_every_line_once_under_consecutive_ssccs(store: Store, now: datetime) -> None:
    order_id = start(store, now)
    fire_all(store, now)

    (shipment,) = store.read(lambda tx: shipments_of(tx, order_id))
    packages = store.read(lambda tx: packages_of(tx, shipment.id))

    assert all(is_sscc(package.sscc) and package.sscc[1:8] == "4054321" for package in packages)
    assert [int(package.sscc[8:17]) for package in packages] == list(range(1, len(packages) + 1))
    # 10 x 0.5 kg and 3 x 12 kg in cartons of 25 kg
    assert [package.content for package in packages] == [
        ((1, Decimal(10)), (2, Decimal(1))),
        ((2, Decimal(2)),),
    ]
    assert [package.weight_kg for package in packages] == [Decimal(17), Decimal(24)]


def test_despatch_numbers_have_no_gap_when_an_order_fails_in_between(store: Store, now: datetime) -> None:
    first = start(store, now)
    nothing = [Wanted(SKU_A, Decimal(5), Decimal(1), reserved=Decimal(0))]
    failing = start(store, now, number="2026-ED-000002", lines=nothing)
    last = start(store, now, number="2026-ED-000003")

    assert fire_all(store, now) == 3

    numbers = [store.read(lambda tx, n=n: [s.number for s in shipments_of(tx, n)]) for n in (first, failing, last)]
    assert numbers == [["DA-2026-000001"], [], ["DA-2026-000002"]]
    assert events_of(store, failing) == ["order.confirmed", "fulfilment.held"]
    assert store.read(lambda tx: order_head(tx, failing)).state == "confirmed"


@pytest.mark.parametrize("stage", ["confirm", "release"])
def test_a_hold_stops_it_and_releasing_the_hold_carries_on(store: Store, now: datetime, stage: str) -> None:
    order_id = start(store, now)
    hold_id = store.write(lambda tx: hold(tx, order_id, stage, now))

    fire_all(store, now)
    assert events_of(store, order_id) == ["order.confirmed", "fulfilment.held"]

    def release(tx: Tx) -> None:
        release_hold(tx, hold_id, at=now, actor="anna", reason="fine")
        timers.schedule(tx, "fulfilment.auto", order_id, now)

    store.write(release)
    fire_all(store, now)
    assert store.read(lambda tx: order_head(tx, order_id)).state == "packed"


def test_firing_again_changes_nothing(store: Store, now: datetime) -> None:
    """Invariant 9: a timer that two processes see is fired once; invariant 5: a repeat adds nothing."""
    order_id = start(store, now)
    (timer,) = store.read(lambda tx: timers.due(tx, now, firing.DATABASE_KINDS, 1))

    assert store.write(lambda tx: firing.fire(tx, timer, now))
    assert not store.write(lambda tx: firing.fire(tx, timer, now))
    before = events_of(store, order_id)
    store.write(lambda tx: timers.schedule(tx, "fulfilment.auto", order_id, now))
    fire_all(store, now)

    assert events_of(store, order_id) == before
    assert len(store.read(lambda tx: shipments_of(tx, order_id))) == 1


def test_a_test_order_gets_no_shipment(store: Store, now: datetime) -> None:
    order_id = start(store, now, test=True, number="TEST-1")

    assert fire_all(store, now) == 1

    assert events_of(store, order_id) == ["order.confirmed"]
    assert store.read(lambda tx: shipments_of(tx, order_id)) == []


def test_a_manual_partner_is_left_alone(store: Store, now: datetime) -> None:
    store.write(lambda tx: load_masters(tx, now, fulfilment="manual"))
    order_id = start(store, now)

    fire_all(store, now)

    assert store.read(lambda tx: order_head(tx, order_id)).state == "confirmed"


def test_timers_wait_for_their_time(store: Store, now: datetime) -> None:
    later = now + timedelta(hours=1)
    store.write(lambda tx: timers.schedule(tx, "fulfilment.auto", 1, later))

    assert store.read(lambda tx: timers.due(tx, now, firing.DATABASE_KINDS, 10)) == []
    assert store.read(timers.next_due) == later
    assert store.read(lambda tx: timers.next_due(tx, firing.OUTSIDE_KINDS)) is None


def test_a_timer_of_another_room_is_refused(store: Store, now: datetime) -> None:
    store.write(lambda tx: timers.schedule(tx, "booking.send", 1, now))
    (timer,) = store.read(lambda tx: timers.due(tx, now, firing.OUTSIDE_KINDS, 1))

    with pytest.raises(SystemFailed):
        store.write(lambda tx: firing.fire(tx, timer, now))
