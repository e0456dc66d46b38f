# Made by `make reference` from the OpenAPI document. Do not edit.
"""The operations of the subject notices."""

from __future__ import annotations

import datetime as dt

from gateway.client.caller import Caller
from gateway.client.shapes import (
    EstimateRequest,
    EstimateShape,
    LinksShape,
    MixShape,
    NoticesResendRequest,
    NoticesShape,
    PreferencesRequest,
    PreferencesShape,
    RevokedShape,
    RevokeLinksRequest,
)
from gateway.client.values import segment


class NoticesCalls(Caller):
    """The operations of the subject notices."""

    def partner_notices(self, code: str) -> PreferencesShape:
        """What a partner wants to be told of, by which channel and to whom.

        Its ETag is wanted by whoever replaces it

        ``GET /api/v1/partners/{code}/notices``, scope ``read``.
        """
        return self._one(PreferencesShape, "GET", segment("/api/v1/partners/{}/notices", code))

    def set_partner_notices(self, code: str, body: PreferencesRequest, *, if_match: str) -> PreferencesShape:
        """Replace what a partner wants to be told of, in the version that If-Match names.

        422 tells what cannot be followed: no such channel, an address that is none, EDI without an agreement.

        ``PUT /api/v1/partners/{code}/notices``, scope ``operate``.
        """
        return self._one(
            PreferencesShape,
            "PUT",
            segment("/api/v1/partners/{}/notices", code),
            body=body,
            if_match=if_match,
        )

    def order_notices(self, number: str) -> NoticesShape:
        """What the customer was told of an order, EDI messages included, and whether it was seen.

        ``GET /api/v1/orders/{number}/notices``, scope ``read``.
        """
        return self._one(NoticesShape, "GET", segment("/api/v1/orders/{}/notices", number))

    def resend_notice(
        self,
        number: str,
        id_: str,
        body: NoticesResendRequest,
        *,
        idempotency_key: str | None = None,
    ) -> NoticesShape:
        """Say a notice again, by another channel or to somebody else.

        It is written anew from the same facts. The task to reach the customer is done by it.

        ``POST /api/v1/orders/{number}/notices/{id}/resend``, scope ``operate``.
        """
        return self._one(
            NoticesShape,
            "POST",
            segment("/api/v1/orders/{}/notices/{}/resend", number, id_),
            body=body,
            idempotency_key=idempotency_key,
        )

    def order_links(self, number: str) -> LinksShape:
        """The links of notices that open an order to whoever holds one; their tokens are kept nowhere.

        ``GET /api/v1/orders/{number}/links``, scope ``read``.
        """
        return self._one(LinksShape, "GET", segment("/api/v1/orders/{}/links", number))

    def revoke_links(
        self,
        number: str,
        body: RevokeLinksRequest,
        *,
        idempotency_key: str | None = None,
    ) -> RevokedShape:
        """Revoke the links of an order, or that of one notice.

        From now on each answers as an unknown one does, with 404

        A notice that is sent later, or said again, has a link of its own. Where none is left nothing happens.

        ``POST /api/v1/orders/{number}/links/revoke``, scope ``operate``.
        """
        return self._one(
            RevokedShape,
            "POST",
            segment("/api/v1/orders/{}/links/revoke", number),
            body=body,
            idempotency_key=idempotency_key,
        )

    def estimate_arrival(
        self,
        number: str,
        body: EstimateRequest,
        *,
        idempotency_key: str | None = None,
    ) -> EstimateShape:
        """Say on which day a shipment is expected now.

        A day later than the customer was told is told at once; the reminder of the day before moves with it.

        ``POST /api/v1/shipments/{number}/estimates``, scope ``operate``.
        """
        return self._one(
            EstimateShape,
            "POST",
            segment("/api/v1/shipments/{}/estimates", number),
            body=body,
            idempotency_key=idempotency_key,
        )

    def notice_mix(self, *, since: dt.date | None = None, until: dt.date | None = None) -> MixShape:
        """How many notices and EDI messages went by which channel, and what became of them.

        ``GET /api/v1/reports/notices``, scope ``read``.
        """
        return self._one(MixShape, "GET", "/api/v1/reports/notices", query={"since": since, "until": until})
