"""Prices as people and programs read them."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from gateway.web.shapes.common import (
    DecimalOut,
    DecimalText,
    IsoDate,
    ItemCode,
    OrderNumber,
    PartnerCode,
    Request,
    Shape,
)
from gateway.web.shapes.order import HoldShape

Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
Level = Literal["promotion", "customer", "group", "tier", "catalogue"]
Positive = Annotated[DecimalText, Field(gt=0)]


class PriceQuery(Request):
    """Whose price of how much of what, on which day."""

    partner: PartnerCode | None = None
    sku: ItemCode
    quantity: Positive = Decimal(1)
    date: IsoDate | None = Field(None, description="default: today at the company's place")
    currency: Currency | None = Field(None, description="default: the partner's")
    contract: ItemCode | None = Field(None, description="the contract that the order would name")


class CandidateShape(Shape):
    """A price that names this buyer; ``refused`` says why it does not apply, null where it does."""

    level: Level
    price: DecimalOut
    currency: str
    min_quantity: DecimalOut
    valid_from: str | None
    valid_to: str | None
    source: str
    contract: str | None
    reference: str | None = Field(description="a promotion's code, or the number of the price request")
    basis: dict[str, Any] | None = Field(description="who applied, why, who approved")
    chosen: bool
    refused: str | None


class DecisionShape(Shape):
    """A decision on a price: ``price`` and ``level`` are null where none applies; ``why`` is one sentence."""

    quantity: DecimalOut
    currency: str
    date: str
    contract: str | None
    price: DecimalOut | None
    level: Level | None
    why: str
    rule: str
    candidates: list[CandidateShape]


class PriceShape(DecisionShape):
    """The price of an item for a buyer."""

    partner: str
    sku: str


class LinePath(Request):
    """A line of an order, by the buyer's own number."""

    number: OrderNumber
    line: Annotated[int, Field(ge=1, le=10**9)]


class PriceApproval(HoldShape):
    """A hold on a price and who lifted it."""

    released_by: str | None
    released_at: str | None
    release_reason: str | None


class PriceExplanation(Shape):
    """The composition of a price as of its review; ``verified`` when the rule still chooses the same among what was."""

    number: str
    line: int
    sku: str | None
    reviewed_at: str
    rule_version: str
    master_version: int
    price: DecimalOut | None
    buyer_price: DecimalOut | None
    expected_price: DecimalOut | None
    difference_percent: str | None
    locked: bool = Field(description="the price stands; only a change of the order changes it")
    approvals: list[PriceApproval]
    decision: DecisionShape | None
    verified: bool


class MarginSums(Shape):
    """What is earned; null where no cost is known."""

    revenue: DecimalOut | None
    margin: DecimalOut | None
    margin_percent: str | None
    floor_percent: str | None


class LineMargin(MarginSums):
    """The margin of a line and where its cost comes from."""

    line: int
    sku: str | None
    quantity: DecimalOut
    price: DecimalOut | None
    cost: DecimalOut | None
    cost_source: str | None


class OrderMargin(MarginSums):
    """The margin of an order, of the lines whose cost is known."""

    number: str
    currency: str
    reviewed_at: str
    rule_version: str
    lines_without_cost: int
    lines: list[LineMargin]
