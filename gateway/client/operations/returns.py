# Made by `make reference` from the OpenAPI document. Do not edit.
"""The operations of the subject returns."""

from __future__ import annotations

from typing import Literal

from gateway.client.caller import Caller
from gateway.client.pages import Page
from gateway.client.shapes import ReturnBody, RmaShape
from gateway.client.values import segment


class ReturnsCalls(Caller):
    """The operations of the subject returns."""

    def request_return(self, body: ReturnBody, *, idempotency_key: str | None = None) -> RmaShape:
        """Ask to send goods back: the request gets its number, and the answer of the policy, which may be no.

        Goods that are not wanted any more come back within `returns.days` of the rulebook after their delivery, those
        that are damaged, defective, late or wrong within `returns.fault_days`.

        ``POST /api/v1/rmas``, scope ``submit``.
        """
        return self._one(RmaShape, "POST", "/api/v1/rmas", body=body, idempotency_key=idempotency_key)

    def rmas(
        self,
        *,
        cursor: str | None = None,
        limit: int | None = None,
        order: str | None = None,
        partner: str | None = None,
        state: Literal["authorised", "refused"] | None = None,
    ) -> Page[RmaShape]:
        """Returns, the latest first.

        ``GET /api/v1/rmas``, scope ``read``.
        """
        return self._page(
            RmaShape,
            "/api/v1/rmas",
            query={"cursor": cursor, "limit": limit, "order": order, "partner": partner, "state": state},
        )

    def rma(self, number: str) -> RmaShape:
        """One return.

        ``GET /api/v1/rmas/{number}``, scope ``read``.
        """
        return self._one(RmaShape, "GET", segment("/api/v1/rmas/{}", number))
