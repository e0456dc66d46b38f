"""Special prices: asked for, granted by whoever has the authority, then a customer's price (PRI-08 to PRI-11)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from core.catalogue.requests import PriceRequest, decide_request, request_price
from core.errors import Conflict, Forbidden, NotFound
from core.reporting.prices import price, price_request
from core.store.engine import Store
from core.testing.trade import CUP, MONDAY, Trade, partner_row, price_row
from gateway.web.shapes.prices import PriceRequestShape

TODAY, END = MONDAY.date(), date(2026, 3, 31)
ASKED = PriceRequest(
    "ACME", CUP, Decimal(95), None, Decimal(0), TODAY, END, "new store", "Rival asks 94", Decimal(5000), "Bea"
)


@pytest.fixture
def priced(each_store: Store) -> Store:
    """A cup for 100, and for 80 from a hundred on."""
    prices = [
        price_row(CUP, Decimal(100)),
        price_row(CUP, Decimal(80), level="tier", min_quantity=Decimal(100)),
    ]
    each_store.write(Trade(partners=[partner_row(), partner_row("OTHER", gln=None)], prices=prices).load)
    return each_store


def ask(store: Store, **changes: Any) -> dict[str, Any]:
    fields = {name: changes.get(name, getattr(ASKED, name)) for name in ASKED.__slots__}
    number = store.write(lambda tx: request_price(tx, PriceRequest(**fields), actor="ada", at=MONDAY))
    found = store.read(lambda tx: price_request(tx, number))
    PriceRequestShape.model_validate(found)
    return found


def decide(store: Store, number: str, *, grant: bool = True, actor: str = "bea", roles: Any = None) -> None:
    at = MONDAY + timedelta(hours=1)
    store.write(lambda tx: decide_request(tx, number, grant=grant, reason="fair", actor=actor, at=at, roles=roles))


def priced_at(store: Store, partner: str = "ACME", day: date = TODAY) -> tuple[str, str | None]:
    found = store.read(lambda tx: price(tx, partner=partner, sku=CUP, quantity=Decimal(1), now=MONDAY, day=day))
    chosen = next(one for one in found["candidates"] if one["chosen"])
    return chosen["price"], chosen["reference"]


@pytest.mark.parametrize(
    ("amount", "deviation", "role"),
    [
        ("105", "-5", "sales_rep"),
        ("95", "5", "sales_rep"),
        ("94.99", "5.01", "sales_manager"),
        ("90", "10", "sales_manager"),
        ("89.99", "10.01", "sales_director"),
        ("85", "15", "sales_director"),
        ("84.99", "15.01", "sales_vp"),
    ],
)
def test_who_may_grant_it_follows_from_the_deviation(priced: Store, amount: str, deviation: str, role: str) -> None:
    """PRI-10, PRI-11: from the price that applies without it."""
    found = ask(priced, amount=Decimal(amount))
    assert (found["standard"], found["deviation_percent"], found["release_role"]) == ("100", deviation, role)


def test_the_quantity_asked_for_decides_which_price_it_is_held_against(priced: Store) -> None:
    assert ask(priced, min_quantity=Decimal(100), amount=Decimal(76))["release_role"] == "sales_rep"
    assert ask(priced, min_quantity=Decimal(99), amount=Decimal(76))["release_role"] == "sales_vp"


def test_a_granted_request_is_a_price_of_its_customer_for_its_time(priced: Store) -> None:
    """PRI-08, PRI-09: with its reason and approval, for nobody else and not a day longer."""
    number = ask(priced)["number"]
    assert priced_at(priced) == ("100", None)
    decide(priced, number)
    assert [priced_at(priced, day=day) for day in (TODAY, END)] == [("95", number)] * 2
    assert priced_at(priced, day=END + timedelta(days=1)) == ("100", None)
    assert priced_at(priced, day=TODAY - timedelta(days=1)) == ("100", None)
    assert priced_at(priced, "OTHER") == ("100", None)
    found = priced.read(lambda tx: price(tx, partner="ACME", sku=CUP, quantity=Decimal(1), now=MONDAY))
    (basis,) = [one["basis"] for one in found["candidates"] if one["reference"] == number]
    assert basis == {
        "applied_by": "ada", "reason": "new store", "competition": "Rival asks 94", "expected_volume": "5000",
        "approver": "Bea", "deviation_percent": "5", "approved_by": "bea", "approved_on": "2026-03-02",
        "decision": "fair",
    }  # fmt: skip


def test_a_declined_request_is_no_price_and_each_is_decided_once(priced: Store) -> None:
    number = ask(priced)["number"]
    decide(priced, number, grant=False)
    assert priced_at(priced) == ("100", None)
    told = priced.read(lambda tx: price_request(tx, number))
    assert (told["state"], told["decided_by"], told["decision"]) == ("declined", "bea", "fair")
    with pytest.raises(Conflict, match="declined already"):
        decide(priced, number)


def test_nobody_grants_their_own_beyond_a_representatives_limit(priced: Store) -> None:
    """Invariant 10."""
    beyond = ask(priced, amount=Decimal("94.99"))["number"]
    with pytest.raises(Forbidden, match="somebody else"):
        decide(priced, beyond, actor="ada")
    assert priced_at(priced) == ("100", None)
    decide(priced, ask(priced)["number"], actor="ada")
    assert priced_at(priced)[0] == "95"


@pytest.mark.parametrize(
    ("roles", "granted"), [({"sales_rep"}, False), ({"sales_manager"}, True), ({"sales_vp"}, True), ({"cfo"}, False)]
)
def test_the_role_that_it_waits_for_or_one_above_grants_it(priced: Store, roles: set[str], granted: bool) -> None:
    """PRI-11: 8 % is a manager's."""
    number = ask(priced, amount=Decimal(92))["number"]
    if granted:
        decide(priced, number, roles=roles)
    else:
        with pytest.raises(Forbidden, match="sales_manager"):
            decide(priced, number, roles=roles)
    assert priced_at(priced)[0] == ("92" if granted else "100")


def test_what_cannot_be_asked_for(priced: Store) -> None:
    with pytest.raises(NotFound, match="no partner"):
        ask(priced, partner="NOBODY")
    with pytest.raises(NotFound, match="no item"):
        ask(priced, sku="NOTHING")
    with pytest.raises(Conflict, match="no price in USD"):
        ask(priced, currency="USD")
    with pytest.raises(NotFound, match="no price request"):
        decide(priced, "PR-000009")
