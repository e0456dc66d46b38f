# Made by `make reference` from the OpenAPI document. Do not edit.
"""The operations of the subject validation."""

from __future__ import annotations

from gateway.client.caller import Caller
from gateway.client.pages import Page
from gateway.client.shapes import DiscrepancyShape, ResolveRequest, ValidationProfileShape
from gateway.client.values import segment


class ValidationCalls(Caller):
    """The operations of the subject validation."""

    def validation_profile(self, *, partner: str | None = None, channel: str | None = None) -> ValidationProfileShape:
        """The 30 fields of an order with rule and format.

        The rules narrow them by channel, by the customer's country and by partner.

        ``GET /api/v1/validation/profile``, scope ``read``.
        """
        return self._one(
            ValidationProfileShape,
            "GET",
            "/api/v1/validation/profile",
            query={"partner": partner, "channel": channel},
        )

    def discrepancies(
        self,
        *,
        cursor: str | None = None,
        limit: int | None = None,
        partner: str | None = None,
        number: str | None = None,
        open_: bool | None = None,
    ) -> Page[DiscrepancyShape]:
        """Where orders and master data say different things, oldest first.

        ``GET /api/v1/discrepancies``, scope ``read``.
        """
        return self._page(
            DiscrepancyShape,
            "/api/v1/discrepancies",
            query={"cursor": cursor, "limit": limit, "partner": partner, "number": number, "open": open_},
        )

    def resolve_discrepancy(
        self,
        id_: str,
        body: ResolveRequest,
        *,
        idempotency_key: str | None = None,
    ) -> DiscrepancyShape:
        """Decide on a discrepancy: keep the order, or update the master data.

        Updating settles every open discrepancy of the customer that says the same. A hold of what is decided is lifted;
        an order that nothing else holds is confirmed.

        ``POST /api/v1/discrepancies/{id}/resolve``, scope ``operate``.
        """
        return self._one(
            DiscrepancyShape,
            "POST",
            segment("/api/v1/discrepancies/{}/resolve", id_),
            body=body,
            idempotency_key=idempotency_key,
        )
