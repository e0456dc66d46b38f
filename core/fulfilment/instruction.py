"""The transport instruction of a shipment, built from its rows (IFTMIN, BGM 610; TRN-13)."""

from __future__ import annotations

from datetime import datetime

from core.documents import GoodsItem, PackageNotice, TransportInstruction
from core.fulfilment.booking import booking_request
from core.fulfilment.orders import order_head
from core.store.engine import Tx
from core.store.shipping import shipment_row


def transport_instruction(tx: Tx, shipment_id: int, *, now: datetime) -> TransportInstruction:
    """Return what a carrier that speaks EDIFACT is told to move: each package is a goods line with its SSCC.

    Raises:
        NotFound: there is no such shipment, or no company is loaded.
    """
    shipment = shipment_row(tx, shipment_id)
    order = order_head(tx, shipment.order_id)
    request = booking_request(tx, shipment_id)
    return TransportInstruction(
        number=request.reference,
        issued_at=now,
        consignor=request.sender._replace(role="CZ"),
        consignee=request.receiver._replace(role="CN"),
        goods=tuple(_goods(package) for package in request.packages),
        order_number=request.order_number,
        buyer_reference=order.buyer_reference,
        shipment_number=shipment.number,
        carrier=shipment.carrier,
        delivery_date=order.promised_date,
        service=request.service,
    )


def _goods(package: PackageNotice) -> GoodsItem:
    named = dict.fromkeys(item.description for item in package.items if item.description)
    return GoodsItem(
        pieces=package.pieces,
        package_type=package.type,
        description=", ".join(named),
        weight_kg=package.weight_kg,
        ssccs=(package.sscc,),
    )
