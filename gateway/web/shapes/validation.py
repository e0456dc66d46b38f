"""The profile of fields, the discrepancies between orders and master data, and what is asked of them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from gateway.web.shapes.common import Channel, OrderNumber, Paging, PartnerCode, Request, Shape, Text


class ProfileField(Shape):
    """One of the 30 fields: its rule, and the codes that tell of its absence and of another format."""

    number: int
    field: str
    meaning: str
    scope: Literal["order", "line"]
    required: bool
    format: str
    rule: str
    derived_from: str | None
    if_missing: str
    if_malformed: str


class ProfileShape(Shape):
    """What is asked of each field of an order, and under which version of the rules."""

    partner: str | None
    channel: str | None
    country: str | None
    rule_version: str
    required: int
    fields: list[ProfileField]


class ProfileQuery(Request):
    """For whom."""

    partner: PartnerCode | None = Field(None, description="without it, what holds for every partner")
    channel: Channel | None = None


class DiscrepancyShape(Shape):
    """A field of an order that differs from the master data, and what was decided on it."""

    id: str
    number: str
    partner: str
    field: str
    line: int | None
    key: str | None = Field(description="GLN of the address or SKU of the item in the master data")
    order_value: str
    master_value: str
    found_at: str
    decision: Literal["keep_order", "update_master", "overtaken"] | None = Field(
        description="overtaken: a change took back what differed"
    )
    decided_at: str | None
    decided_by: str | None
    reason: str | None


class DiscrepanciesQuery(Paging):
    """Which discrepancies."""

    partner: PartnerCode | None = None
    number: OrderNumber | None = Field(None, description="of this order")
    open: bool = Field(True, description="only those that are not decided yet")


class DiscrepancyPath(Request):
    """The id of a discrepancy."""

    id: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,19}$")]


class ResolveRequest(Request):
    """What is decided."""

    decision: Literal["keep_order", "update_master"]
    reason: Text = ""
