"""Tracking polls: what is new becomes a source and moves the order; delivered means billed (SHP-08, DLV-06)."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from core.billing.document import invoice_document
from core.errors import DeliveryFailed
from core.fulfilment.orders import order_head
from core.fulfilment.polling import PollPlan
from core.fulfilment.timers import OUTSIDE_KINDS
from core.store import timers
from core.store.alerts import open_alerts
from core.store.billing import invoices_of
from core.store.outbox import of_order as told_of
from core.store.shipping import shipments_of, tracking_facts
from core.store.tables.intake import documents


def sources_of(house) -> list[str]:
    return list(house.store.read(lambda tx: tx.execute(select(documents.c.type).order_by(documents.c.id)).scalars()))


async def test_from_booking_to_invoice_in_six_seconds(house, counting, events) -> None:
    order_id = house.order()
    desk = house.desk(counting)

    await house.run(desk)
    states = []
    for _ in range(3):
        await house.run(desk, seconds=2)
        states.append(house.store.read(lambda tx: order_head(tx, order_id)).state)

    assert states == ["in_transit", "in_transit", "delivered"]
    assert counting.calls == ["book", "track", "track", "track"]
    assert events(order_id)[-4:] == ["order.shipped", "order.in_transit", "order.delivered", "invoice.issued"]
    assert sources_of(house) == ["BOOKING", "TRACKING", "TRACKING", "TRACKING"]
    assert [row["type"] for row in house.store.read(lambda tx: told_of(tx, order_id))] == ["DESADV", "INVOIC"]
    (invoice,) = house.store.read(lambda tx: invoices_of(tx, order_id))
    document = house.store.read(lambda tx: invoice_document(tx, invoice.id))
    (shipment,) = house.store.read(lambda tx: shipments_of(tx, order_id))
    assert document.delivered_at == shipment.delivered_at
    assert shipment.signed_by == "Acme Store 7"
    assert house.store.read(lambda tx: timers.next_due(tx, OUTSIDE_KINDS)) is None, "a delivery ends the polls"


async def test_a_poll_that_brings_nothing_keeps_no_source(house, counting) -> None:
    order_id = house.order()
    desk = house.desk(counting, polls={"sandbox": PollPlan(after=(timedelta(seconds=1), timedelta(seconds=2)))})

    await house.run(desk)
    await house.run(desk, seconds=1)
    assert sources_of(house) == ["BOOKING"]
    await house.run(desk, seconds=1)
    assert sources_of(house) == ["BOOKING", "TRACKING"]
    assert house.store.read(lambda tx: order_head(tx, order_id)).state == "in_transit"


async def test_a_clock_that_jumps_a_week_brings_the_whole_course_at_once(house, counting, events) -> None:
    order_id = house.order()
    desk = house.desk(counting)
    await house.run(desk)

    assert await house.run(desk, seconds=7 * 86400) == 1

    assert events(order_id)[-3:] == ["order.in_transit", "order.delivered", "invoice.issued"]


async def test_a_poll_without_answer_is_repeated(house, counting, monkeypatch) -> None:
    order_id = house.order()
    desk = house.desk(counting)
    await house.run(desk)
    track = counting.track

    async def silent(number: str) -> None:
        raise DeliveryFailed("no answer")

    monkeypatch.setattr(counting, "track", silent)
    await house.run(desk, seconds=2)
    monkeypatch.setattr(counting, "track", track)
    await house.run(desk, seconds=1)

    assert house.store.read(lambda tx: order_head(tx, order_id)).state == "in_transit"


async def test_a_number_the_carrier_does_not_know_is_warned_of_once(house, counting, events) -> None:
    """SHP-06."""
    order_id = house.order()
    desk = house.desk(counting, polls={"sandbox": PollPlan(longest=timedelta(seconds=5))})
    await house.run(desk)
    (shipment,) = house.store.read(lambda tx: shipments_of(tx, order_id))
    track = house.carrier.track

    async def unknown(number: str):
        return await track("SBX00000099990")

    counting.track = unknown
    await house.run(desk, steps=2, seconds=6)

    assert events(order_id).count("shipment.tracking_unknown") == 1
    assert [(row["kind"], row["subject"]) for row in house.store.read(open_alerts)] == [
        ("tracking.unknown", shipment.number)
    ]
    counting.track = track
    await house.run(desk, seconds=6)
    assert house.store.read(open_alerts) == []
    assert house.store.read(lambda tx: order_head(tx, order_id)).state == "delivered"


async def test_what_is_never_delivered_is_given_up_with_an_alert(house, counting) -> None:
    order_id = house.order()
    plan = PollPlan(after=(timedelta(seconds=3),), give_up=timedelta(seconds=2))
    desk = house.desk(counting, polls={"sandbox": plan})
    await house.run(desk)

    await house.run(desk, seconds=3)

    assert [row["kind"] for row in house.store.read(open_alerts)] == ["tracking.stale"]
    assert house.store.read(lambda tx: timers.next_due(tx, OUTSIDE_KINDS)) is None
    (shipment,) = house.store.read(lambda tx: shipments_of(tx, order_id))
    assert len(house.store.read(lambda tx: tracking_facts(tx, shipment.id))) == 1
