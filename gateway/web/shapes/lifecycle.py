"""The calendar of an order, and its end."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from gateway.web.shapes.common import Request, Shape, Text


class PhaseShape(Shape):
    """One phase: when it is to end, and when it did."""

    phase: Literal["create", "review", "execute", "complete"]
    due_at: datetime
    ended_at: datetime | None
    late: bool = Field(description="ended behind its time, or still open behind it")


class PhasesShape(Shape):
    """The phases of an order under the rules in force."""

    number: str
    type: str
    phase: str | None = Field(description="the one it is in; null at its end")
    rule_version: str
    phases: list[PhaseShape]


class ArchiveRequest(Request):
    """Why an order is closed now."""

    reason: Text = ""
