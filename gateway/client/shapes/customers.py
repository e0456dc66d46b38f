# Made by `make reference` from the OpenAPI document. Do not edit.
"""Bodies and answers of the subject customers."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

from pydantic import AwareDatetime, Field

from gateway.client.values import Answer, Body, Exact

__all__ = [
    "Address",
    "Contact",
    "CustomersProfileShape",
    "Edi",
    "FavouriteShape",
    "FeedbackRequest",
    "FeedbackShape",
    "GradedShape",
    "Notice",
    "Partner",
    "PartnerChangeShape",
    "PartnerMasterShape",
    "RatingsShape",
    "RegradeRequest",
    "RegradedShape",
    "Tolerances",
    "TotalShape",
    "TradeShape",
]


class Address(Body):
    """``[[partners.addresses]]``: a party of the partner under its role (UN data element 3035)."""

    role: str
    country: str
    gln: str = ""
    name: str = ""
    street: str = ""
    city: str = ""
    region: str = ""
    postal_code: str = ""


class Contact(Body):
    """``[partners.contact]``."""

    name: str = ""
    phone: str = ""
    email: str = ""


class TotalShape(Answer):
    """What was ordered in one currency."""

    currency: str
    orders: int
    total: Exact
    mean: Exact


class FavouriteShape(Answer):
    """An item that a customer orders often."""

    sku: str
    orders: int
    quantity: Exact
    amount: Exact


class RatingsShape(Answer):
    """How a customer rated its orders."""

    count: int
    mean_rating: Exact | None


class CustomersProfileShape(Answer):
    """What a customer bought in the last twelve months and this one."""

    partner: str
    name: str
    since: dt.date
    orders: int
    totals: list[TotalShape]
    #: orders by channel
    channels: dict[str, int]
    #: orders by type
    types: dict[str, int]
    first_order: AwareDatetime | None
    last_order: AwareDatetime | None
    #: mean of days from one order to the next
    days_between: Exact | None
    favourites: list[FavouriteShape]
    days_late: Exact
    feedback: RatingsShape


class Edi(Body):
    """``[[partners.edi]]``: an identity of the partner on envelopes, and how it wants to be answered."""

    id: str
    qualifier: str = "14"
    our_id: str | None = None
    our_qualifier: str = "14"
    acknowledge: Literal["always", "on_request", "on_error", "never"] = "always"
    respond: Literal["ORDRSP", "APERAK", "none"] = "ORDRSP"
    guide: str | None = None
    charset: str | None = None
    test: bool = False
    receipt: Literal["always", "on_request", "never"] = "on_request"
    tell_accepted: bool = False
    tell_pending: bool = False
    suspend: Literal["message", "interchange"] = "message"
    strangers: Literal["park", "refuse"] = "park"
    tests: Literal["take", "refuse"] = "take"
    report: Literal["always", "on_request", "on_error", "never"] = "never"
    duplicate_days: int = 90
    unique: list[Literal["interchange", "group", "message"]] = Field(default_factory=list)
    messages: list[str] = Field(default_factory=list)
    acknowledged_within: dict[str, int] = Field(default_factory=dict)


class FeedbackRequest(Body):
    """What is said of an order."""

    order: str
    #: 1 is bad, 5 is good
    rating: int
    text: str = ""


class FeedbackShape(Answer):
    """What was said of an order."""

    id: str
    order: str
    partner: str
    rating: int
    text: str
    at: AwareDatetime
    actor: str


class TradeShape(Answer):
    """What a grade follows from."""

    #: received in the months and not refused
    orders: int
    #: invoiced net
    amount: Exact
    #: mean of the payments
    days_late: Exact
    months: int


class GradedShape(Answer):
    """What became of one customer."""

    partner: str
    before: str | None
    grade: str | None
    changed: bool
    inputs: TradeShape
    #: what kept it from the next better grade
    because: list[str]


class Notice(Body):
    """``[[partners.notices]]``: what the partner wants to be told of, by which channel and to whom."""

    event: Literal[
        "order.confirmed",
        "order.changed",
        "order.refused",
        "order.question",
        "order.shipped",
        "delivery.tomorrow",
        "delivery.delayed",
        "order.completed",
        "invoice.issued",
        "payment.reminder",
        "paper.question",
        "*",
    ]
    channel: Literal["edi", "mail", "sms", "push", "none"]
    to: list[str] = Field(default_factory=list)
    cc: list[str] = Field(default_factory=list)
    language: str | None = None
    template: str | None = None


class Tolerances(Body):
    """``[partners.tolerances]``: how far an order may differ; unset ones are the review's defaults."""

    price_percent: str | None = None
    price_amount: str | None = None
    quantity_percent: str | None = None
    days_early: int | None = None
    days_late: int | None = None


class Partner(Body):
    """``[[partners]]``."""

    code: str
    name: str
    gln: str | None = None
    account: str | None = None
    language: str = "en"
    currency: str | None = None
    country: str | None = None
    tax_id: str | None = None
    grade: Literal["A", "B", "C", "D"] | None = None
    credit_limit: str | None = None
    payment_terms_days: int | None = None
    payment_method: str | None = None
    delivery_terms: str | None = None
    transport_mode: str | None = None
    business_unit: str | None = None
    vip: bool = False
    blocked: str | None = None
    group: str | None = None
    reservation_days: int | None = None
    carrier: str | None = None
    fulfilment: Literal["manual", "auto"] = "manual"
    allow_auto: bool = False
    target_margin: str | None = None
    edi: list[Edi] = Field(default_factory=list)
    tolerances: Tolerances = Field(default_factory=Tolerances)
    contact: Contact = Field(default_factory=Contact)
    addresses: list[Address] = Field(default_factory=list)
    account_manager: str | None = None
    notices: list[Notice] = Field(default_factory=list)


class PartnerChangeShape(Answer):
    """A change of a partner's master data: the keys that differ."""

    at: AwareDatetime
    #: a person or key; `cli:NAME` who loaded a file
    actor: str
    #: as it was given; of a load the name of the file
    reason: str
    created: bool
    #: as they were; empty when the partner is new
    before: dict[str, Any]
    after: dict[str, Any]


class PartnerMasterShape(Answer):
    """A partner in the keys of `[[partners]]` of the master data file; decimals are text."""

    code: str
    name: str
    contact: dict[str, Any]
    edi: list[dict[str, Any]]
    addresses: list[dict[str, Any]]
    notices: list[dict[str, Any]]


class RegradeRequest(Body):
    """Whom to grade."""

    #: one customer; every one without it
    partner: str | None = None


class RegradedShape(Answer):
    """Every customer with its grade under the rules in force."""

    rule: str
    rule_version: str
    since: dt.date
    items: list[GradedShape]
