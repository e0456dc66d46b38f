# Made by `make reference` from the OpenAPI document. Do not edit.
"""Bodies and answers of the subject tasks."""

from __future__ import annotations

from typing import Any

from gateway.client.values import Answer, Body

__all__ = ["DoneRequest", "QuestionRequest", "TaskShape", "TasksQuestionShape"]


class DoneRequest(Body):
    """What was done, in words."""

    reason: str = ""


class QuestionRequest(Body):
    """What the customer is asked, and about which hold."""

    code: str
    question: str


class TaskShape(Answer):
    """What waits, or waited, for a person."""

    id: str
    kind: str
    subject: str
    order: str | None
    role: str
    #: the one of the role who alone does it
    assignee: str | None
    words: str
    inputs: dict[str, Any]
    opened_at: str
    due_at: str | None
    reminded_at: str | None
    overdue: bool
    state: str
    closed_at: str | None
    done_by: str | None
    outcome: str | None
    reason: str | None


class TasksQuestionShape(Answer):
    """What was asked, and how it is followed up."""

    order: str
    code: str
    line: int | None
    question: str
    #: what is sent to the customer; none where it wants no such notices
    notices: list[str]
    #: the EDI message that asks it, where nothing else does and the agreement has tell_pending
    message: str | None
    #: waits for the answer; null where one waits already
    task: str | None
