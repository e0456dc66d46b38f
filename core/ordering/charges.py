"""What the charges and allowances of an order come to: of the whole order all of them, of a line by what it gets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Final

from core.documents import OrderCharge
from core.values import MONEY_SCALE, round_money, to_scaled

_NOTHING: Final = Decimal(0)

#: line number -> (what of it is served, what of it was ordered)
Served = Mapping[int, tuple[Decimal, Decimal]]


def part_of(charge: OrderCharge, part: Decimal, whole: Decimal) -> Decimal:
    """Return how much of a line's charge is that of *part* of its quantity, to the cent."""
    return charge.amount if part == whole else round_money(charge.amount * part / whole)


def charged(charges: Iterable[OrderCharge], served: Served | None = None) -> Decimal:
    """Return what *charges* come to, without tax; None serves every line as it was ordered."""
    total = _NOTHING
    for charge in charges:
        if not charge.line or served is None:
            total += charge.amount
        elif charge.line in served:
            total += part_of(charge, *served[charge.line])
    return total


def charged4(charges: Iterable[OrderCharge], served: Served | None = None) -> int:
    """Return :func:`charged` x 10^4, as amounts are stored."""
    return to_scaled(charged(charges, served), MONEY_SCALE)
