"""Shipping by hand: one call takes an order from where it is to its carrier (``POST /orders/{n}/shipments``)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from core.audit.record import record
from core.errors import Conflict
from core.fulfilment.booking import request_booking
from core.fulfilment.orders import order_head, refuse_held, refuse_test
from core.fulfilment.polling import PollPlan
from core.fulfilment.release import pack_order, release_order
from core.fulfilment.ship import ship_confirm
from core.store.engine import Tx
from core.store.shipping import ShipmentRow, change_shipment, shipments_of


def ship_order(
    tx: Tx,
    order_id: int,
    *,
    actor: str,
    now: datetime,
    quantities: Mapping[int, Decimal] | None = None,
    short_reason: str = "",
    tracking_number: str = "",
    carrier: str = "",
    polls: PollPlan | None = None,
) -> int:
    """Release and pack what is reserved as far as that is still to do, then hand it to the carrier.

    With a *tracking_number* the shipment counts as booked by hand (with *carrier*, else the partner's) and is
    ship-confirmed at once. Without one it is booked, and ship-confirmed when the carrier has confirmed. A shipment
    that is booked already is ship-confirmed.

    Returns:
        The shipment's id.

    Raises:
        Conflict: a hold blocks (``inputs["holds"]``), nothing is reserved, or the state does not allow it.
        ValidationFailed: less than reserved is packed and no reason is given.
    """
    order = order_head(tx, order_id, lock=True)
    refuse_test(order)
    refuse_held(tx, order, "confirm", "release", "ship")
    if order.state == "confirmed":
        release_order(tx, order.id, actor=actor, now=now)
    shipment = _open_shipment(tx, order.id)
    if shipment is None:
        pack_order(tx, order.id, actor=actor, now=now, quantities=quantities, short_reason=short_reason)
        shipment = _open_shipment(tx, order.id)
        assert shipment is not None, "it was packed in this transaction"
    if tracking_number:
        shipment = _book_by_hand(tx, shipment, tracking_number, carrier=carrier, actor=actor, now=now)
    if shipment.state == "booked":
        ship_confirm(tx, shipment.id, actor=actor, now=now, polls=polls or PollPlan())
    else:
        request_booking(tx, shipment.id, actor=actor, now=now, ship=True)
    return shipment.id


def _open_shipment(tx: Tx, order_id: int) -> ShipmentRow | None:
    return next((shipment for shipment in shipments_of(tx, order_id) if shipment.shipped_at is None), None)


def _book_by_hand(
    tx: Tx, shipment: ShipmentRow, tracking_number: str, *, carrier: str, actor: str, now: datetime
) -> ShipmentRow:
    if shipment.state not in ("packed", "refused"):
        raise Conflict(f"shipment {shipment.number} is {shipment.state}: its tracking number comes from the carrier")
    booked = change_shipment(
        tx, shipment, state="booked", tracking_number=tracking_number, carrier=carrier or shipment.carrier
    )
    record(
        tx,
        shipment.order_id,
        "shipment.booked_by_hand",
        at=now,
        actor=actor,
        summary=f"{shipment.number} travels as {tracking_number}",
        inputs={"shipment": shipment.number, "carrier": booked.carrier, "tracking_number": tracking_number},
    )
    return booked
