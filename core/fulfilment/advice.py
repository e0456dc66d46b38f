"""The despatch advice of a shipment, built from its rows (DESADV, BGM 351; SHP-04)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

import orjson

from core.documents import DespatchAdvice, PackageNotice, PackedItem
from core.fulfilment.orders import LineRow, lines_of, order_head
from core.fulfilment.packing import package_type
from core.fulfilment.parties import parties_of
from core.store.engine import Tx
from core.store.events import of_order
from core.store.shipping import ShipmentRow, packages_of, shipment_row

#: the event of a booking; its inputs keep what the carrier called itself
BOOKED: Final = "shipment.booked"


def despatch_advice(tx: Tx, shipment_id: int) -> DespatchAdvice:
    """Return what left our door with a shipment.

    Raises:
        NotFound: there is no such shipment.
    """
    shipment = shipment_row(tx, shipment_id)
    order = order_head(tx, shipment.order_id)
    parties = parties_of(tx, order)
    return DespatchAdvice(
        number=shipment.number,
        order_number=order.number,
        buyer_reference=order.buyer_reference,
        despatched_at=shipment.shipped_at or shipment.packed_at,
        packages=package_notices(tx, shipment),
        expected_date=order.promised_date,
        buyer=parties.buyer,
        supplier=parties.supplier,
        ship_to=parties.ship_to,
        carrier=shipment.carrier,
        carrier_name=_carrier_name(tx, shipment),
        tracking_number=shipment.tracking_number or "",
        transport_mode=parties.document.transport_mode,
        delivery_terms=parties.document.delivery_terms,
    )


def package_notices(tx: Tx, shipment: ShipmentRow) -> tuple[PackageNotice, ...]:
    """Return the packages of a shipment with what lies in them."""
    lines = {line.line: line for line in lines_of(tx, shipment.order_id)}
    return tuple(
        PackageNotice(
            sscc=package.sscc,
            items=tuple(_packed(lines, line, quantity) for line, quantity in package.content),
            type=package_type(package.weight_kg),
            weight_kg=package.weight_kg,
        )
        for package in packages_of(tx, shipment.id)
    )


def _packed(lines: Mapping[int, LineRow], number: int, quantity: Decimal) -> PackedItem:
    line = lines[number]
    return PackedItem(
        line=number,
        quantity=quantity,
        gtin=line.gtin,
        sku=line.sku or "",
        buyer_code=line.buyer_code,
        description=line.description,
        unit=line.unit,
    )


def _carrier_name(tx: Tx, shipment: ShipmentRow) -> str:
    """Return the carrier's name as it gave it when it took the booking, "" where it was booked by hand."""
    booked = [orjson.loads(event["inputs"]) for event in of_order(tx, shipment.order_id) if event["event"] == BOOKED]
    return next((str(told["carrier_name"]) for told in booked if told["shipment"] == shipment.number), "")
