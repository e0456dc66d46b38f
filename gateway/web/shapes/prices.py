"""Prices as people and programs read them."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from gateway.web.shapes.common import (
    DecimalOut,
    DecimalText,
    DifferenceOut,
    Instant,
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
    difference_percent: DifferenceOut | None
    locked: bool = Field(description="the price stands; only a change of the order changes it")
    approvals: list[PriceApproval]
    decision: DecisionShape | None
    verified: bool


class MarginSums(Shape):
    """What is earned; null where no cost is known."""

    revenue: DecimalOut | None
    margin: DecimalOut | None
    margin_percent: DecimalOut | None
    floor_percent: DecimalOut | None


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


Told = Annotated[str, StringConstraints(min_length=1, max_length=500, strip_whitespace=True)]


class PriceRequestBody(Request):
    """A special price that sales asks for; reason, competition, expected volume and approver are always told."""

    partner: PartnerCode
    sku: ItemCode
    amount: DecimalText = Field(ge=0)
    currency: Currency | None = Field(None, description="default: the partner's")
    min_quantity: DecimalText = Field(Decimal(0), ge=0)
    valid_from: IsoDate
    valid_to: IsoDate
    reason: Told
    competition: Told = Field(description="what others ask for it")
    expected_volume: Positive
    approver: Annotated[str, StringConstraints(min_length=1, max_length=100, strip_whitespace=True)]

    @model_validator(mode="after")
    def _in_time(self) -> Self:
        if self.valid_to < self.valid_from:
            raise ValueError("valid_to is before valid_from")
        return self


class RequestPath(Request):
    """The number of a price request."""

    request: Annotated[str, StringConstraints(pattern=r"^PR-[0-9]{6,12}$")]


class AgreedPrice(Request):
    """The granted request whose price the line gets: no special price without one."""

    request: Annotated[str, StringConstraints(pattern=r"^PR-[0-9]{6,12}$")]


class DecisionBody(Request):
    """Why a price request is granted or declined."""

    reason: Told


class PriceRequestShape(Shape):
    """A request for a special price; ``release_role`` follows from how far it is below ``standard``."""

    number: str
    partner: str
    sku: str
    currency: str
    amount: DecimalOut
    min_quantity: DecimalOut
    valid_from: str
    valid_to: str
    reason: str
    competition: str
    expected_volume: DecimalOut
    approver: str
    standard: DecimalOut
    deviation_percent: DecimalOut
    release_role: str
    rule_version: str
    state: Literal["requested", "approved", "declined"]
    requested_by: str
    requested_at: str
    decided_by: str | None
    decided_at: str | None
    decision: str | None


class ContractPath(Request):
    """The number of a contract."""

    contract: ItemCode


class VerifyBody(Request):
    """Since when orders are compared."""

    since: Instant = Field(description="received at or after")


class OffContract(Shape):
    """A line whose price is not the contract's; ``contract_price`` is null where it has none for the item."""

    number: str
    line: int
    sku: str
    price: DecimalOut
    contract_price: DecimalOut | None
    difference_percent: DifferenceOut | None


class ContractVerdict(Shape):
    """What was compared, and which lines are off the contract."""

    contract: str
    partners: list[str]
    orders: int
    lines: int
    off: list[OffContract]
