# Made by `make reference` from the OpenAPI document. Do not edit.
"""The operations of the subject lists."""

from __future__ import annotations

from typing import Literal

from gateway.client.caller import Caller
from gateway.client.pages import Page
from gateway.client.shapes import InvoiceShape, ItemShape, OpenHold, PartnerShape, ShipmentShape


class ListsCalls(Caller):
    """The operations of the subject lists."""

    def partners(
        self,
        *,
        cursor: str | None = None,
        limit: int | None = None,
        partner: str | None = None,
    ) -> Page[PartnerShape]:
        """Trading partners by code; a key of a partner sees itself.

        ``GET /api/v1/partners``, scope ``read``.
        """
        return self._page(
            PartnerShape,
            "/api/v1/partners",
            query={"cursor": cursor, "limit": limit, "partner": partner},
        )

    def items(self, *, cursor: str | None = None, limit: int | None = None, q: str | None = None) -> Page[ItemShape]:
        """Catalogue items by SKU.

        ``GET /api/v1/items``, scope ``read``.
        """
        return self._page(ItemShape, "/api/v1/items", query={"cursor": cursor, "limit": limit, "q": q})

    def holds(
        self,
        *,
        cursor: str | None = None,
        limit: int | None = None,
        partner: str | None = None,
        stage: Literal["confirm", "release", "ship", "invoice"] | None = None,
    ) -> Page[OpenHold]:
        """Open holds, oldest first.

        ``GET /api/v1/holds``, scope ``read``.
        """
        return self._page(
            OpenHold,
            "/api/v1/holds",
            query={"cursor": cursor, "limit": limit, "partner": partner, "stage": stage},
        )

    def shipments(
        self,
        *,
        cursor: str | None = None,
        limit: int | None = None,
        order: str | None = None,
        partner: str | None = None,
    ) -> Page[ShipmentShape]:
        """Shipments, newest first.

        ``GET /api/v1/shipments``, scope ``read``.
        """
        return self._page(
            ShipmentShape,
            "/api/v1/shipments",
            query={"cursor": cursor, "limit": limit, "order": order, "partner": partner},
        )

    def invoices(
        self,
        *,
        cursor: str | None = None,
        limit: int | None = None,
        order: str | None = None,
        partner: str | None = None,
    ) -> Page[InvoiceShape]:
        """Invoices, newest first.

        ``GET /api/v1/invoices``, scope ``read``.
        """
        return self._page(
            InvoiceShape,
            "/api/v1/invoices",
            query={"cursor": cursor, "limit": limit, "order": order, "partner": partner},
        )
