"""What is packed and despatched."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from core.documents.party import Party


class PackedItem(NamedTuple):
    """A quantity of one order line inside one package."""

    line: int
    quantity: Decimal
    gtin: str = ""
    sku: str = ""
    buyer_code: str = ""
    description: str = ""
    unit: str = ""


class PackageNotice(NamedTuple):
    """A package of a shipment: its SSCC-18, package type (UN data element 7065) and content."""

    sscc: str
    items: tuple[PackedItem, ...]
    type: str = "CT"
    weight_kg: Decimal | None = None


@dataclass(frozen=True, slots=True)
class DespatchAdvice:
    """What left our door (DESADV, BGM 351)."""

    number: str
    order_number: str
    buyer_reference: str
    despatched_at: datetime
    packages: tuple[PackageNotice, ...]
    expected_date: date | None = None
    buyer: Party | None = None
    supplier: Party | None = None
    ship_to: Party | None = None
    carrier: str = ""
    carrier_name: str = ""
    tracking_number: str = ""
