"""What API and command line ask about prices; see ``gateway.web.ports.Prices`` for what each method promises."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from core.clock import Clock
from core.reporting import order_prices
from core.reporting import prices as reports
from core.store.engine import Store

Json = dict[str, Any]


class Prices:
    """Answers questions on prices, each in one transaction."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def price(
        self,
        *,
        partner: str,
        sku: str,
        quantity: Decimal,
        day: date | None = None,
        currency: str | None = None,
        contract: str = "",
    ) -> Json:
        """Return a price with its candidates."""
        return self._store.read(
            lambda tx: reports.price(
                tx,
                partner=partner,
                sku=sku,
                quantity=quantity,
                now=self._clock.now(),
                day=day,
                currency=currency,
                contract=contract,
            )
        )

    def price_explanation(self, number: str, line: int, *, partner: str | None = None) -> Json:
        """Return how the price of a line was composed."""
        return self._store.read(lambda tx: order_prices.price_explanation(tx, number, line, partner))

    def order_margin(self, number: str) -> Json:
        """Return what an order earns."""
        return self._store.read(lambda tx: order_prices.order_margin(tx, number))
