"""What lies in stock, as a report to or from a partner."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from core.documents.party import Party


class StockKind(StrEnum):
    """The kinds of stock quantities that we report (UN data element 6063, the same code in every directory)."""

    ON_HAND = "17"
    AVAILABLE = "60"
    COMMITTED = "66"
    IN_TRANSIT = "57"
    ON_ORDER = "21"
    BACKORDERED = "83"
    QUALITY_HELD = "89"
    DAMAGED = "124"
    UNUSABLE = "20"
    MOVED = "156"


class StockLevel(NamedTuple):
    """One quantity of one item: how much of which kind, where, since when.

    ``kind`` is a :class:`StockKind` or another code of UN 6063. ``location`` names the place (code or GLN) where it
    is not that of the report. ``state`` is UN 7491 (1 accepted, 2 damaged, 3 bonded, 4 reserved), ``direction`` of a
    movement UN 4501 (1 out, 2 in) and ``reason`` UN 4499.
    """

    line: int
    quantity: Decimal
    kind: str
    gtin: str = ""
    sku: str = ""
    buyer_code: str = ""
    description: str = ""
    unit: str = ""
    location: str = ""
    state: str = ""
    direction: str = ""
    reason: str = ""
    at: datetime | None = None
    batch: str = ""
    best_before: date | None = None


@dataclass(frozen=True, slots=True)
class InventoryReport:
    """Stock of many items at one time (INVRPT, BGM 35).

    ``stock_date`` is the time that the quantities are of; ``period_start`` and ``period_end`` bound the movements.
    ``warehouse`` is the place of all levels that name none, ``reporter`` the party that reports (GY).
    """

    number: str
    document_date: datetime | None
    levels: tuple[StockLevel, ...]
    code: str = "35"
    function: str = "9"
    stock_date: datetime | None = None
    period_start: datetime | None = None
    period_end: datetime | None = None
    buyer: Party | None = None
    supplier: Party | None = None
    reporter: Party | None = None
    warehouse: Party | None = None
