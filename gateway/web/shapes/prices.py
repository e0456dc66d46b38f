"""Prices as people and programs read them."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from gateway.web.shapes.common import DecimalOut, DecimalText, IsoDate, ItemCode, PartnerCode, Request, Shape

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
