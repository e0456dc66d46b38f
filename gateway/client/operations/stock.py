# Made by `make reference` from the OpenAPI document. Do not edit.
"""The operations of the subject stock."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Literal

from gateway.client.caller import Caller
from gateway.client.pages import Page
from gateway.client.shapes import (
    AcceptRequest,
    AtpBatchRequest,
    AtpBatchShape,
    AtpShape,
    CountsRequest,
    ForecastShape,
    OrderShape,
    ReceiptRequest,
    ReceiptShape,
    ReservationRequest,
    ReservationShape,
    ShortageShape,
    SourcingRequest,
    SourcingShape,
    StockAlertShape,
    StockCountsShape,
    StockShape,
    TransferRequest,
    TransferShape,
)
from gateway.client.values import segment


class StockCalls(Caller):
    """The operations of the subject stock."""

    def stock(
        self,
        *,
        cursor: str | None = None,
        limit: int | None = None,
        sku: str | None = None,
        warehouse: str | None = None,
    ) -> Page[StockShape]:
        """On hand, reserved and available by SKU and warehouse.

        ``GET /api/v1/stock``, scope ``read``.
        """
        return self._page(
            StockShape,
            "/api/v1/stock",
            query={"cursor": cursor, "limit": limit, "sku": sku, "warehouse": warehouse},
        )

    def forecast(
        self,
        *,
        cursor: str | None = None,
        limit: int | None = None,
        days: str | None = None,
        sku: str | None = None,
    ) -> Page[ForecastShape]:
        """Stock after a number of days.

        What is on hand and to come, less the larger of the demand that the last 90 days let expect and the orders.

        ``GET /api/v1/stock/forecast``, scope ``read``.
        """
        return self._page(
            ForecastShape,
            "/api/v1/stock/forecast",
            query={"cursor": cursor, "limit": limit, "days": days, "sku": sku},
        )

    def stock_alerts(
        self,
        *,
        cursor: str | None = None,
        limit: int | None = None,
        kind: Literal["low", "high"] | None = None,
    ) -> Page[StockAlertShape]:
        """Items below their alert line or above their maximum, by SKU.

        ``GET /api/v1/stock/alerts``, scope ``read``.
        """
        return self._page(
            StockAlertShape,
            "/api/v1/stock/alerts",
            query={"cursor": cursor, "limit": limit, "kind": kind},
        )

    def count_stock(self, body: CountsRequest, *, idempotency_key: str | None = None) -> StockCountsShape:
        """Post a stock count: the differences go into the ledger with their reasons.

        ``POST /api/v1/stock/counts``, scope ``operate``.
        """
        return self._one(StockCountsShape, "POST", "/api/v1/stock/counts", body=body, idempotency_key=idempotency_key)

    def transfer_stock(self, body: TransferRequest, *, idempotency_key: str | None = None) -> TransferShape:
        """Move stock that is not reserved to another warehouse.

        ``POST /api/v1/stock/transfers``, scope ``operate``.
        """
        return self._one(TransferShape, "POST", "/api/v1/stock/transfers", body=body, idempotency_key=idempotency_key)

    def receive_stock(self, body: ReceiptRequest, *, idempotency_key: str | None = None) -> ReceiptShape:
        """Take goods in that were to come.

        They settle the supply that is due first, go to the orders that were promised them, and stand in the ledger with
        the reference. The same reference with the same quantity does nothing again.

        ``POST /api/v1/stock/receipts``, scope ``operate``.
        """
        return self._one(ReceiptShape, "POST", "/api/v1/stock/receipts", body=body, idempotency_key=idempotency_key)

    def atp(self, *, sku: str, date: dt.date | None = None, quantity: Decimal | None = None) -> AtpShape:
        """What can be promised of an item.

        On hand, less what is allocated, plus confirmed inbound and planned production until the date, less what was
        promised of them; the terms of the sum are told.

        ``GET /api/v1/atp``, scope ``read``.
        """
        return self._one(AtpShape, "GET", "/api/v1/atp", query={"sku": sku, "date": date, "quantity": quantity})

    def atp_batch(self, body: AtpBatchRequest, *, idempotency_key: str | None = None) -> AtpBatchShape:
        """What can be promised of many items at once.

        ``POST /api/v1/atp/batch``, scope ``read``.
        """
        return self._one(AtpBatchShape, "POST", "/api/v1/atp/batch", body=body, idempotency_key=idempotency_key)

    def sourcing(self, body: SourcingRequest, *, idempotency_key: str | None = None) -> SourcingShape:
        """From which warehouses something would be served.

        Warehouses are asked in the order of their priority; one alone, brought together and apart are compared. The
        cheapest that leaves in time is chosen. Nothing is reserved.

        ``POST /api/v1/stock/sourcing``, scope ``read``.
        """
        return self._one(SourcingShape, "POST", "/api/v1/stock/sourcing", body=body, idempotency_key=idempotency_key)

    def shortage_options(self, number: str) -> ShortageShape:
        """What can be done about the lines of an order that stock does not serve.

        ``GET /api/v1/orders/{number}/shortage-options``, scope ``read``.
        """
        return self._one(ShortageShape, "GET", segment("/api/v1/orders/{}/shortage-options", number))

    def accept_option(
        self,
        number: str,
        option: Literal["later_date", "split", "substitute", "raise_priority", "emergency_purchase"],
        body: AcceptRequest,
        *,
        dry_run: bool | None = None,
        idempotency_key: str | None = None,
    ) -> OrderShape:
        """Take an option of a short line for the buyer, who agreed to it.

        A later date, two deliveries and a substitute change the order, which is reviewed as with any change and
        confirmed where nothing else holds it. What is made or bought sooner is noted in the timeline, and the order
        waits. A dry run writes nothing.

        ``POST /api/v1/orders/{number}/shortage-options/{option}/accept``, scope ``operate``.
        """
        return self._one(
            OrderShape,
            "POST",
            segment("/api/v1/orders/{}/shortage-options/{}/accept", number, option),
            query={"dry_run": dry_run},
            body=body,
            idempotency_key=idempotency_key,
        )

    def propose_options(self, number: str, *, idempotency_key: str | None = None) -> ShortageShape:
        """Offer the buyer by ORDRSP what can be done about the short lines of a held order.

        Each line is offered in two parts, later or as a substitute. The buyer's ORDCHG that takes what is offered
        confirms the order.

        ``POST /api/v1/orders/{number}/shortage-options/propose``, scope ``operate``.
        """
        return self._one(
            ShortageShape,
            "POST",
            segment("/api/v1/orders/{}/shortage-options/propose", number),
            idempotency_key=idempotency_key,
        )

    def move_reservation(
        self,
        number: str,
        body: ReservationRequest,
        *,
        idempotency_key: str | None = None,
    ) -> ReservationShape:
        """Move the end of an order's reservation. Who did it and why is in the timeline.

        ``POST /api/v1/orders/{number}/reservation``, scope ``operate``.
        """
        return self._one(
            ReservationShape,
            "POST",
            segment("/api/v1/orders/{}/reservation", number),
            body=body,
            idempotency_key=idempotency_key,
        )
