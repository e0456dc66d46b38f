"""Master data and lists that are read only here. Further keys may come."""

from __future__ import annotations

from typing import Literal

from pydantic import ConfigDict, Field

from gateway.web.shapes.common import DecimalOut, OrderNumber, Paging, PartnerCode, Shape, ShortText
from gateway.web.shapes.order import HoldShape


class GrowingShape(Shape):
    """A shape to which keys may be added without notice."""

    model_config = ConfigDict(extra="allow", frozen=True)


class PartnerShape(GrowingShape):
    """A trading partner."""

    code: str
    name: str


class ItemShape(GrowingShape):
    """A catalogue item."""

    sku: str
    gtin: str | None
    description: str | None


class OpenHold(HoldShape):
    """An open hold with its order."""

    number: str
    partner: str | None


class ShipmentShape(GrowingShape):
    """Goods that leave together."""

    number: str
    order: str
    state: str


class InvoiceShape(GrowingShape):
    """An invoice."""

    number: str
    order: str
    total: DecimalOut
    currency: str


class ItemsQuery(Paging):
    """Which items."""

    q: ShortText | None = Field(None, description="part of a SKU, GTIN or description")


class HoldsQuery(Paging):
    """Which holds."""

    partner: PartnerCode | None = None
    stage: Literal["confirm", "release", "ship", "invoice"] | None = None


class OfOrderQuery(Paging):
    """Of which order or partner."""

    order: OrderNumber | None = None
    partner: PartnerCode | None = None


class PartnersQuery(Paging):
    """Which partners."""

    partner: PartnerCode | None = None
