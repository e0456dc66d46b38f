# Made by `make reference` from the OpenAPI document. Do not edit.
"""The operations of the subject drafts."""

from __future__ import annotations

from typing import Literal

from gateway.client.caller import Caller
from gateway.client.pages import Page
from gateway.client.shapes import (
    ConfirmFieldsRequest,
    DraftChecksShape,
    DraftContent,
    DraftDetail,
    DraftShape,
    Empty,
    OrderShape,
)
from gateway.client.values import segment


class DraftsCalls(Caller):
    """The operations of the subject drafts."""

    def create_draft(self, body: DraftContent | None = None, *, idempotency_key: str | None = None) -> DraftShape:
        """Keep an order that is not complete yet.

        It has no number and takes neither stock nor credit. Any part may be left out. A draft that nobody changes for
        the `entry.draft_days` of the rules is removed.

        ``POST /api/v1/drafts``, scope ``submit``.
        """
        return self._one(DraftShape, "POST", "/api/v1/drafts", body=body, idempotency_key=idempotency_key)

    def drafts(
        self,
        *,
        cursor: str | None = None,
        limit: int | None = None,
        partner: str | None = None,
        mine: bool | None = None,
        state: Literal["open", "submitted"] | None = None,
    ) -> Page[DraftShape]:
        """Drafts, the newest first.

        ``GET /api/v1/drafts``, scope ``read``.
        """
        return self._page(
            DraftShape,
            "/api/v1/drafts",
            query={"cursor": cursor, "limit": limit, "partner": partner, "mine": mine, "state": state},
        )

    def draft(self, id_: str) -> DraftDetail:
        """One draft with the origin of each field; of one that was read from a mail, what its sender is asked.

        ``GET /api/v1/drafts/{id}``, scope ``read``.
        """
        return self._one(DraftDetail, "GET", segment("/api/v1/drafts/{}", id_))

    def replace_draft(self, id_: str, body: DraftContent, *, if_match: str) -> DraftShape:
        """Say the whole draft anew; what stays as it was keeps its origin.

        ``PUT /api/v1/drafts/{id}``, scope ``submit``.
        """
        return self._one(DraftShape, "PUT", segment("/api/v1/drafts/{}", id_), body=body, if_match=if_match)

    def discard_draft(self, id_: str, *, if_match: str) -> None:
        """Remove a draft.

        ``DELETE /api/v1/drafts/{id}``, scope ``submit``.
        """
        self._nothing("DELETE", segment("/api/v1/drafts/{}", id_), if_match=if_match)

    def confirm_fields(
        self,
        id_: str,
        body: ConfirmFieldsRequest,
        *,
        if_match: str,
        idempotency_key: str | None = None,
    ) -> DraftShape:
        """Confirm or correct fields that were read from a mail or fax.

        Each keeps where it was read, and who confirmed it or gave it another value.

        ``POST /api/v1/drafts/{id}/confirm-fields``, scope ``submit``.
        """
        return self._one(
            DraftShape,
            "POST",
            segment("/api/v1/drafts/{}/confirm-fields", id_),
            body=body,
            if_match=if_match,
            idempotency_key=idempotency_key,
        )

    def draft_checks(self, id_: str) -> DraftChecksShape:
        """Everything that is wrong with a draft, and what it would become if it were submitted now.

        A line with an item and a quantity has its price, the level that the price is of, what is available and the day
        of delivery. Nothing is reserved and no number is taken.

        ``GET /api/v1/drafts/{id}/checks``, scope ``read``.
        """
        return self._one(DraftChecksShape, "GET", segment("/api/v1/drafts/{}/checks", id_))

    def submit_draft(self, id_: str, body: Empty | None = None, *, idempotency_key: str | None = None) -> OrderShape:
        """Make a draft an order: it gets its number and is reviewed before the answer comes.

        422 tells all violations at once, and the draft stays. Submitted again, a draft gives its order again.

        ``POST /api/v1/drafts/{id}/submit``, scope ``submit``.
        """
        return self._one(
            OrderShape,
            "POST",
            segment("/api/v1/drafts/{}/submit", id_),
            body=body,
            idempotency_key=idempotency_key,
        )
