"""What is offered at which price."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from core.documents.party import Party


class ListPrice(NamedTuple):
    """One price of an item and where it holds.

    ``qualifier`` is UN data element 5125 (AAA net, AAB gross, ...), ``kind`` 5375 (CA catalogue, CT contract), ``type``
    5387 (CAT catalogue, SRP suggested retail). The price is for ``basis`` units; it holds for orders of
    ``min_quantity`` to ``max_quantity`` and from ``valid_from`` to ``valid_to``, both included. What is None or "" is
    as the item or the list says.
    """

    amount: Decimal
    qualifier: str = ""
    kind: str = ""
    type: str = ""
    basis: Decimal = Decimal(1)
    unit: str = ""
    min_quantity: Decimal | None = None
    max_quantity: Decimal | None = None
    currency: str = ""
    valid_from: date | None = None
    valid_to: date | None = None


class PriceListItem(NamedTuple):
    """One item of a price list; ``action`` is UN 1229 (1 added, 2 deleted, 3 changed), ``group`` its price group."""

    line: int
    prices: tuple[ListPrice, ...] = ()
    action: str = ""
    gtin: str = ""
    buyer_code: str = ""
    supplier_code: str = ""
    description: str = ""
    unit: str = ""
    group: str = ""
    min_order_quantity: Decimal | None = None
    pack_quantity: Decimal | None = None
    tax_rate: Decimal | None = None
    tax_category: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class PriceList:
    """A supplier's items and prices (PRICAT). ``function`` is BGM 1225 (9 original, 4 change, 2 addition)."""

    number: str
    items: tuple[PriceListItem, ...]
    code: str = "9"
    function: str = "9"
    issued_at: datetime | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    currency: str = ""
    price_list: str = ""
    contract: str = ""
    buyer: Party | None = None
    supplier: Party | None = None
    delivery_terms: str = ""
    notes: tuple[str, ...] = ()
