# Made by `make reference` from the OpenAPI document. Do not edit.
"""The operations of the subject credit."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from gateway.client.caller import Caller
from gateway.client.pages import Page
from gateway.client.shapes import (
    AdjustmentRequest,
    AdjustmentShape,
    ChecksRequest,
    CreditChecksShape,
    CreditShape,
    DecisionRequest,
    GradeRequest,
    PaymentRequest,
    PaymentShape,
    ReversalRequest,
    WarningsShape,
)
from gateway.client.values import segment


class CreditCalls(Caller):
    """The operations of the subject credit."""

    def partner_credit(self, code: str) -> CreditShape:
        """How a partner stands: limit, exposure, what is available, terms, overdue invoices.

        ``GET /api/v1/partners/{code}/credit``, scope ``read``.
        """
        return self._one(CreditShape, "GET", segment("/api/v1/partners/{}/credit", code))

    def partner_payments(self, code: str, *, cursor: str | None = None, limit: int | None = None) -> Page[PaymentShape]:
        """What a partner paid, the latest first: the invoices that each payment went to, and how late.

        ``GET /api/v1/partners/{code}/payments``, scope ``read``.
        """
        return self._page(
            PaymentShape,
            segment("/api/v1/partners/{}/payments", code),
            query={"cursor": cursor, "limit": limit},
        )

    def grade_partner(self, code: str, body: GradeRequest, *, idempotency_key: str | None = None) -> CreditShape:
        """Give a partner its credit grade, with the reason; what it was before is kept.

        ``POST /api/v1/partners/{code}/grade``, scope ``operate``.
        """
        return self._one(
            CreditShape,
            "POST",
            segment("/api/v1/partners/{}/grade", code),
            body=body,
            idempotency_key=idempotency_key,
        )

    def post_payment(self, body: PaymentRequest, *, idempotency_key: str | None = None) -> CreditShape:
        """Post a payment: it lowers the exposure, and orders that wait for it are confirmed.

        It pays the open invoices, those of `order` where it names one, the earliest due first; the rest is kept in
        advance. 200 with nothing changed when the reference was posted before.

        ``POST /api/v1/payments``, scope ``operate``.
        """
        return self._one(CreditShape, "POST", "/api/v1/payments", body=body, idempotency_key=idempotency_key)

    def reverse_payment(self, body: ReversalRequest, *, idempotency_key: str | None = None) -> CreditShape:
        """Take a payment back that the bank returned.

        What it paid is open again, and settled orders are not settled

        The same again changes nothing.

        ``POST /api/v1/payments/reverse``, scope ``operate``.
        """
        return self._one(CreditShape, "POST", "/api/v1/payments/reverse", body=body, idempotency_key=idempotency_key)

    def credit_adjustments(
        self,
        *,
        cursor: str | None = None,
        limit: int | None = None,
        partner: str | None = None,
        state: Literal["requested", "approved", "declined", "expired"] | None = None,
    ) -> Page[AdjustmentShape]:
        """Temporary limits, guarantees and payment plans, the latest first.

        ``GET /api/v1/credit/adjustments``, scope ``read``.
        """
        return self._page(
            AdjustmentShape,
            "/api/v1/credit/adjustments",
            query={"cursor": cursor, "limit": limit, "partner": partner, "state": state},
        )

    def request_credit(self, body: AdjustmentRequest, *, idempotency_key: str | None = None) -> AdjustmentShape:
        """Ask for more credit for a time: a higher limit, a guarantee, or a payment plan for what is overdue.

        ``POST /api/v1/credit/adjustments``, scope ``operate``.
        """
        return self._one(
            AdjustmentShape,
            "POST",
            "/api/v1/credit/adjustments",
            body=body,
            idempotency_key=idempotency_key,
        )

    def approve_credit(self, id_: str, body: DecisionRequest, *, idempotency_key: str | None = None) -> AdjustmentShape:
        """Approve a credit adjustment: the amount says which role may, and nobody approves what they asked for.

        ``POST /api/v1/credit/adjustments/{id}/approve``, scope ``operate``.
        """
        return self._one(
            AdjustmentShape,
            "POST",
            segment("/api/v1/credit/adjustments/{}/approve", id_),
            body=body,
            idempotency_key=idempotency_key,
        )

    def decline_credit(self, id_: str, body: DecisionRequest, *, idempotency_key: str | None = None) -> AdjustmentShape:
        """Decline a credit adjustment.

        ``POST /api/v1/credit/adjustments/{id}/decline``, scope ``operate``.
        """
        return self._one(
            AdjustmentShape,
            "POST",
            segment("/api/v1/credit/adjustments/{}/decline", id_),
            body=body,
            idempotency_key=idempotency_key,
        )

    def check_credits(self, body: ChecksRequest, *, idempotency_key: str | None = None) -> CreditChecksShape:
        """Check the credit of many orders as of now; what passes counts against those of the same partner behind it.

        ``POST /api/v1/credit/checks``, scope ``read``.
        """
        return self._one(CreditChecksShape, "POST", "/api/v1/credit/checks", body=body, idempotency_key=idempotency_key)

    def credit_warnings(self, *, day: dt.date | None = None) -> WarningsShape:
        """Partners that have used most of their limit, or owe what is overdue: now, or as kept on a day.

        ``GET /api/v1/reports/credit-warnings``, scope ``read``.
        """
        return self._one(WarningsShape, "GET", "/api/v1/reports/credit-warnings", query={"day": day})
