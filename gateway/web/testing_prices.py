"""Prices in memory, for tests of the web."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from decimal import Decimal

from core.catalogue.requests import PriceRequest
from core.errors import Conflict, NotFound
from core.values import text
from gateway.web.ports import Json


class MemoryPrices:
    """Questions on prices of *skus*; nobody has a price."""

    def __init__(self, skus: Collection[str], today: date) -> None:
        self._skus = skus
        self._today = today

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
        """Return a price that nobody has."""
        if sku not in self._skus:
            raise NotFound(f"there is no item {sku}")
        return {
            "partner": partner,
            "sku": sku,
            "quantity": text(quantity),
            "currency": currency or "EUR",
            "date": (day or self._today).isoformat(),
            "contract": contract or None,
            "price": None,
            "level": None,
            "why": "no price applies",
            "rule": "price.levels",
            "candidates": [],
        }

    def price_explanation(self, number: str, line: int, *, partner: str | None = None) -> Json:
        """Explain the price of no order."""
        del line, partner
        raise NotFound(f"there is no order {number}")

    def agree_price(self, number: str, line: int, *, request: str, actor: str) -> Json:
        """Agree on the price of no order."""
        del line, request, actor
        raise NotFound(f"there is no order {number}")

    def order_margin(self, number: str) -> Json:
        """Tell the margin of no order."""
        raise NotFound(f"there is no order {number}")

    def request_price(self, asked: PriceRequest, *, actor: str) -> Json:
        """Refuse: nobody has a price that one could be held against."""
        del actor
        raise Conflict(f"{asked.sku} has no price")

    def price_request(self, number: str) -> Json:
        """Return no request."""
        raise NotFound(f"there is no price request {number}")

    def decide_request(
        self, number: str, *, grant: bool, reason: str, actor: str, roles: frozenset[str] | None = None
    ) -> Json:
        """Decide on no request."""
        del grant, reason, actor, roles
        raise NotFound(f"there is no price request {number}")

    def verify_contract(self, contract: str, *, since: datetime) -> Json:
        """Verify no contract."""
        del since
        raise NotFound(f"no price is of contract {contract}")
