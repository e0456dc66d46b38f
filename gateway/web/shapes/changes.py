"""Changes of an order as they are told: state, impact, documents."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from gateway.web.shapes.common import DecimalOut, Shape
from gateway.web.shapes.document import DocumentShape
from gateway.web.shapes.order import NumberPath


class ChangePath(NumberPath):
    """The order's number and the id of one of its changes."""

    id: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,19}$")]


class DifferenceShape(Shape):
    """One value that a change altered; null is not there."""

    field: str = Field(description="path in the order, such as `lines.3.quantity`")
    before: str | None
    after: str | None


class TotalsShape(Shape):
    """The order's total before and after."""

    before: DecimalOut
    after: DecimalOut


class DaysShape(Shape):
    """The promised day before and after."""

    before: str | None
    after: str | None


class ImpactShape(Shape):
    """What a change altered."""

    total: TotalsShape
    promised_date: DaysShape
    lines: list[int] = Field(description="the lines that it touched")
    differences: list[DifferenceShape]


class ChangeShape(Shape):
    """A change request that was decided."""

    id: str
    number: str
    reference: str | None = Field(description="the requester's number of the change")
    function: Literal["change", "replace", "cancel"]
    state: Literal["applied", "confirmed", "cancelled", "declined"] = Field(
        description="applied: its revision waits for a decision, or another overtook it; cancelled: it ended the order"
    )
    revision: int = Field(description="the revision that it made; of one that made none the revision that it met")
    dated: str | None = Field(description="the date that the change itself bears")
    at: str
    actor: str
    reason: str = Field(description="why it was asked for, or why it was declined")
    document_id: str
    impact: ImpactShape | None = Field(description="null of a change that was declined")


class ChangeDetailShape(ChangeShape):
    """A change with its evidence."""

    asked: dict[str, Any] = Field(description="the change as it was asked for; actions as in LIN 1229")
    stood: dict[str, Any] = Field(description="total, promised date and lines before it")
    documents: list[DocumentShape] = Field(description="the document that asked for it, and our answers to it")
