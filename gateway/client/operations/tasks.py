# Made by `make reference` from the OpenAPI document. Do not edit.
"""The operations of the subject tasks."""

from __future__ import annotations

from typing import Literal

from gateway.client.caller import Caller
from gateway.client.pages import Page
from gateway.client.shapes import DoneRequest, QuestionRequest, TaskShape, TasksQuestionShape
from gateway.client.values import segment


class TasksCalls(Caller):
    """The operations of the subject tasks."""

    def tasks(
        self,
        *,
        cursor: str | None = None,
        limit: int | None = None,
        role: str | None = None,
        kind: str | None = None,
        order: str | None = None,
        state: Literal["open", "done", "expired", "cancelled"] | None = None,
        overdue: bool | None = None,
        mine: bool | None = None,
    ) -> Page[TaskShape]:
        """Tasks, the earliest first: what waits for a role, or for one who is named, and by when.

        ``GET /api/v1/tasks``, scope ``read``.
        """
        return self._page(
            TaskShape,
            "/api/v1/tasks",
            query={
                "cursor": cursor,
                "limit": limit,
                "role": role,
                "kind": kind,
                "order": order,
                "state": state,
                "overdue": overdue,
                "mine": mine,
            },
        )

    def finish_task(
        self,
        id_: str,
        body: DoneRequest | None = None,
        *,
        idempotency_key: str | None = None,
    ) -> TaskShape:
        """Say that a task was done. One that is an approval is done by its decision.

        ``POST /api/v1/tasks/{id}/done``, scope ``operate``.
        """
        return self._one(
            TaskShape,
            "POST",
            segment("/api/v1/tasks/{}/done", id_),
            body=body,
            idempotency_key=idempotency_key,
        )

    def ask_customer(
        self,
        number: str,
        body: QuestionRequest,
        *,
        idempotency_key: str | None = None,
    ) -> TasksQuestionShape:
        """Put to the customer what only the customer can mend.

        It is sent the way the partner wants to hear of `order.question`; where it wants none, by ORDRSP 12 if its
        agreement has `tell_pending`, else the task says to call. The task closes when the hold is lifted.

        ``POST /api/v1/orders/{number}/questions``, scope ``operate``.
        """
        return self._one(
            TasksQuestionShape,
            "POST",
            segment("/api/v1/orders/{}/questions", number),
            body=body,
            idempotency_key=idempotency_key,
        )
