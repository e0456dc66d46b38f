"""An order that nothing holds, and whose credit is gone by the time that it is confirmed by hand, is held for it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from core.errors import Conflict
from core.ordering.confirm import Desk
from core.ordering.confirm_or_hold import confirm_or_hold
from core.store import orders as rows
from core.store.engine import Store, Tx
from core.store.lookup import MasterCache
from core.testing.trade import CUP, MONDAY, Trade, a_line, an_order, partner_row, place, price_row


def unheld(store: Store, *lines: Any) -> str:
    """Place an order that is held, and lift its holds as nobody in the product does: without confirming it."""

    def work(tx: Tx) -> str:
        (order,) = place(tx, [an_order("PO-1", *lines)])
        for hold in rows.holds_of(tx, order.order_id):
            rows.release_hold(tx, hold["id"], at=MONDAY, actor="rule:test", reason="for a test")
        return order.number

    return store.write(work)


def confirm(store: Store, number: str) -> str | None:
    def work(tx: Tx) -> str | None:
        order = rows.by_number(tx, number, lock=True)
        draft = confirm_or_hold(tx, Desk(MasterCache(), "user:eve", MONDAY), order, "by hand")
        return draft and draft.code

    return store.write(work)


def stands(store: Store, number: str) -> tuple[str, list[str], Decimal]:
    def work(tx: Tx) -> tuple[str, list[str], Decimal]:
        order = rows.by_number(tx, number)
        reserved = sum((row["reserved"] for row in rows.lines_of(tx, order["id"])), Decimal(0))
        return order["state"], [hold["code"] for hold in rows.holds_of(tx, order["id"])], reserved

    return store.read(work)


@pytest.mark.parametrize(
    ("limit", "held"), [("120.00", None), ("119.99", "credit.limit")], ids=["just enough", "a cent short"]
)
def test_the_hold_stays_and_nothing_is_taken(each_store: Store, limit: str, held: str | None) -> None:
    """CNF-02, CUS-13: ten cups at 12.00."""
    each_store.write(Trade(partners=[partner_row(credit_limit=Decimal(limit))]).load)
    number = unheld(each_store, a_line(CUP, 10, "12.00"))
    assert confirm(each_store, number) == held
    expected = ("in_review", [held], Decimal(0)) if held else ("confirmed", [], Decimal(10))
    assert stands(each_store, number) == expected
    if held:
        with pytest.raises(Conflict, match=r"is held: credit\.limit"):
            confirm(each_store, number)


def test_credit_that_only_the_confirmed_lines_lack_undoes_the_confirmation(each_store: Store) -> None:
    """A line without a price counts nothing in the review; it gets ours when the order is confirmed."""
    partners = [partner_row(credit_limit=Decimal(100))]
    each_store.write(Trade(partners=partners, prices=[]).load)
    number = unheld(each_store, a_line(CUP, 10))
    each_store.write(Trade(partners=partners, prices=[price_row(CUP, Decimal("12.50"))], stock=()).load)
    assert confirm(each_store, number) == "credit.limit"
    assert stands(each_store, number) == ("in_review", ["credit.limit"], Decimal(0))
