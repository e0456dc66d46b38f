"""What API and command line ask about prices; see ``gateway.web.ports.Prices`` for what each method promises."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from core.catalogue.requests import PriceRequest, decide_request, request_price
from core.clock import Clock
from core.ordering.agree_price import agree_price
from core.ordering.confirm import Desk
from core.reporting import contracts, order_prices
from core.reporting import prices as reports
from core.store.engine import Store, Tx
from core.store.lookup import MasterCache

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

    def agree_price(self, number: str, line: int, *, request: str, actor: str) -> Json:
        """Give a line under review the price of a granted request and explain it."""
        desk = Desk(MasterCache(), actor[:100], self._clock.now())

        def work(tx: Tx) -> Json:
            agree_price(tx, desk, number, line, request)
            return order_prices.price_explanation(tx, number, line)

        return self._store.write(work)

    def order_margin(self, number: str) -> Json:
        """Return what an order earns."""
        return self._store.read(lambda tx: order_prices.order_margin(tx, number))

    def request_price(self, asked: PriceRequest, *, actor: str) -> Json:
        """Keep a request for a special price and return it."""
        at = self._clock.now()

        def work(tx: Tx) -> Json:
            return reports.price_request(tx, request_price(tx, asked, actor=actor[:100], at=at))

        return self._store.write(work)

    def price_request(self, number: str) -> Json:
        """Return a request for a special price."""
        return self._store.read(lambda tx: reports.price_request(tx, number))

    def decide_request(
        self, number: str, *, grant: bool, reason: str, actor: str, roles: frozenset[str] | None = None
    ) -> Json:
        """Grant or decline a request for a special price and return it."""
        at = self._clock.now()

        def work(tx: Tx) -> Json:
            decide_request(tx, number, grant=grant, reason=reason, actor=actor[:100], at=at, roles=roles)
            return reports.price_request(tx, number)

        return self._store.write(work)

    def verify_contract(self, contract: str, *, since: datetime) -> Json:
        """Return which lines ordered under a contract are off its prices."""
        return self._store.read(lambda tx: contracts.verify_contract(tx, contract, since=since))
