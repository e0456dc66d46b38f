"""Who may release which hold of a real order: its own role or one above it (ROL-05, ROL-07, ROL-08)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from core.errors import Forbidden
from core.ordering.confirm import Desk
from core.ordering.place import Placed
from core.ordering.release import release_holds
from core.review.rulebook import read_rulebook
from core.store import events
from core.store import orders as rows
from core.store.engine import Store
from core.store.lookup import MasterCache
from core.store.rulebooks import put_in_force
from core.testing.trade import LAMP, MONDAY, Trade, a_line, an_order, partner_row, place


def release(store: Store, order: Placed, *roles: str, codes: tuple[str, ...] = ()) -> dict[str, Any]:
    desk = Desk(MasterCache(), "user:eve", MONDAY)
    return store.write(lambda tx: release_holds(tx, desk, order.number, codes=codes, roles=frozenset(roles)))


@pytest.fixture
def order(traded: Store) -> Placed:
    """An order that waits for sales, for its price, and for a department manager, for its credit."""
    traded.write(Trade(items=[], codes=[], stock=[], partners=[partner_row(credit_limit=Decimal(10))]).load)
    (placed,) = traded.write(lambda tx: place(tx, [an_order("PO-1", a_line(LAMP, 20, "1.00"))]))
    return placed


def open_holds(store: Store, order: Placed) -> dict[str, str]:
    held = store.read(lambda tx: rows.holds_of(tx, order.order_id))
    return {hold["code"]: hold["release_role"] for hold in held}


def test_each_hold_is_released_by_its_own_role(traded: Store, order: Placed) -> None:
    """ROL-01, ROL-05: sales for the price, a manager for the credit; the last one confirms."""
    assert open_holds(traded, order) == {"credit.limit": "department_manager", "price.mismatch": "sales"}
    assert release(traded, order, "sales_rep", codes=("price.mismatch",))["state"] == "in_review"
    assert release(traded, order, "department_manager", codes=("credit.limit",))["state"] == "confirmed"


def test_another_role_is_refused_with_the_one_that_is_needed(traded: Store, order: Placed) -> None:
    """ROL-07: and nothing is lifted, not even what the role may release."""
    before = len(traded.read(lambda tx: events.of_order(tx, order.order_id)))
    with pytest.raises(Forbidden, match=r"credit\.limit needs the role department_manager") as refused:
        release(traded, order, "sales_vp")
    assert refused.value.inputs == {
        "holds": ["credit.limit"], "release_roles": ["department_manager"], "roles": ["sales_vp"],
    }  # fmt: skip
    assert refused.value.hint == "One who may: admin, cfo, department_manager, finance_manager."
    with pytest.raises(Forbidden, match=r"price\.mismatch needs the role sales"):
        release(traded, order, "cfo")
    with pytest.raises(Forbidden):
        release(traded, order)
    assert set(open_holds(traded, order)) == {"credit.limit", "price.mismatch"}
    assert len(traded.read(lambda tx: events.of_order(tx, order.order_id))) == before


@pytest.mark.parametrize(
    ("price", "role", "below"),
    [
        ("2500.5", "department_manager", "finance"),
        ("2500.5005", "finance_manager", "department_manager"),
        ("10000.5", "finance_manager", "department_manager"),
        ("10000.5005", "cfo", "finance_manager"),
    ],
)
def test_the_amount_says_who_releases_credit(traded: Store, price: str, role: str, below: str) -> None:
    """CUS-18, ROL-08: 50,000 and 200,000 over the limit of 10, both sides; the wrong role is refused."""
    traded.write(Trade(items=[], codes=[], stock=[], partners=[partner_row(credit_limit=Decimal(10))]).load)
    (large,) = traded.write(lambda tx: place(tx, [an_order("PO-1", a_line(LAMP, 20, price))]))
    assert open_holds(traded, large)["credit.limit"] == role
    with pytest.raises(Forbidden, match=f"credit.limit needs the role {role}"):
        release(traded, large, below, codes=("credit.limit",))
    release(traded, large, role, codes=("credit.limit",))
    assert "credit.limit" not in open_holds(traded, large)


@pytest.mark.parametrize("roles", [("admin",), ("sales_rep", "cfo"), ("order_processor", "department_manager")])
def test_roles_above_and_together_release_everything(traded: Store, order: Placed, roles: tuple[str, ...]) -> None:
    """ROL-05."""
    assert release(traded, order, *roles)["state"] == "confirmed"


def test_a_rulebook_changes_who_may_from_the_next_decision_on(traded: Store, order: Placed) -> None:
    """ROL-07: the matrix is data."""
    book = read_rulebook({"roles": {"acts_for": {"sales_vp": ["sales_director", "department_manager"]}}})
    with pytest.raises(Forbidden):
        release(traded, order, "sales_vp")
    traded.write(lambda tx: put_in_force(tx, book, at=MONDAY, actor="cli:ada", reason="holidays"))
    assert release(traded, order, "sales_vp")["state"] == "confirmed"
