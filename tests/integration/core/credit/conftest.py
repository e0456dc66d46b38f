"""A credit desk for the tests of this room: partners that owe, pay and ask for more."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from core.credit import timers as credit
from core.credit.payments import Payment, post_payment
from core.store import orders as order_rows
from core.store import timers
from core.store.credit import CreditPosition, credit_position
from core.store.engine import Store
from core.store.lookup import MasterCache
from core.store.master import partner_codes
from core.testing.trade import MONDAY, Trade, place


class CreditRoom:
    """What the tests ask and do."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.cache = MasterCache()

    def placed(self, *orders: Any, **where: Any) -> list[str]:
        """Place orders of ACME and return their numbers."""
        return [one.number for one in self.store.write(lambda tx: place(tx, orders, **where))]

    def state(self, number: str) -> tuple[str, list[str]]:
        """Return the state of an order and the codes of its holds."""

        def look(tx: Any) -> tuple[str, list[str]]:
            order = order_rows.by_number(tx, number)
            return order["state"], [hold["code"] for hold in order_rows.holds_of(tx, order["id"])]

        return self.store.read(look)

    def hold(self, number: str, code: str) -> dict[str, Any]:
        """Return the active hold of that code."""

        def look(tx: Any) -> dict[str, Any]:
            order = order_rows.by_number(tx, number)
            return next(hold for hold in order_rows.holds_of(tx, order["id"]) if hold["code"] == code)

        return self.store.read(look)

    def load(self, trade: Trade) -> None:
        """Load master data."""
        self.store.write(trade.load)

    def pay(self, amount: Decimal | str, reference: str = "B-1", order: str | None = None) -> tuple[int, bool]:
        """Post a payment of ACME, paid on the day of MONDAY."""
        payment = Payment("ACME", reference, Decimal(amount), "EUR", MONDAY.date(), order)
        return self.store.write(lambda tx: post_payment(tx, payment, actor="bank", now=MONDAY))

    def position(self, now: datetime = MONDAY) -> CreditPosition:
        """Return what ACME owes."""
        return self.store.read(lambda tx: credit_position(tx, partner_codes(tx)["ACME"], now.date(), now))

    def run_due(self, now: datetime = MONDAY) -> int:
        """Fire what is due of the credit account, each in its own transaction."""
        due = self.store.read(lambda tx: timers.due(tx, now, credit.KINDS, 100))
        return sum(self.store.write(lambda tx, one=one: credit.fire(tx, self.cache, one, now)) for one in due)


@pytest.fixture
def desk(store: Store) -> CreditRoom:
    """A room on SQLite."""
    return CreditRoom(store)


@pytest.fixture
def each_desk(each_store: Store) -> CreditRoom:
    """A room, once per engine."""
    return CreditRoom(each_store)
