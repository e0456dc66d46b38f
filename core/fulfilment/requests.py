"""The booking request as JSON and back: it is fixed when the booking is asked for, and every attempt sends the same."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from core.documents import PackageNotice, PackedItem, Party
from core.ports import BookingRequest
from core.values import text


def to_json(request: BookingRequest) -> dict[str, Any]:
    """Return *request* JSON-ready; decimals are text."""
    return {
        "reference": request.reference,
        "order_number": request.order_number,
        "sender": request.sender._asdict(),
        "receiver": request.receiver._asdict(),
        "service": request.service,
        "deliver_on": None if request.deliver_on is None else request.deliver_on.isoformat(),
        "transport_mode": request.transport_mode,
        "notes": list(request.notes),
        "packages": [
            {
                "sscc": package.sscc,
                "type": package.type,
                "weight_kg": None if package.weight_kg is None else text(package.weight_kg),
                "items": [_item(item) for item in package.items],
            }
            for package in request.packages
        ],
    }


def _item(item: PackedItem) -> dict[str, Any]:
    """Return what a carrier needs of an item."""
    return {
        "line": item.line,
        "quantity": text(item.quantity),
        "gtin": item.gtin,
        "sku": item.sku,
        "buyer_code": item.buyer_code,
        "description": item.description,
        "unit": item.unit,
    }


def from_json(body: dict[str, Any]) -> BookingRequest:
    """Return the request that :func:`to_json` wrote."""
    day = body.get("deliver_on")
    return BookingRequest(
        reference=body["reference"],
        order_number=body["order_number"],
        sender=Party(**body["sender"]),
        receiver=Party(**body["receiver"]),
        service=body["service"],
        deliver_on=None if day is None else date.fromisoformat(day),
        transport_mode=body.get("transport_mode", ""),
        notes=tuple(body.get("notes", ())),
        packages=tuple(_package(package) for package in body["packages"]),
    )


def _package(body: dict[str, Any]) -> PackageNotice:
    weight = body["weight_kg"]
    return PackageNotice(
        sscc=body["sscc"],
        type=body["type"],
        weight_kg=None if weight is None else Decimal(weight),
        items=tuple(PackedItem(**{**item, "quantity": Decimal(item["quantity"])}) for item in body["items"]),
    )
