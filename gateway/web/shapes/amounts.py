"""Quantities and prices of lines as requests say them, each with its bounds."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator

from core.values import MAX_QUANTITY
from gateway.web.shapes.common import DecimalText


def _ordered(quantity: Decimal) -> Decimal:
    if not 0 < quantity <= MAX_QUANTITY:
        raise ValueError("a quantity is more than 0 and at most 10^9")
    return quantity


def _changed(quantity: Decimal) -> Decimal:
    if not 0 <= quantity <= MAX_QUANTITY:
        raise ValueError("a quantity is 0 to 10^9")
    return quantity


def _not_negative(price: Decimal) -> Decimal:
    if price < 0:
        raise ValueError("a price is not negative")
    return price


OrderedQuantity = Annotated[DecimalText, AfterValidator(_ordered)]
#: of a line that is there: 0 takes it away
ChangedQuantity = Annotated[DecimalText, AfterValidator(_changed)]
UnitPrice = Annotated[DecimalText, AfterValidator(_not_negative)]
