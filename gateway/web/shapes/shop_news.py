"""News of orders that shops are told, as callers ask for and read them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from core.storefront import ShopNewsKind
from gateway.web.shapes.common import DecimalOut, OrderNumber, Paging, Request, Shape, ShortText

NewsState = Literal["queued", "attempting", "told", "nothing", "dead"]


class ShopNewsPath(Request):
    """One piece of news."""

    news: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,18}$")]


class ShopNewsQuery(Paging):
    """Which news."""

    state: NewsState | None = None
    order: OrderNumber | None = Field(None, description="number of the order")


class RetellRequest(Request):
    """Why it is told again."""

    reason: ShortText


class ToldLineShape(Shape):
    """What of a line was sent, or is not to come any more."""

    line_id: str = Field(description="the shop's own id of the line")
    quantity: DecimalOut


class ToldShipmentShape(Shape):
    """A shipment that has arrived, under the reference by which the shop was told that it left."""

    reference: str
    carrier: str | None
    tracking_number: str | None
    lines: list[ToldLineShape]


class ShopNewsShape(Shape):
    """One piece of news; `nothing` is what the platform has no place for, `dead` what was given up."""

    id: str
    platform: str
    store: str
    shop_id: str = Field(description="the shop's own id of the order")
    order: str
    kind: ShopNewsKind
    reference: str = Field(description="the same for every try, so that the shop can know a repeat")
    lines: list[ToldLineShape]
    carrier: str | None
    tracking_number: str | None
    shipments: list[ToldShipmentShape] = Field(description="with `delivered` all shipments of the order, else none")
    reason: str | None
    state: NewsState
    attempts: int
    due_at: datetime | None
    created_at: datetime
    told_at: datetime | None
    last_error: str | None
