"""The price of an item for a buyer as people read it (PRI-06)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from core.errors import NotFound
from core.reporting.prices import price
from core.store.engine import Store
from core.testing.trade import CUP, MONDAY, Trade, partner_row, price_row
from gateway.web.shapes.prices import PriceShape

BASIS = {"applied_by": "Ada", "approved_by": "Bea", "reason": "spring", "approved_on": "2026-02-01"}
FROM, UNTIL = date(2026, 1, 1), date(2026, 3, 31)


@pytest.fixture
def priced(each_store: Store) -> Store:
    """A cup with a price of every level, a promotion, and prices that are others' business."""
    prices = [
        price_row(CUP, Decimal("12.5"), valid_from=FROM, valid_to=UNTIL),
        price_row(CUP, Decimal(10), level="tier", min_quantity=Decimal(100)),
        price_row(CUP, Decimal(11), level="group", group_code="RETAIL"),
        price_row(CUP, Decimal("10.5"), level="customer", partner="ACME", contract="C-1"),
        price_row(CUP, Decimal(10), level="promotion", reference="SPRING", basis=BASIS, valid_to=UNTIL),
        price_row(CUP, Decimal(1), level="customer", partner="OTHER"),
        price_row(CUP, Decimal(2), level="group", group_code="PUBLIC"),
    ]
    partners = [partner_row(group_code="RETAIL"), partner_row("OTHER", gln=None)]
    each_store.write(Trade(partners=partners, prices=prices).load)
    return each_store


def asked(store: Store, **changes: Any) -> dict[str, Any]:
    wanted = {"partner": "ACME", "sku": CUP, "quantity": Decimal(1), "now": MONDAY} | changes
    found = store.read(lambda tx: price(tx, **wanted))
    PriceShape.model_validate(found)
    return found


def test_all_candidates_are_shown_with_source_and_validity(priced: Store) -> None:
    """PRI-06: and which one is taken, and why."""
    found = asked(priced)
    assert (found["price"], found["level"], found["date"]) == ("10", "promotion", "2026-03-02")
    assert found["why"] == "promotion SPRING is below the customer price of 10.5"
    told = {one["source"]: (one["price"], one["refused"], one["chosen"]) for one in found["candidates"]}
    assert told == {
        "promotion SPRING": ("10", None, True),
        "contract C-1 with ACME": ("10.5", None, False),
        "price of the group RETAIL": ("11", None, False),
        "quantity tier": ("10", "it is for 100 or more", False),
        "standard catalogue": ("12.5", None, False),
    }
    by_level = {one["level"]: one for one in found["candidates"]}
    assert (by_level["catalogue"]["valid_from"], by_level["catalogue"]["valid_to"]) == ("2026-01-01", "2026-03-31")
    assert by_level["promotion"]["basis"] == BASIS
    assert by_level["customer"]["contract"] == "C-1"


@pytest.mark.parametrize(
    ("changes", "amount", "level"),
    [
        ({"day": date(2026, 3, 31)}, "10", "promotion"),
        ({"day": date(2026, 4, 1)}, "10.5", "customer"),
        ({"day": date(2026, 4, 1), "contract": "C-2"}, "11", "group"),
        ({"day": date(2026, 4, 1), "contract": "C-1"}, "10.5", "customer"),
        ({"currency": "USD"}, None, None),
        ({"partner": "OTHER"}, "1", "customer"),
    ],
)
def test_day_currency_contract_and_buyer_decide(
    priced: Store, changes: dict[str, Any], amount: str | None, level: str | None
) -> None:
    found = asked(priced, **changes)
    assert (found["price"], found["level"]) == (amount, level)
    assert [one["chosen"] for one in found["candidates"]].count(True) == (amount is not None)


def test_nobody_and_nothing(priced: Store) -> None:
    with pytest.raises(NotFound, match="no partner NOBODY"):
        asked(priced, partner="NOBODY")
    with pytest.raises(NotFound, match="no item NOTHING"):
        asked(priced, sku="NOTHING")
