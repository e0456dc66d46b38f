"""What is known of a customer that may stand on a paper of it; the border of ``adapters/email``.

A form that nobody has seen has labels and columns of its own. What it orders is known beforehand: items of the
catalogue, an order number in the form of earlier ones, a place that goods went to before. Whoever reads the paper again
with such hints finds the lines by what they say, not by what stands above them; whether that proves them is for the
acceptance (``core.paper``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from core.documents import Party


class Goods(NamedTuple):
    """An item that a paper names: its descriptions in every language, its unit (UN/ECE Rec 20) and our price of one.

    ``price`` is that of this customer for the least quantity; None where there is none.
    """

    sku: str
    gtin: str
    unit: str
    descriptions: tuple[str, ...]
    price: Decimal | None = None


class Names(NamedTuple):
    """What names a customer: its account with us, its GLN, its tax id, and its name; "" what is not known."""

    account: str = ""
    gln: str = ""
    tax_id: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Hints:
    """What of the customer may stand on its paper.

    ``goods`` go from every text of the paper that names an item (SKU, GTIN, the customer's own code) to that item.
    ``references`` are the forms of its order numbers, digits as ``9``. ``places`` are where its goods may go, ``names``
    what names the customer. ``currency`` is that which it orders in.
    """

    goods: Mapping[str, Goods] = field(default_factory=dict)
    references: frozenset[str] = frozenset()
    places: tuple[Party, ...] = ()
    names: Names = field(default_factory=Names)
    currency: str = ""

    def __bool__(self) -> bool:
        """Tell whether there is anything in it."""
        return bool(self.goods or self.references or self.places or any(self.names))
