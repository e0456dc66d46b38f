# Made by `make reference` from the OpenAPI document. Do not edit.
"""The operations of the subject customers."""

from __future__ import annotations

from gateway.client.caller import Caller
from gateway.client.pages import Page
from gateway.client.shapes import (
    CustomersProfileShape,
    FeedbackRequest,
    FeedbackShape,
    OrderShape,
    Partner,
    PartnerChangeShape,
    PartnerMasterShape,
    RegradedShape,
    RegradeRequest,
)
from gateway.client.values import segment


class CustomersCalls(Caller):
    """The operations of the subject customers."""

    def create_partner(
        self,
        body: Partner,
        *,
        reason: str | None = None,
        idempotency_key: str | None = None,
    ) -> PartnerMasterShape:
        """Add a partner with its folders. The keys and rules are those of `[[partners]]` in the master data file.

        ``POST /api/v1/partners``, scope ``operate``.
        """
        return self._one(
            PartnerMasterShape,
            "POST",
            "/api/v1/partners",
            query={"reason": reason},
            body=body,
            idempotency_key=idempotency_key,
        )

    def regrade_partners(
        self,
        body: RegradeRequest | None = None,
        *,
        dry_run: bool | None = None,
        idempotency_key: str | None = None,
    ) -> RegradedShape:
        """Grade customers anew by their trade.

        Orders, invoiced amount and days late of the last months, by the rules

        A grade that changes is kept with its reason. A dry run tells what would change.

        ``POST /api/v1/partners/regrade``, scope ``operate``.
        """
        return self._one(
            RegradedShape,
            "POST",
            "/api/v1/partners/regrade",
            query={"dry_run": dry_run},
            body=body,
            idempotency_key=idempotency_key,
        )

    def partner(self, code: str) -> PartnerMasterShape:
        """A partner with its contact, EDI identities, addresses and preferences; its version is the ETag.

        ``GET /api/v1/partners/{code}``, scope ``read``.
        """
        return self._one(PartnerMasterShape, "GET", segment("/api/v1/partners/{}", code))

    def replace_partner(
        self,
        code: str,
        body: Partner,
        *,
        reason: str | None = None,
        if_match: str,
    ) -> PartnerMasterShape:
        """Set the master data of a partner as a whole, in the version that If-Match names; a key left out is unset.

        ``PUT /api/v1/partners/{code}``, scope ``operate``.
        """
        return self._one(
            PartnerMasterShape,
            "PUT",
            segment("/api/v1/partners/{}", code),
            query={"reason": reason},
            body=body,
            if_match=if_match,
        )

    def partner_history(
        self,
        code: str,
        *,
        cursor: str | None = None,
        limit: int | None = None,
    ) -> Page[PartnerChangeShape]:
        """Who changed the master data of a partner, when, why, from what and to what; the latest change first.

        ``GET /api/v1/partners/{code}/history``, scope ``read``.
        """
        return self._page(
            PartnerChangeShape,
            segment("/api/v1/partners/{}/history", code),
            query={"cursor": cursor, "limit": limit},
        )

    def partner_orders(self, code: str, *, cursor: str | None = None, limit: int | None = None) -> Page[OrderShape]:
        """The orders of a partner, newest first.

        ``GET /api/v1/partners/{code}/orders``, scope ``read``.
        """
        return self._page(
            OrderShape,
            segment("/api/v1/partners/{}/orders", code),
            query={"cursor": cursor, "limit": limit},
        )

    def partner_profile(self, code: str) -> CustomersProfileShape:
        """What a customer bought in the last twelve months and this one, its favourite items, how it pays and rates.

        ``GET /api/v1/partners/{code}/profile``, scope ``read``.
        """
        return self._one(CustomersProfileShape, "GET", segment("/api/v1/partners/{}/profile", code))

    def give_feedback(self, body: FeedbackRequest, *, idempotency_key: str | None = None) -> FeedbackShape:
        """Say how an order went: kept with it and told in its life; a low rating is a task for customer service.

        ``POST /api/v1/feedback``, scope ``submit``.
        """
        return self._one(FeedbackShape, "POST", "/api/v1/feedback", body=body, idempotency_key=idempotency_key)

    def feedback(
        self,
        *,
        cursor: str | None = None,
        limit: int | None = None,
        order: str | None = None,
        partner: str | None = None,
        most_rating: int | None = None,
    ) -> Page[FeedbackShape]:
        """What was said of orders, the latest first.

        ``GET /api/v1/feedback``, scope ``read``.
        """
        return self._page(
            FeedbackShape,
            "/api/v1/feedback",
            query={"cursor": cursor, "limit": limit, "order": order, "partner": partner, "most_rating": most_rating},
        )
