"""Orders under a contract held against its prices (PRI-16)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from core.errors import NotFound
from core.reporting.contracts import verify_contract
from core.store.engine import Store
from core.store.master import MasterRows, load
from core.testing.trade import CRATE, CUP, MONDAY, Trade, a_line, an_order, place, price_row
from gateway.web.shapes.prices import ContractVerdict


def agreed(amount: int) -> dict[str, Any]:
    return price_row(CUP, Decimal(amount), level="customer", partner="ACME", contract="C-1")


@pytest.fixture
def ordered(each_store: Store) -> Store:
    """Three orders under C-1, one under C-2, one under none: of cups for 9 by contract, and a crate that it lacks."""
    prices = [price_row(CUP, Decimal(10)), price_row(CRATE, Decimal(50)), agreed(9)]
    each_store.write(Trade(prices=prices, stock=Trade().stock[:2]).load)
    orders = [
        an_order("PO-1", a_line(CUP, 1), contract="C-1"),
        an_order("PO-2", a_line(CUP, 1, "9.45"), a_line(CUP, 1, "9"), contract="C-1"),
        an_order("PO-3", a_line(CRATE, 1), contract="C-1"),
        an_order("PO-4", a_line(CUP, 1, "8"), contract="C-2"),
        an_order("PO-5", a_line(CUP, 1, "8")),
    ]
    each_store.write(lambda tx: place(tx, orders))
    return each_store


def verified(store: Store, contract: str = "C-1", **since: Any) -> dict[str, Any]:
    found = store.read(lambda tx: verify_contract(tx, contract, since=MONDAY + timedelta(**since)))
    ContractVerdict.model_validate(found)
    return found


def test_lines_off_the_contract_are_listed(ordered: Store) -> None:
    """PRI-16: another price than agreed, and an item without one."""
    found = verified(ordered)
    assert (found["partners"], found["orders"], found["lines"]) == (["ACME"], 3, 4)
    assert [(one["line"], one["price"], one["contract_price"], one["difference_percent"]) for one in found["off"]] == [
        (1, "9.45", "9", "+5.00"),
        (1, "50", None, None),
    ]


def test_each_order_is_held_against_the_price_of_its_time(ordered: Store) -> None:
    before = verified(ordered)
    ordered.write(lambda tx: load(tx, MasterRows(prices=[agreed(7)]), MONDAY))
    assert verified(ordered) == before


def test_since_when(ordered: Store) -> None:
    assert verified(ordered, seconds=-1)["orders"] == 3
    assert verified(ordered, seconds=1) == {"contract": "C-1", "partners": ["ACME"], "orders": 0, "lines": 0, "off": []}


def test_a_contract_without_prices_is_none(ordered: Store) -> None:
    with pytest.raises(NotFound, match="no price is of contract C-9"):
        verified(ordered, "C-9")
