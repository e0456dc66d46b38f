# Made by `make reference` from the OpenAPI document. Do not edit.
"""The operations of the subject approvals."""

from __future__ import annotations

from typing import Literal

from gateway.client.caller import Caller
from gateway.client.pages import Page
from gateway.client.shapes import (
    ApprovalDetailShape,
    ApprovalShape,
    ApprovalsShape,
    AskRequest,
    DecideRequest,
    DelegateRequest,
    DelegationRequest,
    DelegationShape,
    EscalateRequest,
)
from gateway.client.values import segment


class ApprovalsCalls(Caller):
    """The operations of the subject approvals."""

    def approvals(
        self,
        *,
        cursor: str | None = None,
        limit: int | None = None,
        state: Literal["pending", "approved", "declined", "expired", "delegated"] | None = None,
        order: str | None = None,
        mine: bool | None = None,
    ) -> Page[ApprovalShape]:
        """Decisions that are asked for on holds, the earliest first.

        ``GET /api/v1/approvals``, scope ``read``.
        """
        return self._page(
            ApprovalShape,
            "/api/v1/approvals",
            query={"cursor": cursor, "limit": limit, "state": state, "order": order, "mine": mine},
        )

    def approval(self, id_: str) -> ApprovalDetailShape:
        """One approval: the hold with its inputs and rule, the limit of the role, the flow, and what approving does.

        ``GET /api/v1/approvals/{id}``, scope ``read``.
        """
        return self._one(ApprovalDetailShape, "GET", segment("/api/v1/approvals/{}", id_))

    def decide_approval(
        self,
        id_: str,
        body: DecideRequest,
        *,
        idempotency_key: str | None = None,
    ) -> ApprovalDetailShape:
        """Approve or decline.

        The last approval lifts the hold, and confirms the order where nothing else holds it; a declined one ends the
        flow. 403 `approval.own` for who entered, changed or asked for it, `approval.twice` for who decided on another
        part.

        ``POST /api/v1/approvals/{id}/decide``, scope ``operate``.
        """
        return self._one(
            ApprovalDetailShape,
            "POST",
            segment("/api/v1/approvals/{}/decide", id_),
            body=body,
            idempotency_key=idempotency_key,
        )

    def delegate_approval(
        self,
        id_: str,
        body: DelegateRequest,
        *,
        idempotency_key: str | None = None,
    ) -> ApprovalDetailShape:
        """Hand an approval to somebody by name, whose role must reach up to it.

        ``POST /api/v1/approvals/{id}/delegate``, scope ``operate``.
        """
        return self._one(
            ApprovalDetailShape,
            "POST",
            segment("/api/v1/approvals/{}/delegate", id_),
            body=body,
            idempotency_key=idempotency_key,
        )

    def escalate_approval(
        self,
        id_: str,
        body: EscalateRequest,
        *,
        idempotency_key: str | None = None,
    ) -> ApprovalDetailShape:
        """Hand a special case to the role above, with the reason; what is not decided in time goes there by itself.

        ``POST /api/v1/approvals/{id}/escalate``, scope ``operate``.
        """
        return self._one(
            ApprovalDetailShape,
            "POST",
            segment("/api/v1/approvals/{}/escalate", id_),
            body=body,
            idempotency_key=idempotency_key,
        )

    def ask_for_approval(self, number: str, body: AskRequest, *, idempotency_key: str | None = None) -> ApprovalsShape:
        """Ask for the approval of open holds.

        Again where it was declined, of the role above where one role releases

        Who asks does not decide.

        ``POST /api/v1/orders/{number}/approvals``, scope ``operate``.
        """
        return self._one(
            ApprovalsShape,
            "POST",
            segment("/api/v1/orders/{}/approvals", number),
            body=body,
            idempotency_key=idempotency_key,
        )

    def delegations(self, *, cursor: str | None = None, limit: int | None = None) -> Page[DelegationShape]:
        """Who decides in place of whom, the latest first; without those that were ended by hand.

        ``GET /api/v1/delegations``, scope ``read``.
        """
        return self._page(DelegationShape, "/api/v1/delegations", query={"cursor": cursor, "limit": limit})

    def keep_delegation(self, body: DelegationRequest, *, idempotency_key: str | None = None) -> DelegationShape:
        """Say who decides in place of somebody who is away: with their roles, never on what they asked for.

        ``POST /api/v1/delegations``, scope ``operate``.
        """
        return self._one(DelegationShape, "POST", "/api/v1/delegations", body=body, idempotency_key=idempotency_key)

    def end_delegation(self, id_: str, *, idempotency_key: str | None = None) -> DelegationShape:
        """End a delegation before its time.

        ``POST /api/v1/delegations/{id}/end``, scope ``operate``.
        """
        return self._one(
            DelegationShape,
            "POST",
            segment("/api/v1/delegations/{}/end", id_),
            idempotency_key=idempotency_key,
        )
