# Made by `make reference` from the OpenAPI document. Do not edit.
"""Bodies and answers of the subject approvals."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

from pydantic import AwareDatetime, Field

from gateway.client.values import Answer, Body, Exact

__all__ = [
    "ApprovalDetailShape",
    "ApprovalShape",
    "ApprovalsShape",
    "ApprovalsStepShape",
    "AskRequest",
    "DecideRequest",
    "DelegateRequest",
    "DelegationRequest",
    "DelegationShape",
    "EscalateRequest",
    "HeldShape",
]


class HeldShape(Answer):
    """The hold that it is about."""

    code: str
    line: int | None
    reason: str
    inputs: dict[str, Any]
    rule: str
    rule_version: str
    release_role: str


class ApprovalsStepShape(Answer):
    """A step of the flow."""

    roles: list[str]
    needs: str


class ApprovalDetailShape(Answer):
    """An approval with what it is decided from."""

    id: str
    order: str
    partner: str
    #: of the hold
    code: str
    line: int | None
    state: str
    #: counts the times that it was asked for
    round: int
    step: int
    steps: int
    role: str
    #: the one of the role who alone decides
    assignee: str | None
    until: str | None
    asked_by: str
    why: str
    rule_version: str
    opened_at: str
    #: then the role above is asked
    due_at: str
    overdue: bool
    decided_at: str | None
    decided_by: str | None
    #: who is away, where somebody stood in
    on_behalf_of: str | None
    decision_reason: str | None
    hold: HeldShape
    #: up to what the role grants credit
    limit: Exact | None
    flow: list[ApprovalsStepShape]
    #: those of this round, in the sequence in which they were asked
    decisions: list[dict[str, Any]]
    approving_does: str | None


class ApprovalShape(Answer):
    """A decision that is asked for on a hold."""

    id: str
    order: str
    partner: str
    #: of the hold
    code: str
    line: int | None
    state: str
    #: counts the times that it was asked for
    round: int
    step: int
    steps: int
    role: str
    #: the one of the role who alone decides
    assignee: str | None
    until: str | None
    asked_by: str
    why: str
    rule_version: str
    opened_at: str
    #: then the role above is asked
    due_at: str
    overdue: bool
    decided_at: str | None
    decided_by: str | None
    #: who is away, where somebody stood in
    on_behalf_of: str | None
    decision_reason: str | None


class ApprovalsShape(Answer):
    """What is asked now."""

    items: list[ApprovalDetailShape]


class AskRequest(Body):
    """Which holds are to be approved, and why."""

    reason: str
    #: empty: all open holds
    codes: list[str] = Field(default_factory=list)


class DecideRequest(Body):
    """The decision and why."""

    decision: Literal["approve", "decline"]
    reason: str = ""


class DelegateRequest(Body):
    """To whom it is handed, until when, and why."""

    #: a user of the master data whose role suffices
    to: str
    reason: str
    #: then anybody of the role decides again
    until: AwareDatetime | dt.date | None = None


class DelegationRequest(Body):
    """Who is away, who stands in, on which days of our time zone."""

    to: str
    valid_from: dt.date
    valid_to: dt.date
    reason: str
    #: who is away; the caller where it is left out
    away: str | None = None


class DelegationShape(Answer):
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


class EscalateRequest(Body):
    """Why the role above is to decide."""

    reason: str
