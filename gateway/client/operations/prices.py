# Made by `make reference` from the OpenAPI document. Do not edit.
"""The operations of the subject prices."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from gateway.client.caller import Caller
from gateway.client.shapes import (
    AgreedPrice,
    ContractVerdict,
    DecisionBody,
    OrderMargin,
    PriceExplanation,
    PriceRequestBody,
    PriceRequestShape,
    PriceShape,
    VerifyBody,
)
from gateway.client.values import segment


class PricesCalls(Caller):
    """The operations of the subject prices."""

    def price(
        self,
        *,
        sku: str,
        partner: str | None = None,
        quantity: Decimal | None = None,
        date: dt.date | None = None,
        currency: str | None = None,
        contract: str | None = None,
    ) -> PriceShape:
        """The price of an item for a buyer, quantity and day.

        Every candidate is shown with its source and validity, and why the chosen one is taken. A key of a partner sees
        its own prices only.

        ``GET /api/v1/price``, scope ``read``.
        """
        return self._one(
            PriceShape,
            "GET",
            "/api/v1/price",
            query={
                "partner": partner,
                "sku": sku,
                "quantity": quantity,
                "date": date,
                "currency": currency,
                "contract": contract,
            },
        )

    def price_explanation(self, number: str, line: int) -> PriceExplanation:
        """How the price of a line was composed when it was reviewed.

        Every candidate of that time, the one that was taken and why, the buyer's own price, and who accepted what
        since.

        ``GET /api/v1/orders/{number}/lines/{line}/price-explanation``, scope ``read``.
        """
        return self._one(PriceExplanation, "GET", segment("/api/v1/orders/{}/lines/{}/price-explanation", number, line))

    def agree_price(
        self,
        number: str,
        line: int,
        body: AgreedPrice,
        *,
        idempotency_key: str | None = None,
    ) -> PriceExplanation:
        """Give a line under review the special price of a granted request.

        The holds on the line's price are lifted, the margin is judged anew; confirm the order when nothing holds it.
        409 when the price is locked, because the order is confirmed: change the order then.

        ``POST /api/v1/orders/{number}/lines/{line}/price``, scope ``operate``.
        """
        return self._one(
            PriceExplanation,
            "POST",
            segment("/api/v1/orders/{}/lines/{}/price", number, line),
            body=body,
            idempotency_key=idempotency_key,
        )

    def order_margin(self, number: str) -> OrderMargin:
        """What an order earns, by line and in all, with the source of each cost.

        ``GET /api/v1/orders/{number}/margin``, scope ``read``.
        """
        return self._one(OrderMargin, "GET", segment("/api/v1/orders/{}/margin", number))

    def request_price(self, body: PriceRequestBody, *, idempotency_key: str | None = None) -> PriceRequestShape:
        """Ask for a special price. The role that may grant it follows from how far it is below the present price.

        ``POST /api/v1/price-requests``, scope ``operate``.
        """
        return self._one(
            PriceRequestShape,
            "POST",
            "/api/v1/price-requests",
            body=body,
            idempotency_key=idempotency_key,
        )

    def price_request(self, request: str) -> PriceRequestShape:
        """One request for a special price.

        ``GET /api/v1/price-requests/{request}``, scope ``read``.
        """
        return self._one(PriceRequestShape, "GET", segment("/api/v1/price-requests/{}", request))

    def grant_price_request(
        self,
        request: str,
        body: DecisionBody,
        *,
        idempotency_key: str | None = None,
    ) -> PriceRequestShape:
        """Grant a special price.

        It is a price of its customer from now on. Nobody grants their own beyond their limit

        ``POST /api/v1/price-requests/{request}/grant``, scope ``operate``.
        """
        return self._one(
            PriceRequestShape,
            "POST",
            segment("/api/v1/price-requests/{}/grant", request),
            body=body,
            idempotency_key=idempotency_key,
        )

    def decline_price_request(
        self,
        request: str,
        body: DecisionBody,
        *,
        idempotency_key: str | None = None,
    ) -> PriceRequestShape:
        """Decline a special price.

        ``POST /api/v1/price-requests/{request}/decline``, scope ``operate``.
        """
        return self._one(
            PriceRequestShape,
            "POST",
            segment("/api/v1/price-requests/{}/decline", request),
            body=body,
            idempotency_key=idempotency_key,
        )

    def verify_contract(
        self,
        contract: str,
        body: VerifyBody,
        *,
        idempotency_key: str | None = None,
    ) -> ContractVerdict:
        """List the lines of orders under a contract that are off its prices, as these were when the orders came.

        ``POST /api/v1/contracts/{contract}/verify``, scope ``operate``.
        """
        return self._one(
            ContractVerdict,
            "POST",
            segment("/api/v1/contracts/{}/verify", contract),
            body=body,
            idempotency_key=idempotency_key,
        )
