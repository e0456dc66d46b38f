"""Quantities and prices of lines, on both sides of their bounds."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from gateway.web.shapes.amounts import ChangedQuantity, OrderedQuantity, UnitPrice


@pytest.mark.parametrize(
    ("kind", "given", "told"),
    [
        (OrderedQuantity, "0.000001", None),
        (OrderedQuantity, "0", "a quantity is more than 0"),
        (OrderedQuantity, "-1", "a quantity is more than 0"),
        (OrderedQuantity, "1000000000", None),
        (OrderedQuantity, "1000000000.000001", "at most 10^9"),
        (ChangedQuantity, "0", None),
        (ChangedQuantity, "-0.000001", "a quantity is 0 to 10^9"),
        (ChangedQuantity, "1000000000", None),
        (ChangedQuantity, "1000000000.000001", "a quantity is 0 to 10^9"),
        (UnitPrice, "0", None),
        (UnitPrice, "-0.000001", "a price is not negative"),
        (UnitPrice, 12.5, "text"),
    ],
)
def test_bounds(kind: Any, given: object, told: str | None) -> None:
    adapter: TypeAdapter[Decimal] = TypeAdapter(kind)
    if told is None:
        assert adapter.validate_python(given) == Decimal(str(given))
        return
    with pytest.raises(ValidationError) as refused:
        adapter.validate_python(given)
    assert told in refused.value.errors()[0]["msg"]
