# Made by `make reference` from the OpenAPI document. Do not edit.
"""The operations of the subject papers."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from gateway.client.caller import Caller
from gateway.client.pages import Page
from gateway.client.shapes import (
    AnswerSampleRequest,
    Empty,
    LessonShape,
    PaperDetail,
    PaperShape,
    RevokeLessonRequest,
    SampleDetail,
    SampleShape,
    SettleSampleRequest,
)
from gateway.client.values import segment


class PapersCalls(Caller):
    """The operations of the subject papers."""

    def papers(
        self,
        *,
        cursor: str | None = None,
        limit: int | None = None,
        state: Literal["received", "reading", "read", "failed"] | None = None,
        transport: Literal["mail", "fax"] | None = None,
        became: Literal["order", "draft", "repeat", "same", "other", "handed_on", "left", "ignored", "discarded"]
        | None = None,
        partner: str | None = None,
        since: dt.datetime | dt.date | None = None,
    ) -> Page[PaperShape]:
        """What came by mail and fax, newest first, with what each part became.

        ``GET /api/v1/papers``, scope ``read``.
        """
        return self._page(
            PaperShape,
            "/api/v1/papers",
            query={
                "cursor": cursor,
                "limit": limit,
                "state": state,
                "transport": transport,
                "became": became,
                "partner": partner,
                "since": since,
            },
        )

    def paper(self, id_: str) -> PaperDetail:
        """One paper: of every field its value, page, box and evidence, or the doubt and every way to read it.

        ``GET /api/v1/papers/{id}``, scope ``read``.
        """
        return self._one(PaperDetail, "GET", segment("/api/v1/papers/{}", id_))

    def ask_sender(self, id_: str, body: Empty | None = None, *, idempotency_key: str | None = None) -> PaperDetail:
        """Ask the sender of a mail, by mail and once, what is still open of its drafts.

        What a person settled is left out. 409 where it was asked before, where nothing is open that a sender could say,
        and where there is nobody whom it may be put to: a fax, a machine, a sender who is not known to be the
        customer's.

        ``POST /api/v1/papers/{id}/ask``, scope ``submit``.
        """
        return self._one(
            PaperDetail,
            "POST",
            segment("/api/v1/papers/{}/ask", id_),
            body=body,
            idempotency_key=idempotency_key,
        )

    def paper_page(self, id_: str, part: int, page: int, *, field: str | None = None) -> bytes:
        """A page as a picture, or the place on it where a field was read.

        A PDF is drawn, a picture is shown; the answer is always a PNG of ours, whose SHA-256 is its ETag. 404
        `paper.no_picture` says that there is none: of a sheet, a text, HTML, a page that is not there or that is
        damaged.

        ``GET /api/v1/papers/{id}/parts/{part}/pages/{page}`` as image/png, scope ``read``.
        """
        return self._file(
            segment("/api/v1/papers/{}/parts/{}/pages/{}", id_, part, page),
            "image/png",
            query={"field": field},
        )

    def paper_memory(
        self,
        *,
        cursor: str | None = None,
        limit: int | None = None,
        partner: str | None = None,
        state: Literal["active", "refused", "contradicted", "revoked"] | None = None,
    ) -> Page[LessonShape]:
        """What confirmed orders taught about the papers of a customer, newest first.

        The form of its order numbers proves one that was read from a picture, a sender names the customer, its own
        codes name items, and goods go to addresses that a person confirmed. Each was tried on the stored papers of the
        customer before: one that reads a paper otherwise than its order says is refused. One that a later order
        contradicts is not used any more.

        ``GET /api/v1/paper-memory``, scope ``read``.
        """
        return self._page(
            LessonShape,
            "/api/v1/paper-memory",
            query={"cursor": cursor, "limit": limit, "partner": partner, "state": state},
        )

    def revoke_paper_memory(
        self,
        id_: str,
        body: RevokeLessonRequest,
        *,
        idempotency_key: str | None = None,
    ) -> LessonShape:
        """Forget something for good: it proves nothing any more, and is not learned again.

        ``POST /api/v1/paper-memory/{id}/revoke``, scope ``operate``.
        """
        return self._one(
            LessonShape,
            "POST",
            segment("/api/v1/paper-memory/{}/revoke", id_),
            body=body,
            idempotency_key=idempotency_key,
        )

    def paper_samples(
        self,
        *,
        cursor: str | None = None,
        limit: int | None = None,
        state: Literal["open", "differs", "done"] | None = None,
        class_: Literal["pdf", "table", "mail", "scan", "fax"] | None = None,
    ) -> Page[SampleShape]:
        """Orders that were drawn to be read once more, newest first; whose they are is told once they are answered.

        ``GET /api/v1/paper-samples``, scope ``read``.
        """
        return self._page(
            SampleShape,
            "/api/v1/paper-samples",
            query={"cursor": cursor, "limit": limit, "state": state, "class": class_},
        )

    def paper_sample(self, id_: str) -> SampleDetail:
        """One sample: the fields that are asked, and once they are answered what differs.

        Before, nothing of what was read is told, nor which order it became.

        ``GET /api/v1/paper-samples/{id}``, scope ``read``.
        """
        return self._one(SampleDetail, "GET", segment("/api/v1/paper-samples/{}", id_))

    def paper_sample_page(self, id_: str, page: int) -> bytes:
        """A page of the paper as a picture of ours; 404 `paper.no_picture` where there is none.

        ``GET /api/v1/paper-samples/{id}/pages/{page}`` as image/png, scope ``read``.
        """
        return self._file(segment("/api/v1/paper-samples/{}/pages/{}", id_, page), "image/png")

    def paper_sample_file(self, id_: str) -> bytes:
        """The file itself, where it is a table or the words of a mail: those have no pages.

        It is as a stranger sent it: save it and open it as a text.

        ``GET /api/v1/paper-samples/{id}/file`` as application/octet-stream, scope ``read``.
        """
        return self._file(segment("/api/v1/paper-samples/{}/file", id_), "application/octet-stream")

    def answer_paper_sample(
        self,
        id_: str,
        body: AnswerSampleRequest,
        *,
        if_match: str,
        idempotency_key: str | None = None,
    ) -> SampleDetail:
        """Say what stands on the paper, field by field. It is compared with what was read, and cannot be said twice.

        ``POST /api/v1/paper-samples/{id}/answers``, scope ``operate``.
        """
        return self._one(
            SampleDetail,
            "POST",
            segment("/api/v1/paper-samples/{}/answers", id_),
            body=body,
            if_match=if_match,
            idempotency_key=idempotency_key,
        )

    def settle_paper_sample(
        self,
        id_: str,
        body: SettleSampleRequest,
        *,
        if_match: str,
        idempotency_key: str | None = None,
    ) -> SampleDetail:
        """Decide who was wrong in each field that differs; whoever typed it may not.

        Where it was the reader and the order is neither declined, cancelled nor archived, sales get an alert and a
        task, `paper.misread`.

        ``POST /api/v1/paper-samples/{id}/verdicts``, scope ``operate``.
        """
        return self._one(
            SampleDetail,
            "POST",
            segment("/api/v1/paper-samples/{}/verdicts", id_),
            body=body,
            if_match=if_match,
            idempotency_key=idempotency_key,
        )
