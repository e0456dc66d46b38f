# Made by `make reference` from the OpenAPI document. Do not edit.
"""The operations of the subject documents."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from gateway.client.caller import Caller
from gateway.client.pages import Page
from gateway.client.shapes import (
    CheckShape,
    DocumentDetail,
    DocumentReplayRequest,
    DocumentResendRequest,
    DocumentShape,
    IntakeShape,
    UnmappedShape,
)
from gateway.client.values import segment


class DocumentsCalls(Caller):
    """The operations of the subject documents."""

    def take_document(
        self,
        body: bytes,
        *,
        partner: str | None = None,
        channel: str | None = None,
        dry_run: bool | None = None,
        idempotency_key: str | None = None,
    ) -> CheckShape | IntakeShape:
        """Hand in a file as it is: EDIFACT or any other format that a decoder knows.

        202 says that the bytes are kept and nothing of them will be lost; each document has its own outcome. A dry run
        answers 200 with every verdict, the orders it would make and the replies it would send, and writes nothing.

        ``POST /api/v1/documents``, scope ``submit``.
        """
        return self._either(
            (200, CheckShape),
            (202, IntakeShape),
            "POST",
            "/api/v1/documents",
            query={"partner": partner, "channel": channel, "dry_run": dry_run},
            body=body,
            idempotency_key=idempotency_key,
        )

    def documents(
        self,
        *,
        cursor: str | None = None,
        limit: int | None = None,
        partner: str | None = None,
        direction: Literal["in", "out"] | None = None,
        outcome: str | None = None,
        type_: str | None = None,
        since: dt.datetime | dt.date | None = None,
    ) -> Page[DocumentShape]:
        """Documents, newest first.

        ``GET /api/v1/documents``, scope ``read``.
        """
        return self._page(
            DocumentShape,
            "/api/v1/documents",
            query={
                "cursor": cursor,
                "limit": limit,
                "partner": partner,
                "direction": direction,
                "outcome": outcome,
                "type": type_,
                "since": since,
            },
        )

    def document(self, id_: str) -> DocumentDetail:
        """One document with every violation that was found in it.

        ``GET /api/v1/documents/{id}``, scope ``read``.
        """
        return self._one(DocumentDetail, "GET", segment("/api/v1/documents/{}", id_))

    def document_raw(self, id_: str) -> bytes:
        """The bytes as they were received or sent, as a download.

        ``GET /api/v1/documents/{id}/raw`` as text/plain, scope ``read``.
        """
        return self._file(segment("/api/v1/documents/{}/raw", id_), "text/plain")

    def document_unmapped(
        self,
        id_: str,
        *,
        cursor: str | None = None,
        limit: int | None = None,
    ) -> Page[UnmappedShape]:
        """What a received document says and no field of it takes, in the order of its bytes.

        It is found by reading the kept bytes again, so nothing that a partner sends is dropped silently. Empty for a
        document of ours.

        ``GET /api/v1/documents/{id}/unmapped``, scope ``read``.
        """
        return self._page(
            UnmappedShape,
            segment("/api/v1/documents/{}/unmapped", id_),
            query={"cursor": cursor, "limit": limit},
        )

    def replay_document(
        self,
        id_: str,
        body: DocumentReplayRequest | None = None,
        *,
        idempotency_key: str | None = None,
    ) -> DocumentDetail:
        """Run a kept document again, such as one that was parked until its partner was known.

        ``POST /api/v1/documents/{id}/replay``, scope ``operate``.
        """
        return self._one(
            DocumentDetail,
            "POST",
            segment("/api/v1/documents/{}/replay", id_),
            body=body,
            idempotency_key=idempotency_key,
        )

    def resend_document(
        self,
        id_: str,
        body: DocumentResendRequest | None = None,
        *,
        idempotency_key: str | None = None,
    ) -> DocumentDetail:
        """Send a document of ours once more.

        It leaves with the same bytes and references, and with it everything in its interchange; `reissue` renders all
        of that anew under new references, and the answer is the new document.

        ``POST /api/v1/documents/{id}/resend``, scope ``operate``.
        """
        return self._one(
            DocumentDetail,
            "POST",
            segment("/api/v1/documents/{}/resend", id_),
            body=body,
            idempotency_key=idempotency_key,
        )
