"""What an order costs beside its goods, and the taxes that its sender told of it."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal, NamedTuple

#: what a charge or allowance is for; "rounding" is what rounding leaves between the sender's total and our sum
ChargeKind = Literal[
    "discount",
    "shipping",
    "packing",
    "wrapping",
    "handling",
    "payment",
    "insurance",
    "duties",
    "tip",
    "fee",
    "rounding",
]


class OrderCharge(NamedTuple):
    """A charge or, with an ``amount`` below 0, an allowance, on an order or on one of its lines.

    ``amount`` is without tax. ``line`` is the number of the line, 0 for the whole order. ``code`` is UN data element
    7161 (DI discount, FC freight, PC packing, HD handling), ``label`` the sender's words, ``reference`` the sender's
    own code: a coupon, a method of shipping. ``tax_rate`` is in per cent, None where none was told; ``tax_category`` is
    UN 5305. ``source`` is the JSON pointer of where it was told, "" where bytes have none.
    """

    kind: ChargeKind
    amount: Decimal
    line: int = 0
    code: str = ""
    label: str = ""
    reference: str = ""
    tax_rate: Decimal | None = None
    tax_category: str = ""
    source: str = ""


class LineTax(NamedTuple):
    """The tax that the sender took of a line after its allowances: ``rate`` in per cent, all taxes of it together."""

    line: int
    rate: Decimal
    amount: Decimal
    source: str = ""
