"""What was sold, as the seller reports it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from core.documents.party import Party


class Sale(NamedTuple):
    """A quantity of one item that was sold at one place in one period.

    ``kind`` is UN data element 6063 (153 sold, 61 returned, ...). ``price`` is for one unit, of the kinds that UN 5125
    (AAE with tax) and 5387 (RTP retail) say; ``amount`` is for the quantity. Place and period are those of the report
    where the sale has none of its own; the last day is included.
    """

    line: int
    quantity: Decimal
    kind: str = "153"
    unit: str = ""
    location: str = ""
    gtin: str = ""
    buyer_code: str = ""
    supplier_code: str = ""
    description: str = ""
    price: Decimal | None = None
    price_qualifier: str = ""
    price_type: str = ""
    amount: Decimal | None = None
    period_start: date | None = None
    period_end: date | None = None


@dataclass(frozen=True, slots=True)
class SalesReport:
    """What a partner sold of our items, by place, item and period (SLSRPT)."""

    number: str
    sales: tuple[Sale, ...]
    code: str = ""
    function: str = "9"
    issued_at: datetime | None = None
    period_start: date | None = None
    period_end: date | None = None
    currency: str = ""
    buyer: Party | None = None
    supplier: Party | None = None
