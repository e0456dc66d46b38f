"""Tasks, and what is asked of them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from gateway.web.shapes.common import OrderNumber, Paging, Request, Text
from gateway.web.shapes.masters import GrowingShape
from gateway.web.shapes.order import HoldCode

Role = Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,50}$")]
Kind = Annotated[str, StringConstraints(pattern=r"^[a-z_]+(\.[a-z_]+)?$", max_length=40)]
TaskId = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,19}$")]
State = Literal["open", "done", "expired", "cancelled"]


class TaskPath(Request):
    """Which task."""

    id: TaskId


class TaskShape(GrowingShape):
    """What waits, or waited, for a person."""

    id: str
    kind: str
    subject: str
    order: str | None
    role: str
    assignee: str | None = Field(description="the one of the role who alone does it")
    words: str
    inputs: dict[str, Any]
    opened_at: str
    due_at: str | None
    reminded_at: str | None
    overdue: bool
    state: State
    closed_at: str | None
    done_by: str | None
    outcome: str | None
    reason: str | None


class TasksQuery(Paging):
    """Which tasks."""

    role: Role | None = Field(None, description="those that wait for this role")
    kind: Kind | None = None
    order: OrderNumber | None = None
    state: State = "open"
    overdue: bool = Field(False, description="only open ones that are late")
    mine: bool = Field(False, description="only what the caller may do, by role or by name")


class DoneRequest(Request):
    """What was done, in words."""

    reason: Text = ""


class QuestionRequest(Request):
    """What the customer is asked, and about which hold."""

    code: HoldCode
    question: Annotated[Text, StringConstraints(min_length=1, max_length=500)]


class QuestionShape(GrowingShape):
    """What was asked, and how it is followed up."""

    order: str
    code: str
    line: int | None
    question: str
    notices: list[str] = Field(description="what is sent to the customer; none where it wants no such notices")
    message: Literal["ORDRSP"] | None = Field(
        description="the EDI message that asks it, where nothing else does and the agreement has tell_pending"
    )
    task: str | None = Field(description="waits for the answer; null where one waits already")
