"""Where an order and the master data say different things: a person decides which of the two holds (VAL-07..VAL-09).

An address that differs alone never holds an order, unless its country differs; a supplier's code that is not that of
the item of the GTIN never does, for the GTIN wins.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from core.documents import Order, OrderLine
from core.partners.model import Partner

#: the parts of a delivery address that are compared
ADDRESS: Final = ("street", "city", "region", "postal_code", "country")
#: the field whose difference holds an order
COUNTRY: Final = "ship_to.country"


class Discrepancy(NamedTuple):
    """Two values of one field; ``key`` is the GLN of the address or the SKU of the item that the master data has."""

    field: str
    order: str
    master: str
    key: str = ""
    line: int | None = None

    def values(self) -> dict[str, str]:
        """Return both values, as evidence keeps them."""
        return {"order": self.order, "master": self.master}


def compare(order: Order, partner: Partner) -> list[Discrepancy]:
    """Return where the header of *order* differs from the customer's master data; a side that is silent agrees."""
    found = []
    sent = order.ship_to
    known = partner.address("DP", sent.gln) if sent is not None and sent.gln else None
    if sent is not None and known is not None:
        for name in ADDRESS:
            theirs, ours = getattr(sent, name), getattr(known, name)
            if theirs and ours and _plain(theirs) != _plain(ours):
                found.append(Discrepancy(f"ship_to.{name}", theirs, ours, sent.gln))
    if order.buyer is not None:
        theirs, ours = order.buyer.name, partner.name
        if theirs and ours and _plain(theirs) != _plain(ours):
            found.append(Discrepancy("buyer.name", theirs, ours))
        theirs, ours = order.buyer.tax_id, partner.tax_id
        if theirs and ours and _signs(theirs) != _signs(ours):
            found.append(Discrepancy("buyer.tax_id", theirs, ours))
    return found


def compare_lines(lines: Iterable[tuple[OrderLine, str | None]]) -> list[Discrepancy]:
    """Return the lines whose GTIN and supplier's code name different items; each comes with the SKU that it got."""
    return [
        Discrepancy("supplier_code", line.supplier_code, sku, sku, line.line)
        for line, sku in lines
        if sku is not None and line.supplier_code not in ("", sku)
    ]


def _plain(value: str) -> str:
    """Return text without what makes no difference: case, and blanks beyond one."""
    return " ".join(value.casefold().split())


def _signs(value: str) -> str:
    """Return the letters and digits of a tax number: it is written with and without blanks, dots and dashes."""
    return "".join(sign for sign in value.upper() if sign.isalnum())
