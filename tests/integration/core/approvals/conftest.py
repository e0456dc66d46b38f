from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from core.approvals.decide import decide
from core.ordering.confirm import Desk
from core.ordering.place import Placed
from core.ordering.release import release_holds
from core.reporting.approvals import approvals
from core.review.rulebook import read_rulebook
from core.store import events, master
from core.store.engine import Store
from core.store.lookup import MasterCache
from core.store.rulebooks import put_in_force
from core.testing.trade import LAMP, MONDAY, Trade, a_line, an_order, partner_row, place

FLOWS: dict[str, list[dict[str, Any]]] = {
    # one after another by amount, the last two only above theirs
    "chain": [
        {"roles": ["department_manager"]},
        {"roles": ["finance_manager"], "above": "50000"},
        {"roles": ["cfo"], "above": "200000"},
    ],
    "beside": [{"roles": ["sales_manager", "department_manager"]}],
    "either": [{"roles": ["department_manager", "finance_manager"], "needs": "any"}],
}
STAFF = {
    "dee": ["department_manager"], "fay": ["finance_manager"], "flo": ["finance_manager"], "cal": ["cfo"],
    "ann": ["sales_rep"], "sam": ["sales_manager"],
}  # fmt: skip

Act = Callable[..., Any]


@pytest.fixture
def trading(each_store: Store) -> Store:
    """Master data in which ACME may owe 10, and its staff."""
    each_store.write(Trade(partners=[partner_row(credit_limit=Decimal(10))]).load)
    people = [{"name": name, "roles": roles, "email": f"{name}@house.example"} for name, roles in STAFF.items()]
    each_store.write(lambda tx: master.load(tx, master.MasterRows(users=people), MONDAY))
    return each_store


@pytest.fixture
def under(trading: Store) -> Act:
    """Put a flow for credit in force."""

    def put(flow: str) -> None:
        book = read_rulebook({"approvals": {"flows": {"credit.limit": {"steps": FLOWS[flow]}}}})
        trading.write(lambda tx: put_in_force(tx, book, at=MONDAY, actor="user:eve", reason="test"))

    return put


@pytest.fixture
def order(trading: Store) -> Callable[[str], Placed]:
    """Place an order of ACME that is over its limit by *price* x 20 - 10."""

    def make(price: str, reference: str = "PO-1") -> Placed:
        lines = a_line(LAMP, 20, price)
        (one,) = trading.write(lambda tx: place(tx, [an_order(reference, lines)]))
        desk = Desk(MasterCache(), "sid", MONDAY)
        trading.write(lambda tx: release_holds(tx, desk, one.number, codes={"price.mismatch"}))
        return one

    return make


@pytest.fixture
def pending(trading: Store) -> Callable[..., list[dict[str, Any]]]:
    """Return what is asked now, or stands in another state."""

    def read(state: str = "pending", at: datetime = MONDAY, **asked: Any) -> list[dict[str, Any]]:
        return list(trading.read(lambda tx: approvals(tx, now=at, state=state, **asked))["items"])

    return read


@pytest.fixture
def say(trading: Store) -> Act:
    """Approve or decline as one of the staff."""

    def act(approval: str, name: str, *, approve: bool = True, reason: str = "", at: datetime = MONDAY) -> None:
        desk = Desk(MasterCache(), name, at)
        roles = frozenset(STAFF.get(name, ()))
        trading.write(lambda tx: decide(tx, desk, int(approval), approve=approve, reason=reason, roles=roles))

    return act


@pytest.fixture
def story(trading: Store) -> Callable[[Placed], list[str]]:
    """Return what an order's life tells of approvals and holds."""

    def read(order: Placed) -> list[str]:
        told = trading.read(lambda tx: events.of_order(tx, order.order_id))
        kinds = ("approval", "hold", "task", "order")
        return [row["event"] for row in told if row["event"].split(".")[0] in kinds]

    return read
