# Made by `make reference` from the OpenAPI document. Do not edit.
"""The operations of the subject orders."""

from __future__ import annotations

import datetime as dt

from gateway.client.caller import Caller
from gateway.client.pages import Page
from gateway.client.shapes import (
    ArchiveRequest,
    BatchRequest,
    BatchShape,
    CancelRequest,
    ChangeDetailShape,
    ChangeRequest,
    ChangeShape,
    Empty,
    ImportRequest,
    ImportShape,
    OrderRequest,
    OrderShape,
    PhasesShape,
    ReleaseRequest,
)
from gateway.client.values import segment


class OrdersCalls(Caller):
    """The operations of the subject orders."""

    def place_order(
        self,
        body: OrderRequest,
        *,
        dry_run: bool | None = None,
        idempotency_key: str | None = None,
    ) -> OrderShape:
        """Place an order.

        It is reviewed before the answer comes: its holds are in it. All violations are told at once. The same
        Idempotency-Key with the same body gives the first answer again. A dry run answers 200 with every check and
        writes nothing. Without a partner the buyer's code, GLN, tax number or name finds the customer. What is not said
        comes from its master data; the checks tell which.

        ``POST /api/v1/orders``, scope ``submit``.
        """
        return self._one(
            OrderShape,
            "POST",
            "/api/v1/orders",
            query={"dry_run": dry_run},
            body=body,
            idempotency_key=idempotency_key,
        )

    def orders(
        self,
        *,
        cursor: str | None = None,
        limit: int | None = None,
        state: str | None = None,
        partner: str | None = None,
        channel: str | None = None,
        since: dt.datetime | dt.date | None = None,
        q: str | None = None,
    ) -> Page[OrderShape]:
        """Orders, newest first.

        ``GET /api/v1/orders``, scope ``read``.
        """
        return self._page(
            OrderShape,
            "/api/v1/orders",
            query={
                "cursor": cursor,
                "limit": limit,
                "state": state,
                "partner": partner,
                "channel": channel,
                "since": since,
                "q": q,
            },
        )

    def order(self, number: str) -> OrderShape:
        """One order with its lines and open holds.

        ``GET /api/v1/orders/{number}``, scope ``read``.
        """
        return self._one(OrderShape, "GET", segment("/api/v1/orders/{}", number))

    def confirm_order(
        self,
        number: str,
        body: Empty | None = None,
        *,
        idempotency_key: str | None = None,
    ) -> OrderShape:
        """Confirm a reviewed order. 409 lists the holds that block.

        ``POST /api/v1/orders/{number}/confirm``, scope ``operate``.
        """
        return self._one(
            OrderShape,
            "POST",
            segment("/api/v1/orders/{}/confirm", number),
            body=body,
            idempotency_key=idempotency_key,
        )

    def release_order(
        self,
        number: str,
        body: ReleaseRequest | None = None,
        *,
        idempotency_key: str | None = None,
    ) -> OrderShape:
        """Lift open holds and review again; what passes is confirmed.

        A key with roles lifts the holds whose `release_role` it has or decides for; 403 names the role that is needed.

        ``POST /api/v1/orders/{number}/release``, scope ``operate``.
        """
        return self._one(
            OrderShape,
            "POST",
            segment("/api/v1/orders/{}/release", number),
            body=body,
            idempotency_key=idempotency_key,
        )

    def cancel_order(
        self,
        number: str,
        body: CancelRequest | None = None,
        *,
        idempotency_key: str | None = None,
    ) -> OrderShape:
        """Cancel an order that has not left yet; of one that left in part, its rest.

        ``POST /api/v1/orders/{number}/cancel``, scope ``operate``.
        """
        return self._one(
            OrderShape,
            "POST",
            segment("/api/v1/orders/{}/cancel", number),
            body=body,
            idempotency_key=idempotency_key,
        )

    def place_batch(
        self,
        body: BatchRequest,
        *,
        dry_run: bool | None = None,
        idempotency_key: str | None = None,
    ) -> BatchShape:
        """Place up to 1,000 orders; each is placed or refused by itself.

        Every item tells what `POST /api/v1/orders` would have answered. With an Idempotency-Key the batch can be sent
        again: what was placed gives its first answer, the rest goes on. So a batch that broke off is resumed, and one
        with refused orders is corrected, under the same key. An order's own `idempotency_key` counts instead.

        ``POST /api/v1/orders:batch``, scope ``submit``.
        """
        return self._one(
            BatchShape,
            "POST",
            "/api/v1/orders:batch",
            query={"dry_run": dry_run},
            body=body,
            idempotency_key=idempotency_key,
        )

    def import_file(
        self,
        body: ImportRequest,
        *,
        dry_run: bool | None = None,
        idempotency_key: str | None = None,
    ) -> ImportShape:
        """Place the orders of a CSV file or a workbook, each by itself.

        What is wrong is told by row, column and value

        An order whose content was imported before gives the number that it got, so that a file can be sent again.

        ``POST /api/v1/orders:import``, scope ``submit``.
        """
        return self._one(
            ImportShape,
            "POST",
            "/api/v1/orders:import",
            query={"dry_run": dry_run},
            body=body,
            idempotency_key=idempotency_key,
        )

    def order_phases(self, number: str) -> PhasesShape:
        """By when an order is to be confirmed, shipped and completed, and when it was.

        A phase that runs out raises the alert `phase.overdue`, which is closed when the order is through it.

        ``GET /api/v1/orders/{number}/phases``, scope ``read``.
        """
        return self._one(PhasesShape, "GET", segment("/api/v1/orders/{}/phases", number))

    def archive_order(
        self,
        number: str,
        body: ArchiveRequest | None = None,
        *,
        idempotency_key: str | None = None,
    ) -> OrderShape:
        """Close a settled order for good: delivered, billed, paid, and nothing of it held.

        The rules do so by themselves some days after it was settled.

        ``POST /api/v1/orders/{number}/archive``, scope ``operate``.
        """
        return self._one(
            OrderShape,
            "POST",
            segment("/api/v1/orders/{}/archive", number),
            body=body,
            idempotency_key=idempotency_key,
        )

    def change_order(
        self,
        number: str,
        body: ChangeRequest | None = None,
        *,
        dry_run: bool | None = None,
        idempotency_key: str | None = None,
    ) -> OrderShape:
        """Change an order, or cancel it, until the warehouse picks it.

        What changed is reviewed as new; the order comes back as it stands then, confirmed in its next revision or held.
        409 tells why it cannot be changed. The same Idempotency-Key with the same body gives the first answer again. A
        dry run writes nothing.

        ``POST /api/v1/orders/{number}/changes``, scope ``submit``.
        """
        return self._one(
            OrderShape,
            "POST",
            segment("/api/v1/orders/{}/changes", number),
            query={"dry_run": dry_run},
            body=body,
            idempotency_key=idempotency_key,
        )

    def changes(self, number: str) -> Page[ChangeShape]:
        """What was asked to change of an order, oldest first, with state and impact of each.

        ``GET /api/v1/orders/{number}/changes``, scope ``read``.
        """
        return self._page(ChangeShape, segment("/api/v1/orders/{}/changes", number))

    def change(self, number: str, id_: str) -> ChangeDetailShape:
        """One change as it was asked for, with how the order stood before it and its documents.

        ``GET /api/v1/orders/{number}/changes/{id}``, scope ``read``.
        """
        return self._one(ChangeDetailShape, "GET", segment("/api/v1/orders/{}/changes/{}", number, id_))
