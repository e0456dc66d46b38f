"""What is told of a shipment besides the despatch advice: the instruction to its carrier and its progress."""

from __future__ import annotations

from datetime import datetime, timedelta

from core.documents import StatusEvent
from core.fulfilment.booking import record_booking, request_booking
from core.fulfilment.instruction import transport_instruction
from core.fulfilment.orders import order_head
from core.fulfilment.polling import PollPlan
from core.fulfilment.release import pack_order, release_order
from core.fulfilment.status import status_report
from core.fulfilment.tracking import record_tracking
from core.ports import Booking, TrackingEvent
from core.store.engine import Store, Tx
from core.store.shipping import packages_of, shipment_row
from core.testing.confirmed import confirmed_order


def packed(store: Store, now: datetime) -> int:
    """Bring an order up to a packed shipment whose booking is asked for."""

    def job(tx: Tx) -> int:
        order_id = confirmed_order(tx, now)
        release_order(tx, order_id, actor="anna", now=now)
        shipment_id = pack_order(tx, order_id, actor="anna", now=now)
        request_booking(tx, shipment_id, actor="anna", now=now, ship=True)
        return shipment_id

    return store.write(job)


def shipped(store: Store, now: datetime) -> int:
    shipment_id = packed(store, now)
    reference = store.read(lambda tx: shipment_row(tx, shipment_id)).booking_reference
    booking = Booking(reference, "SBX1", "sandbox", "Sandbox Carrier", ())
    store.write(
        lambda tx: record_booking(tx, shipment_id, booking, document_id=7, ship=True, now=now, polls=PollPlan())
    )
    return shipment_id


def test_a_carrier_is_told_every_package_of_a_shipment(store: Store, now: datetime) -> None:
    """TRN-13."""
    shipment_id = packed(store, now)

    told = store.read(lambda tx: transport_instruction(tx, shipment_id, now=now))

    shipment = store.read(lambda tx: shipment_row(tx, shipment_id))
    packages = store.read(lambda tx: packages_of(tx, shipment_id))
    assert (told.number, told.shipment_number) == (shipment.booking_reference, shipment.number)
    assert (told.order_number, told.buyer_reference) == ("2026-ED-000001", "PO-2026-ED-000001")
    assert (told.issued_at, told.carrier) == (now, "sandbox")
    assert told.delivery_date == store.read(lambda tx: order_head(tx, shipment.order_id)).promised_date
    assert (told.consignor.role, told.consignor.gln) == ("CZ", "4054321000009")
    assert (told.consignee.role, told.consignee.name) == ("CN", "Acme Store 7")
    assert [goods.ssccs for goods in told.goods] == [(package.sscc,) for package in packages]
    assert [goods.weight_kg for goods in told.goods] == [package.weight_kg for package in packages]
    assert all(goods.description for goods in told.goods)


def test_a_buyer_is_told_what_the_carrier_told(store: Store, now: datetime) -> None:
    """SHP-08: the words of our tracking, whichever carrier they came from, and who signed."""
    shipment_id = shipped(store, now)
    assert store.read(lambda tx: status_report(tx, shipment_id, now=now)) is None
    later = now + timedelta(hours=4)
    events = [
        TrackingEvent("SBX1-1", "picked_up", now + timedelta(hours=1), "PU", "Hagen", "Picked up"),
        TrackingEvent("SBX1-2", "delivered", now + timedelta(hours=3), "DL", "Berlin", "Delivered", "M. Weber"),
    ]
    store.write(lambda tx: record_tracking(tx, shipment_id, events, document_id=8, now=later))

    report = store.read(lambda tx: status_report(tx, shipment_id, now=later))

    assert report is not None
    number = store.read(lambda tx: shipment_row(tx, shipment_id)).number
    assert (report.number, report.reported_at) == (f"{number}-2", later)
    (consignment,) = report.consignments
    assert (consignment.tracking_number, consignment.reference, consignment.despatch_number) == ("SBX1", number, number)
    assert (consignment.order_number, consignment.buyer_reference) == ("2026-ED-000001", "PO-2026-ED-000001")
    assert consignment.events == (
        StatusEvent("SBX1-1", "picked_up", now + timedelta(hours=1), place="Hagen", text="Picked up"),
        StatusEvent(
            "SBX1-2", "delivered", now + timedelta(hours=3), place="Berlin", text="Delivered", signed_by="M. Weber"
        ),
    )
    assert report.carrier is not None
    assert (report.carrier.role, report.carrier.code) == ("CA", "sandbox")
