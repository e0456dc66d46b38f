"""Approvals and delegations, and what is asked of them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from gateway.web.shapes.common import DecimalOut, Instant, IsoDate, OrderNumber, Paging, Request, Shape, Text
from gateway.web.shapes.masters import GrowingShape
from gateway.web.shapes.order import HoldCode

RowId = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,19}$")]
Reason = Annotated[Text, StringConstraints(min_length=1, max_length=500)]
UserName = Annotated[Text, StringConstraints(min_length=1, max_length=100)]
State = Literal["pending", "approved", "declined", "expired", "delegated"]


class ApprovalPath(Request):
    """Which approval."""

    id: RowId


class DelegationPath(Request):
    """Which delegation."""

    id: RowId


class ApprovalShape(GrowingShape):
    """A decision that is asked for on a hold."""

    id: str
    order: str
    partner: str
    code: str = Field(description="of the hold")
    line: int | None
    state: State
    round: int = Field(description="counts the times that it was asked for")
    step: int
    steps: int
    role: str
    assignee: str | None = Field(description="the one of the role who alone decides")
    until: str | None
    asked_by: str
    why: str
    rule_version: str
    opened_at: str
    due_at: str = Field(description="then the role above is asked")
    overdue: bool
    decided_at: str | None
    decided_by: str | None
    on_behalf_of: str | None = Field(description="who is away, where somebody stood in")
    decision_reason: str | None


class HeldShape(Shape):
    """The hold that it is about."""

    code: str
    line: int | None
    reason: str
    inputs: dict[str, Any]
    rule: str
    rule_version: str
    release_role: str


class StepShape(Shape):
    """A step of the flow."""

    roles: list[str]
    needs: Literal["all", "any"]


class ApprovalDetailShape(ApprovalShape):
    """An approval with what it is decided from."""

    hold: HeldShape
    limit: DecimalOut | None = Field(description="up to what the role grants credit")
    flow: list[StepShape]
    decisions: list[dict[str, Any]] = Field(description="those of this round, in the sequence in which they were asked")
    approving_does: str | None


class ApprovalsShape(Shape):
    """What is asked now."""

    items: list[ApprovalDetailShape]


class ApprovalsQuery(Paging):
    """Which approvals."""

    state: State = "pending"
    order: OrderNumber | None = None
    mine: bool = Field(False, description="only those that wait for the caller's roles or name")


class DecideRequest(Request):
    """The decision and why."""

    decision: Literal["approve", "decline"]
    reason: Text = ""


class DelegateRequest(Request):
    """To whom it is handed, until when, and why."""

    to: UserName = Field(description="a user of the master data whose role suffices")
    until: Instant | None = Field(None, description="then anybody of the role decides again")
    reason: Reason


class EscalateRequest(Request):
    """Why the role above is to decide."""

    reason: Reason


class AskRequest(Request):
    """Which holds are to be approved, and why."""

    codes: list[HoldCode] = Field(default=[], max_length=50, description="empty: all open holds")
    reason: Reason


class DelegationShape(GrowingShape):
    """Who decides in place of somebody who is away."""

    id: str
    away: str
    to: str
    valid_from: str
    valid_to: str
    reason: str
    created_by: str
    created_at: str
    ended: bool


class DelegationRequest(Request):
    """Who is away, who stands in, on which days of our time zone."""

    away: UserName | None = Field(None, description="who is away; the caller where it is left out")
    to: UserName
    valid_from: IsoDate
    valid_to: IsoDate
    reason: Reason
