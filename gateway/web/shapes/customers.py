"""Customers: master data, grades by trade, profile, feedback."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from gateway.web.shapes.common import DecimalOut, OrderNumber, Paging, PartnerCode, Request, Shape
from gateway.web.shapes.masters import GrowingShape

Rating = Annotated[int, Field(ge=1, le=5)]
#: in a body a rating is a number; in a query everything is text
GivenRating = Annotated[int, Field(ge=1, le=5, strict=True)]
Words = Annotated[str, StringConstraints(max_length=2000, pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$")]
Grade = Literal["A", "B", "C", "D"]


class PartnerMasterShape(GrowingShape):
    """A partner in the keys of `[[partners]]` of the master data file; decimals are text."""

    code: str
    name: str
    contact: dict[str, Any]
    edi: list[dict[str, Any]]
    addresses: list[dict[str, Any]]
    notices: list[dict[str, Any]]


class RegradeQuery(Request):
    """Whether to look only."""

    dry_run: bool = Field(False, description="tell what would change, and change nothing")


class RegradeRequest(Request):
    """Whom to grade."""

    partner: PartnerCode | None = Field(None, description="one customer; every one without it")


class TradeShape(Shape):
    """What a grade follows from."""

    orders: int = Field(description="received in the months and not refused")
    amount: DecimalOut = Field(description="invoiced net")
    days_late: DecimalOut = Field(description="mean of the payments")
    months: int


class GradedShape(Shape):
    """What became of one customer."""

    partner: str
    before: Grade | None
    grade: Grade | None
    changed: bool
    inputs: TradeShape
    because: list[str] = Field(description="what kept it from the next better grade")


class RegradedShape(Shape):
    """Every customer with its grade under the rules in force."""

    rule: str
    rule_version: str
    since: date
    items: list[GradedShape]


class TotalShape(Shape):
    """What was ordered in one currency."""

    currency: str
    orders: int
    total: DecimalOut
    mean: DecimalOut


class FavouriteShape(Shape):
    """An item that a customer orders often."""

    sku: str
    orders: int
    quantity: DecimalOut
    amount: DecimalOut


class RatingsShape(Shape):
    """How a customer rated its orders."""

    count: int
    mean_rating: DecimalOut | None


class ProfileShape(Shape):
    """What a customer bought in the last twelve months and this one."""

    partner: str
    name: str
    since: date
    orders: int
    totals: list[TotalShape]
    channels: dict[str, int] = Field(description="orders by channel")
    types: dict[str, int] = Field(description="orders by type")
    first_order: datetime | None
    last_order: datetime | None
    days_between: DecimalOut | None = Field(description="mean of days from one order to the next")
    favourites: list[FavouriteShape]
    days_late: DecimalOut
    feedback: RatingsShape


class FeedbackRequest(Request):
    """What is said of an order."""

    order: OrderNumber
    rating: GivenRating = Field(description="1 is bad, 5 is good")
    text: Words = ""


class FeedbackShape(Shape):
    """What was said of an order."""

    id: str
    order: str
    partner: str
    rating: int
    text: str
    at: datetime
    actor: str


class ReasonQuery(Request):
    """Why it is changed."""

    reason: Annotated[str, StringConstraints(max_length=500)] = Field("", description="kept in the partner's history")


class PartnerChangeShape(Shape):
    """A change of a partner's master data: the keys that differ."""

    at: datetime
    actor: str = Field(description="a person or key; `cli:NAME` who loaded a file")
    reason: str = Field(description="as it was given; of a load the name of the file")
    created: bool
    before: dict[str, Any] = Field(description="as they were; empty when the partner is new")
    after: dict[str, Any]


class FeedbackQuery(Paging):
    """Which feedback."""

    order: OrderNumber | None = None
    partner: PartnerCode | None = None
    most_rating: Rating | None = Field(None, description="that rating and worse")
