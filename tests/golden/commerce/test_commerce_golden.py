"""Orders of every platform as shop orders: payloads made for this, each beside what it is read as."""

from __future__ import annotations

import importlib
import json
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from shop_sums import billed_total
from shops import GOLDEN, sample

from core.clock import iso
from core.shops.reckoning import reckon
from core.values import text

CASES = sorted(path for path in GOLDEN.glob("*/*.json") if not path.name.endswith(".expected.json"))


def canonical(value: Any) -> Any:
    """Return a document as JSON that says what is told and leaves out what is not."""
    match value:
        case Decimal():
            return text(value)
        case datetime():
            return iso(value)
        case date():
            return value.isoformat()
        case tuple() if not hasattr(value, "_fields"):
            return [canonical(member) for member in value]
    named = [field.name for field in fields(value)] if is_dataclass(value) else getattr(value, "_fields", None)
    if named is None:
        return value
    told = {name: getattr(value, name) for name in named}
    found = {name: canonical(member) for name, member in told.items() if member not in (None, "", (), False)}
    return {name: member for name, member in found.items() if member != {}}


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_payload_is_read_as_the_file_beside_it_says(path: Path) -> None:
    platform = path.parent.name
    storefront = importlib.import_module(f"adapters.commerce.{platform}.adapter").ADAPTER
    read = storefront.read_fetched(path.read_bytes(), sample(platform).access())
    assert read.violations == ()
    expected = json.loads(path.with_name(f"{path.stem}.expected.json").read_text("utf-8"))
    assert canonical(read.event) == expected


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_the_invoice_of_a_payload_is_its_total_to_the_cent(path: Path) -> None:
    """Issue 5, part 3: every cent of what the shop's customer pays is goods, charge, tax or rounding."""
    platform = path.parent.name
    storefront = importlib.import_module(f"adapters.commerce.{platform}.adapter").ADAPTER
    told = storefront.read_fetched(path.read_bytes(), sample(platform).access()).event.order
    reckoned = reckon(told)
    assert reckoned.hold is None
    assert told.total is None or billed_total(reckoned.order) == told.total
