"""Automatic fulfilment: takes a confirmed order of an ``auto`` partner as far as it can go without waiting."""

from __future__ import annotations

from datetime import datetime

from core.billing.auto import invoice_on_delivery
from core.errors import Conflict
from core.fulfilment.booking import request_booking
from core.fulfilment.orders import AUTO, OrderHead, order_head, tell_held
from core.fulfilment.release import pack_order, release_order
from core.fulfilment.rest import rest_is_there
from core.fulfilment.ship import ship_confirm
from core.store.engine import Tx
from core.store.lookup import MasterCache, partner_by_id
from core.store.shipping import shipments_of


def carry_on(tx: Tx, order_id: int, now: datetime) -> None:
    """Do the next automatic steps of an order: release, pack and book; ship what is booked; bill what is delivered.

    Each step is done at most once, so that this may run whenever a hold was released. What blocks is told as
    ``fulfilment.held``. Test orders and partners that are not ``auto`` are left alone.

    Raises:
        NotFound: there is no such order.
    """
    order = order_head(tx, order_id, lock=True)
    if order.test or partner_by_id(tx, MasterCache(), order.partner_id).fulfilment != "auto":
        return
    try:
        with tx.savepoint():
            _step(tx, order, now)
    except Conflict as reason:
        tell_held(tx, order.id, "fulfilment.held", reason, at=now)


def _step(tx: Tx, order: OrderHead, now: datetime) -> None:
    if order.state == "confirmed":
        release_order(tx, order.id, actor=AUTO, now=now)
    rest = order.state == "part_shipped" and rest_is_there(tx, order.id)
    if rest or order.state in ("confirmed", "released", "picking"):
        pack_order(tx, order.id, actor=AUTO, now=now)
    for shipment in shipments_of(tx, order.id):
        if shipment.state == "packed":
            request_booking(tx, shipment.id, actor=AUTO, now=now, ship=True)
        elif shipment.state == "booked":
            ship_confirm(tx, shipment.id, actor=AUTO, now=now)
        elif shipment.state == "delivered":
            invoice_on_delivery(tx, shipment.id, now=now)
