"""A change of an order as it is asked for."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field, StringConstraints, model_validator

from core.documents import ChangedLine, ChangeFunction, LineAction, OrderChange, Party
from gateway.web.shapes.amounts import ChangedQuantity, UnitPrice
from gateway.web.shapes.common import IsoDate, ItemCode, Request, Text
from gateway.web.shapes.order import Gtin, ShipTo

_FUNCTIONS = {"cancel": ChangeFunction.CANCEL, "change": ChangeFunction.CHANGE, "replace": ChangeFunction.REPLACE}
_ACTIONS = {"add": LineAction.ADD, "change": LineAction.CHANGE, "delete": LineAction.DELETE}


class ChangedLineRequest(Request):
    """What becomes of one line; what is not said stays as it was."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"line": 1, "action": "change", "quantity": "30", "requested_date": "2026-03-12"}]
        }
    )

    line: Annotated[int, Field(ge=1, le=999999)] = Field(description="its number in the order")
    action: Literal["add", "change", "delete"] = "change"
    sku: ItemCode | None = None
    gtin: Gtin | None = None
    buyer_code: ItemCode | None = None
    quantity: ChangedQuantity | None = Field(None, description="0 deletes the line")
    unit: Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{1,3}$")] | None = None
    price: UnitPrice | None = Field(None, description="unit price that the buyer expects")
    requested_date: IsoDate | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        named = sum(name is not None for name in (self.sku, self.gtin, self.buyer_code))
        if named > 1 or (self.action == "add" and not named):
            raise ValueError("name the item by one of sku, gtin and buyer_code")
        if self.action == "add" and not self.quantity:
            raise ValueError("a line that is added has a quantity")
        return self

    def document(self) -> ChangedLine:
        """Return the canonical line."""
        return ChangedLine(
            line=self.line,
            action=_ACTIONS[self.action],
            quantity=self.quantity,
            gtin=self.gtin or "",
            buyer_code=self.buyer_code or "",
            supplier_code=self.sku or "",
            unit=self.unit or "",
            price=self.price,
            requested_date=self.requested_date,
        )


class ChangeRequest(Request):
    """A change of an order: the same that an ORDCHG says."""

    reference: Annotated[str, StringConstraints(max_length=35, pattern=r"^[^\x00-\x1f\x7f]*$")] = Field(
        "", description="the requester's number of the change: the same change again under it changes nothing"
    )
    function: Literal["change", "replace", "cancel"] = Field(
        "change", description="replace: the lines are the whole order; cancel: the order ends, whatever its lines"
    )
    requested_date: IsoDate | None = None
    ship_to: ShipTo | None = None
    reason: Text = Field("", description="why, for the record")
    lines: list[ChangedLineRequest] = Field(default=[], max_length=9999)

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.function == "replace" and not self.lines:
            raise ValueError("a replacement has lines")
        if len({line.line for line in self.lines}) < len(self.lines):
            raise ValueError("a line is named once")
        if self.function == "replace" and any(line.action != "add" for line in self.lines):
            raise ValueError("a replacement adds its lines")
        said: tuple[date | ShipTo | None, ...] = (self.requested_date, self.ship_to)
        if self.function == "change" and not self.lines and said == (None, None):
            raise ValueError("the change says nothing")
        return self

    def document(self) -> OrderChange:
        """Return the canonical change; the order that it is of is named by the path."""
        return OrderChange(
            number=self.reference,
            buyer_reference="",
            function=_FUNCTIONS[self.function],
            lines=tuple(line.document() for line in self.lines),
            requested_date=self.requested_date,
            ship_to=Party(role="DP", **self.ship_to.model_dump()) if self.ship_to else None,
        )
