"""Ship confirm: the goods leave stock, the order is shipped, the despatch advice is queued (SHP-02, INV-26)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Final

from core.clock import to_micros
from core.errors import Conflict
from core.fulfilment.orders import OrderHead, lines_of, move, order_head, refuse_held, refuse_test
from core.fulfilment.polling import PollPlan
from core.fulfilment.rest import FULFILMENT_AUTO, packed_whole, rest_comes
from core.fulfilment.tracking import apply_tracking
from core.notices.logistics import tell_shipped
from core.store import timers
from core.store.engine import Tx
from core.store.fulfilment import Reserved, active_reservations, issue
from core.store.lookup import MasterCache, partner_by_id
from core.store.orders import set_line
from core.store.outbox import queue
from core.store.shipping import ShipmentRow, change_shipment, packages_of, quantities, shipment_row, shipped_quantities
from core.values import text

#: timer that asks the carrier where a shipment is; its subject is the shipment
TRACKING_POLL: Final = "tracking.poll"
_DEFAULT_POLLS: Final = PollPlan()
_NOTHING: Final = Decimal(0)


def ship_confirm(tx: Tx, shipment_id: int, *, actor: str, now: datetime, polls: PollPlan = _DEFAULT_POLLS) -> None:
    """Confirm that a booked shipment was handed over.

    Reservations are consumed and stock is issued, the order becomes shipped, or part_shipped where more of it is to
    come, DESADV is queued and the first tracking poll is set. Carrier events that came before count from now on.

    Raises:
        Conflict: a hold blocks, the shipment is not booked, or its reservation has expired.
    """
    shipment = shipment_row(tx, shipment_id)
    order = order_head(tx, shipment.order_id, lock=True)
    shipment = shipment_row(tx, shipment_id)  # as it stands now that the order is locked
    refuse_test(order)
    refuse_held(tx, order, "confirm", "release", "ship")
    if shipment.state != "booked" or shipment.tracking_number is None:
        raise Conflict(f"shipment {shipment.number} is {shipment.state}, not booked with a carrier")

    packed = quantities(packages_of(tx, shipment.id))
    issue(tx, order.id, shipment.id, _from_reservations(tx, order, packed), now)
    shipment = change_shipment(tx, shipment, state="shipped", shipped_at=now)
    comes = _ship_lines(tx, order, packed)
    partner = partner_by_id(tx, MasterCache(), order.partner_id)
    move(
        tx,
        order,
        "ship_part" if comes else "ship",
        at=now,
        actor=actor,
        summary=f"Shipped as {shipment.number} with {shipment.carrier} {shipment.tracking_number}",
        inputs={
            "shipment": shipment.number,
            "carrier": shipment.carrier,
            "tracking_number": shipment.tracking_number,
            "lines": {str(line): text(quantity) for line, quantity in sorted(packed.items())},
        },
    )
    if comes and partner.fulfilment == "auto" and packed_whole(tx, shipment):
        # Its goods may have come meanwhile; whichever of the two transactions ends last, its timer sees both.
        timers.schedule(tx, FULFILMENT_AUTO, order.id, now)
    queue(
        tx,
        partner_id=order.partner_id,
        type="DESADV",
        order_id=order.id,
        payload={"shipment_id": shipment.id},
        at=now,
        test=partner.in_test,  # a test order is refused above
    )
    tell_shipped(tx, partner, shipment, promised=order.promised_date, now=now)
    schedule_poll(tx, shipment, start=now, now=now, done=0, polls=polls)
    apply_tracking(tx, shipment.id, now=now)


def schedule_poll(tx: Tx, shipment: ShipmentRow, *, start: datetime, now: datetime, done: int, polls: PollPlan) -> None:
    """Set the next tracking poll of a shipment handed over at *start* that was asked for *done* times."""
    payload = {"start": to_micros(start), "done": done}
    timers.schedule(tx, TRACKING_POLL, shipment.id, polls.next_at(start, now, done), payload)


def _from_reservations(tx: Tx, order: OrderHead, packed: Mapping[int, Decimal]) -> list[Reserved]:
    """Return what leaves which warehouse for *packed*."""
    left = dict(packed)
    issued: list[Reserved] = []
    for part in active_reservations(tx, order.id):
        taken = min(part.quantity, left.get(part.line, Decimal(0)))
        if taken > 0:
            issued.append(part._replace(quantity=taken))
            left[part.line] -= taken
    missing = sorted(line for line, quantity in left.items() if quantity > 0)
    if missing:
        raise Conflict(
            f"the goods of order {order.number}, lines {missing}, are no longer reserved", inputs={"lines": missing}
        )
    return issued


def _ship_lines(tx: Tx, order: OrderHead, packed: Mapping[int, Decimal]) -> bool:
    """Bring the lines of what left to where they are; return whether more of the order is to come."""
    lines = lines_of(tx, order.id)
    short = [line for line in lines if packed.get(line.line, _NOTHING) < line.quantity]
    shipped = shipped_quantities(tx, order.id) if short else packed
    for line in lines:
        if line.line in packed:
            # What was not reserved waits for stock under its own line number.
            whole = shipped[line.line] >= line.quantity
            set_line(tx, order.id, line.line, state="shipped" if whole else "backordered")
    return bool(short) and rest_comes(tx, order.id)
