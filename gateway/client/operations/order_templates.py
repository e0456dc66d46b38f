# Made by `make reference` from the OpenAPI document. Do not edit.
"""The operations of the subject order templates."""

from __future__ import annotations

from gateway.client.caller import Caller
from gateway.client.pages import Page
from gateway.client.shapes import (
    InstantiatedShape,
    InstantiateRequest,
    TemplateOfOrderRequest,
    TemplateRequest,
    TemplateShape,
)
from gateway.client.values import segment


class OrderTemplatesCalls(Caller):
    """The operations of the subject order templates."""

    def order_templates(
        self,
        *,
        cursor: str | None = None,
        limit: int | None = None,
        partner: str | None = None,
    ) -> Page[TemplateShape]:
        """Order templates, the oldest first; of a partner: its own and those of the house.

        ``GET /api/v1/order-templates``, scope ``read``.
        """
        return self._page(
            TemplateShape,
            "/api/v1/order-templates",
            query={"cursor": cursor, "limit": limit, "partner": partner},
        )

    def create_template(self, body: TemplateRequest, *, idempotency_key: str | None = None) -> TemplateShape:
        """Keep a template; the buyer's reference, the requested date and reasons are said of each order anew.

        ``POST /api/v1/order-templates``, scope ``submit``.
        """
        return self._one(TemplateShape, "POST", "/api/v1/order-templates", body=body, idempotency_key=idempotency_key)

    def order_template(self, id_: str) -> TemplateShape:
        """One order template.

        ``GET /api/v1/order-templates/{id}``, scope ``read``.
        """
        return self._one(TemplateShape, "GET", segment("/api/v1/order-templates/{}", id_))

    def replace_template(self, id_: str, body: TemplateRequest, *, if_match: str) -> TemplateShape:
        """Say a template anew.

        ``PUT /api/v1/order-templates/{id}``, scope ``submit``.
        """
        return self._one(TemplateShape, "PUT", segment("/api/v1/order-templates/{}", id_), body=body, if_match=if_match)

    def remove_template(self, id_: str, *, if_match: str) -> None:
        """Remove a template; drafts and orders that were made by it stay.

        ``DELETE /api/v1/order-templates/{id}``, scope ``submit``.
        """
        self._nothing("DELETE", segment("/api/v1/order-templates/{}", id_), if_match=if_match)

    def instantiate_template(
        self,
        id_: str,
        body: InstantiateRequest | None = None,
        *,
        idempotency_key: str | None = None,
    ) -> InstantiatedShape:
        """Make a draft by a template, and an order of it at once with `submit`.

        Where the order is refused, the draft stays: the problem names it in `draft`.

        ``POST /api/v1/order-templates/{id}/instantiate``, scope ``submit``.
        """
        return self._one(
            InstantiatedShape,
            "POST",
            segment("/api/v1/order-templates/{}/instantiate", id_),
            body=body,
            idempotency_key=idempotency_key,
        )

    def template_of_order(
        self,
        number: str,
        body: TemplateOfOrderRequest,
        *,
        idempotency_key: str | None = None,
    ) -> TemplateShape:
        """Keep what an order says, as it stands, as a template of its partner.

        ``POST /api/v1/orders/{number}/template``, scope ``submit``.
        """
        return self._one(
            TemplateShape,
            "POST",
            segment("/api/v1/orders/{}/template", number),
            body=body,
            idempotency_key=idempotency_key,
        )
