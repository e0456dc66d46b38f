"""The mapping of a generic channel: an expression a field, checked when it is loaded."""

from __future__ import annotations

from typing import Annotated, Final, Literal, get_args

from pydantic import AfterValidator, Field

from adapters.commerce.calls import path_of
from adapters.commerce.generic.expressions import LONGEST, compiled
from adapters.commerce.platform import Options
from adapters.commerce.signing import Signing
from core.documents import ShopPayment, ShopState


def _expression(written: str) -> str:
    if written:
        compiled(written)
    return written


def _template(written: str) -> str:
    try:
        path_of(written, shop_id="1")
    except (KeyError, ValueError, IndexError) as error:
        raise ValueError("the only name in braces is {shop_id}") from error
    return written


#: an expression; an empty one finds nothing
Expression = Annotated[str, Field(max_length=LONGEST), AfterValidator(_expression)]
#: the path of a call, with the shop's id of the order as {shop_id}
Template = Annotated[str, Field(max_length=500, pattern=r"^/"), AfterValidator(_template)]


class LineMapping(Options):
    """Where a line has what; the expressions are applied to the line."""

    id: Expression = "id"
    quantity: Expression = "quantity"
    price: Expression = "price"
    amount: Expression = Field(default="", description="of all pieces together; used where there is no price")
    sku: Expression = "sku"
    gtin: Expression = "gtin"
    code: Expression = Field(default="product_id", description="the shop's own code of the item")
    description: Expression = "description"
    note: Expression = "note"


class AddressMapping(Options):
    """Where an address has what; the expressions are applied to the address."""

    name: Expression = "name"
    contact: Expression = "contact"
    street: Expression = "street"
    city: Expression = "city"
    region: Expression = "region"
    postal_code: Expression = "postal_code"
    country: Expression = "country"
    phone: Expression = "phone"
    email: Expression = "email"


class SumMapping(Options):
    """Where discounts, shipping costs, fees or taxes have what; the expressions are applied to one of them."""

    amount: Expression = "amount"
    name: Expression = "name"
    code: Expression = "code"
    line_id: Expression = "line_id"
    rate: Expression = Field(default="rate", description="of a tax, in per cent")


class OrderMapping(Options):
    """Where an order has what; the expressions are applied to the order."""

    id: Expression = "id"
    name: Expression = "name"
    created_at: Expression = "created_at"
    updated_at: Expression = "updated_at"
    currency: Expression = "currency"
    state: Expression = "state"
    payment: Expression = "payment"
    payment_method: Expression = "payment_method"
    total: Expression = "total"
    tax_included: Expression = "tax_included"
    test: Expression = "test"
    note: Expression = "note"
    gift_note: Expression = "gift_note"
    email: Expression = "email"
    cancel_reason: Expression = "cancel_reason"
    customer: Expression = Field(default="customer_id", description="the shop's id of the customer")
    billing: Expression = "billing"
    shipping: Expression = Field(default="shipping", description="one address, or a list of them")
    shipping_lines: Expression = Field(
        default="lines", description="what goes to an address of a list: its lines, each with id and quantity"
    )
    lines: Expression = "lines"
    discounts: Expression = "discounts"
    shipping_costs: Expression = "shipping_costs"
    fees: Expression = "fees"
    taxes: Expression = "taxes"
    refunds: Expression = "refunds"


Kind = Literal["snapshot", "paid", "fulfilled", "cancelled", "deleted", "ignored"]
_KINDS: Final[dict[str, Kind]] = {
    "order.created": "snapshot",
    "order.updated": "snapshot",
    "order.paid": "paid",
    "order.fulfilled": "fulfilled",
    "order.cancelled": "cancelled",
    "order.deleted": "deleted",
    "ping": "ignored",
}


class MappedOptions(Options):
    """Settings of a shop whose JSON is mapped: how it signs, what is where, and where it is told news."""

    signature: Signing = Field(default_factory=Signing)
    event: Expression = Field(default="type", description="where a body says what it is about, unless a header does")
    event_id: Expression = Field(default="", description="where a body has the id of the delivery")
    events: dict[str, Kind] = Field(default_factory=lambda: dict(_KINDS), description="what the events are here")
    unnamed: Kind = Field(default="snapshot", description="what a body is that names no event")
    root: Expression = Field(default="data", description="where a body has the order; empty: the body is the order")
    fetch: Template | None = Field(default=None, description="the order is fetched from here; bodies name it alone")
    states: dict[str, ShopState] = Field(
        default_factory=lambda: {state: state for state in get_args(ShopState)}, description="what the states are here"
    )
    payments: dict[str, ShopPayment] = Field(
        default_factory=lambda: {payment: payment for payment in get_args(ShopPayment)},
        description="what the states of payment are here",
    )
    order: OrderMapping = Field(default_factory=OrderMapping)
    line: LineMapping = Field(default_factory=LineMapping)
    address: AddressMapping = Field(default_factory=AddressMapping)
    sums: SumMapping = Field(default_factory=SumMapping)
    tell: Template | None = Field(default=None, description="news of an order are posted here")
