"""Webhooks of stores, and what became of them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from gateway.web.shapes.common import DecimalOut, Paging, Request, Shape, ShortText

_Name = Annotated[str, StringConstraints(min_length=1, max_length=100)]
DeliveryState = Literal["queued", "fetching", "done", "ignored", "failed"]


class HookPath(Request):
    """Of which store a webhook is."""

    platform: _Name = Field(description="shopify, woocommerce, ... as `[[stores]]` has it")
    store: _Name


class HookShape(Shape):
    """What became of a webhook."""

    taken: Literal["kept", "repeated", "ping"]


class ShopDeliveryPath(Request):
    """A delivery."""

    delivery: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,19}$")]


class ShopDeliveriesQuery(Paging):
    """Which deliveries."""

    state: DeliveryState | None = None
    store: _Name | None = None


class RetryRequest(Request):
    """Why one is worked on again."""

    reason: ShortText


class ShopDeliveryShape(Shape):
    """A webhook that was taken, and what it did."""

    id: str
    platform: str
    store: str
    delivery_id: str = Field(description="the platform's own id of it")
    topic: str
    state: DeliveryState
    shop_id: str | None = Field(description="the shop's id of the order that it is about")
    received_at: str
    attempts: int
    due_at: str | None
    bytes: int
    sha256: str
    document_id: str | None
    effect: str | None
    problem: dict[str, Any] | None = Field(description="why it failed: `code`, `message` and any `violations`")


class ShopChargeShape(Shape):
    """A discount (below zero), shipping cost or fee of the shop."""

    kind: str
    amount: DecimalOut
    name: str
    code: str
    line_id: str
    charge: str = Field(description="of a discount on a shipping cost: where that is told")
    source: str = Field(description="JSON pointer of where it is told")


class ShopTaxShape(Shape):
    """A tax of the shop."""

    amount: DecimalOut
    name: str
    rate: DecimalOut | None
    line_id: str
    charge: str = Field(description="of a tax on a charge: where that is told")
    source: str = Field(description="JSON pointer of where it is told")


class ShopQuantityShape(Shape):
    """So many pieces of a line of the shop."""

    line_id: str
    quantity: DecimalOut


class ShopRefundShape(Shape):
    """Money or goods that the shop gave back."""

    id: str
    amount: DecimalOut
    reason: str
    at: str | None
    lines: list[ShopQuantityShape]


class ShopDestinationShape(Shape):
    """One of several addresses of an order."""

    address: dict[str, str]
    lines: list[ShopQuantityShape]


class ShopLineShape(Shape):
    """Which of our lines a line of the shop is."""

    line: int
    line_id: str


class ShopOrderShape(Shape):
    """What the shop says of an order besides the order itself; what we bill is ours."""

    platform: str
    store: str
    shop_id: str
    name: str
    state: Literal["open", "closed", "cancelled", "deleted"]
    payment: str
    paid: DecimalOut | None = Field(description="what was posted as paid to the partner's account")
    total: DecimalOut | None = Field(description="what the shop's customer pays, with costs and taxes")
    tax_included: bool
    updated_at: str | None
    charges: list[ShopChargeShape]
    taxes: list[ShopTaxShape]
    refunds: list[ShopRefundShape]
    destinations: list[ShopDestinationShape] = Field(description="only where there are several")
    gift_note: str
    line_ids: list[ShopLineShape]
