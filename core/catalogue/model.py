"""Items, price candidates and stock levels as the rules see them; scaled integers where the hot path adds them up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple


class PriceCandidate(NamedTuple):
    """One price that might apply: level promotion, customer, group, tier or catalogue; ``amount6`` is scaled by 10^6.

    ``contract`` limits a customer price to what is ordered under it. ``reference`` tells prices apart that agree in
    all else: a promotion's code, or the number of the price request that was granted.
    """

    level: str
    amount6: int
    min_quantity6: int
    valid_from: date
    valid_to: date | None
    currency: str
    partner: str
    group: str
    contract: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """A product with every price that we hold for it.

    ``cost6`` is what one costs us in our own currency, x 10^6; ``target4`` the margin it shall have, per cent x 10^4.
    """

    sku: str
    gtin: str
    description: str
    unit: str
    tax_class: str
    weight_kg: Decimal | None
    prices: tuple[PriceCandidate, ...] = ()
    cost6: int | None = None
    target4: int | None = None


class StockLevel(NamedTuple):
    """What one warehouse can still promise of an item: on hand less reserved, scaled by 10^6."""

    warehouse: str
    available6: int
