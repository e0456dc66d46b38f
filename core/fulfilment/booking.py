"""Booking a shipment with its carrier: the intent, the request, and what the carrier's answer does (TRN, SHP-05).

Nothing here calls a carrier: the gateway does, between two transactions, and never twice (ARCHITECTURE decision 10).
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from core.audit.record import record
from core.errors import Conflict
from core.fulfilment import requests
from core.fulfilment.advice import BOOKED, package_notices
from core.fulfilment.orders import AUTO, order_head, refuse_held, refuse_test, tell_held
from core.fulfilment.parties import parties_of
from core.fulfilment.polling import PollPlan
from core.fulfilment.ship import ship_confirm
from core.ports import Booking, BookingRequest
from core.store import timers
from core.store.engine import Tx
from core.store.shipping import change_shipment, shipment_row, store_labels

#: timer that sends a booking; its subject is the shipment
BOOKING_SEND: Final = "booking.send"


def request_booking(tx: Tx, shipment_id: int, *, actor: str, now: datetime, ship: bool) -> None:
    """Write down that a packed shipment is to be booked; with *ship* it is ship-confirmed as soon as it is.

    The request is fixed here, so that every attempt sends the same. A refused booking may be asked for again.

    Raises:
        Conflict: a hold blocks, or the shipment is neither packed nor refused.
    """
    order = order_head(tx, shipment_row(tx, shipment_id).order_id, lock=True)
    shipment = shipment_row(tx, shipment_id)
    refuse_test(order)
    refuse_held(tx, order, "confirm", "release")
    if shipment.state not in ("packed", "refused"):
        raise Conflict(f"shipment {shipment.number} is {shipment.state} and cannot be booked")
    change_shipment(tx, shipment, state="booking")
    timers.schedule(
        tx,
        BOOKING_SEND,
        shipment.id,
        now,
        {"ship": ship, "request": requests.to_json(booking_request(tx, shipment_id))},
    )
    record(
        tx,
        order.id,
        "shipment.requested",
        at=now,
        actor=actor,
        summary=f"{shipment.number} is to be booked with {shipment.carrier}",
        inputs={"shipment": shipment.number, "reference": shipment.booking_reference},
    )


def booking_request(tx: Tx, shipment_id: int) -> BookingRequest:
    """Return what a carrier would be asked for, from the rows as they are now.

    Raises:
        NotFound: there is no such shipment, or no company is loaded.
    """
    shipment = shipment_row(tx, shipment_id)
    order = order_head(tx, shipment.order_id)
    parties = parties_of(tx, order)
    return BookingRequest(
        reference=shipment.booking_reference,
        order_number=order.number,
        sender=parties.supplier._replace(role="SF"),
        receiver=parties.ship_to,
        packages=package_notices(tx, shipment),
        deliver_on=order.promised_date,
        transport_mode=parties.document.transport_mode,
        notes=parties.document.notes,
    )


def record_booking(
    tx: Tx, shipment_id: int, booking: Booking, *, document_id: int, ship: bool, now: datetime, polls: PollPlan
) -> bool:
    """Take the carrier's confirmation in: tracking number and labels, and the ship confirm where *ship* asks for it.

    Returns:
        Whether it changed anything: the second confirmation of one booking does not.

    Raises:
        Conflict: it confirms another reference.
    """
    order = order_head(tx, shipment_row(tx, shipment_id).order_id, lock=True)
    shipment = shipment_row(tx, shipment_id)
    if booking.reference != shipment.booking_reference:
        raise Conflict(f"the carrier confirms {booking.reference!r} instead of {shipment.booking_reference!r}")
    if shipment.state != "booking":
        return False
    labels = {sscc: (media_type, content) for sscc, media_type, content in booking.labels}
    stored = store_labels(tx, shipment.id, labels)
    shipment = change_shipment(tx, shipment, state="booked", tracking_number=booking.tracking_number)
    record(
        tx,
        order.id,
        BOOKED,
        at=now,
        actor=f"carrier:{shipment.carrier}",
        summary=f"{booking.carrier_name} takes {shipment.number} as {booking.tracking_number}",
        inputs={
            "shipment": shipment.number,
            "reference": booking.reference,
            "carrier_name": booking.carrier_name,
            "tracking_number": booking.tracking_number,
            "labels": stored,
        },
        document_id=document_id,
    )
    if ship:
        try:
            with tx.savepoint():
                ship_confirm(tx, shipment.id, actor=AUTO, now=now, polls=polls)
        except Conflict as reason:
            # The booking stands; releasing the hold, or a person, ships it.
            tell_held(tx, order.id, "fulfilment.held", reason, at=now)
    return True


def record_refusal(tx: Tx, shipment_id: int, reason: str, *, now: datetime) -> None:
    """Take the carrier's no in: the shipment is ``refused`` until somebody books it again."""
    order = order_head(tx, shipment_row(tx, shipment_id).order_id, lock=True)
    shipment = shipment_row(tx, shipment_id)
    if shipment.state != "booking":
        return
    change_shipment(tx, shipment, state="refused")
    record(
        tx,
        order.id,
        "shipment.refused",
        at=now,
        actor=f"carrier:{shipment.carrier}",
        summary=f"{shipment.number} refused: {reason}",
        inputs={"shipment": shipment.number, "reason": reason},
    )


def record_unknown(tx: Tx, shipment_id: int, reason: str, *, now: datetime) -> None:
    """Tell that nobody knows yet whether the carrier took the booking; it is asked before anything is sent again."""
    shipment = shipment_row(tx, shipment_id)
    record(
        tx,
        shipment.order_id,
        "shipment.outcome_unknown",
        at=now,
        actor=f"carrier:{shipment.carrier}",
        summary=f"{shipment.number}: {reason}",
        inputs={"shipment": shipment.number, "reference": shipment.booking_reference},
    )
