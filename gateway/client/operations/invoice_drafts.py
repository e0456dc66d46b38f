# Made by `make reference` from the OpenAPI document. Do not edit.
"""The operations of the subject invoice drafts."""

from __future__ import annotations

from typing import Literal

from gateway.client.caller import Caller
from gateway.client.pages import Page
from gateway.client.shapes import DecideInvoiceRequest, DraftInvoiceRequest, InvoiceDraftShape
from gateway.client.values import segment


class InvoiceDraftsCalls(Caller):
    """The operations of the subject invoice drafts."""

    def invoice_drafts(
        self,
        *,
        cursor: str | None = None,
        limit: int | None = None,
        state: Literal["draft", "issued", "declined"] | None = None,
    ) -> Page[InvoiceDraftShape]:
        """Drafted invoices, the earliest first.

        ``GET /api/v1/invoice-drafts``, scope ``read``.
        """
        return self._page(
            InvoiceDraftShape,
            "/api/v1/invoice-drafts",
            query={"cursor": cursor, "limit": limit, "state": state},
        )

    def draft_invoice(self, body: DraftInvoiceRequest, *, idempotency_key: str | None = None) -> InvoiceDraftShape:
        """Draft the invoice of a shipment, for another person to approve.

        ``POST /api/v1/invoice-drafts``, scope ``operate``.
        """
        return self._one(
            InvoiceDraftShape,
            "POST",
            "/api/v1/invoice-drafts",
            body=body,
            idempotency_key=idempotency_key,
        )

    def approve_invoice(
        self,
        id_: str,
        body: DecideInvoiceRequest,
        *,
        idempotency_key: str | None = None,
    ) -> InvoiceDraftShape:
        """Issue a drafted invoice.

        Its number, tax and due date are those of now. 403 `approval.own` for who drafted it

        ``POST /api/v1/invoice-drafts/{id}/approve``, scope ``operate``.
        """
        return self._one(
            InvoiceDraftShape,
            "POST",
            segment("/api/v1/invoice-drafts/{}/approve", id_),
            body=body,
            idempotency_key=idempotency_key,
        )

    def decline_invoice(
        self,
        id_: str,
        body: DecideInvoiceRequest,
        *,
        idempotency_key: str | None = None,
    ) -> InvoiceDraftShape:
        """Decline a drafted invoice; its shipment may be drafted anew.

        ``POST /api/v1/invoice-drafts/{id}/decline``, scope ``operate``.
        """
        return self._one(
            InvoiceDraftShape,
            "POST",
            segment("/api/v1/invoice-drafts/{}/decline", id_),
            body=body,
            idempotency_key=idempotency_key,
        )
