"""The order, its lines and holds, and what is asked of it."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import ConfigDict, Field, StringConstraints, model_validator

from core.documents import ChargeKind, Order, OrderLine, Party
from gateway.web.shapes.amounts import OrderedQuantity, UnitPrice
from gateway.web.shapes.common import (
    Channel,
    DecimalOut,
    Identifier,
    Instant,
    IsoDate,
    ItemCode,
    OrderNumber,
    Paging,
    PartnerCode,
    Request,
    Shape,
    Text,
)
from gateway.web.shapes.shops import ShopOrderShape

Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
Gtin = Annotated[str, StringConstraints(pattern=r"^([0-9]{8}|[0-9]{12,14})$")]
Gln = Annotated[str, StringConstraints(pattern=r"^[0-9]{13}$")]
HoldCode = Annotated[str, StringConstraints(pattern=r"^[a-z_]+(\.[a-z_]+)?$")]
Term = Annotated[Text, StringConstraints(max_length=35)]
Note = Annotated[Text, StringConstraints(min_length=1)]
_UNIT_CODES = r"^[A-Z0-9]{1,3}$"
_ORDER_CODES = {"standard": "220", "urgent": "224", "pre_order": "220", "sample": "228"}


class ShipTo(Request):
    """Where the goods go: a GLN we know, or a full address."""

    gln: Gln | Literal[""] = ""
    name: Text = ""
    street: Text = ""
    city: Text = ""
    region: Text = ""
    postal_code: Text = ""
    country: Country | Literal[""] = ""
    contact: Text = ""
    phone: Text = ""
    email: Text = ""


class BuyerRequest(Request):
    """Who orders: what differs from the master data, or names the partner where ``partner`` does not."""

    code: ItemCode | Literal[""] = Field("", description="our code of the customer, or its account with us")
    gln: Gln | Literal[""] = ""
    name: Text = ""
    tax_id: Text = ""
    contact: Text = ""
    phone: Text = ""
    email: Text = ""


class LineRequest(Request):
    """One line: exactly one of ``sku``, ``gtin`` and ``buyer_code`` names the item."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"sku": "LAMP-001", "quantity": "24", "unit": "PCE", "price": "12.50"}]}
    )

    sku: ItemCode | None = None
    gtin: Gtin | None = None
    buyer_code: ItemCode | None = None
    quantity: OrderedQuantity
    unit: Annotated[str, StringConstraints(pattern=_UNIT_CODES)] | None = None
    price: UnitPrice | None = Field(None, description="unit price that the buyer expects")
    description: Text = ""

    @model_validator(mode="after")
    def _one_name(self) -> Self:
        if sum(name is not None for name in (self.sku, self.gtin, self.buyer_code)) != 1:
            raise ValueError("name the item by exactly one of sku, gtin and buyer_code")
        return self


class OrderRequest(Request):
    """An order placed by API."""

    partner: PartnerCode | None = Field(None, description="optional with a key that is bound to a partner")
    buyer_reference: Annotated[str, StringConstraints(min_length=1, max_length=35, pattern=r"^[^\x00-\x1f\x7f]+$")]
    currency: Currency | None = None
    requested_date: IsoDate | None = None
    buyer: BuyerRequest | None = None
    ship_to: ShipTo | None = None
    payment_method: Term = ""
    payment_terms: Term = ""
    transport_mode: Term = ""
    delivery_terms: Term = ""
    business_unit: Term = Field("", description="which of our units serves it; the customer's own if left out")
    override_reason: Text = Field("", description="why this order differs from the master data; kept with it")
    notes: list[Note] = Field(default=[], max_length=10, description="wishes in words, for warehouse and carrier")
    type: Literal["standard", "urgent", "pre_order", "sample"] = "standard"
    lines: Annotated[list[LineRequest], Field(min_length=1, max_length=9999)]

    def document(self) -> Order:
        """Return the canonical order; lines count from 1 as sent."""
        return Order(
            buyer_reference=self.buyer_reference,
            code=_ORDER_CODES[self.type],
            type=self.type,
            currency=self.currency or "",
            requested_date=self.requested_date,
            buyer=Party(role="BY", **self.buyer.model_dump()) if self.buyer else None,
            supplier=Party(role="SU", code=self.business_unit) if self.business_unit else None,
            ship_to=Party(role="DP", **self.ship_to.model_dump()) if self.ship_to else None,
            payment_method=self.payment_method,
            payment_terms=self.payment_terms,
            transport_mode=self.transport_mode,
            delivery_terms=self.delivery_terms,
            notes=(*self.notes, *((self.override_reason,) if self.override_reason else ())),
            lines=tuple(
                OrderLine(
                    line=ordinal,
                    quantity=line.quantity,
                    gtin=line.gtin or "",
                    buyer_code=line.buyer_code or "",
                    supplier_code=line.sku or "",
                    unit=line.unit or "",
                    price=line.price,
                    description=line.description,
                )
                for ordinal, line in enumerate(self.lines, 1)
            ),
        )


class HoldShape(Shape):
    """A named block of one stage of an order."""

    code: str
    stage: Literal["confirm", "release", "ship", "invoice"]
    line: int | None
    reason: str
    inputs: dict[str, Any]
    rule: str
    rule_version: str
    release_role: str
    release_when: str | None


class LineShape(Shape):
    """One line of an order as it stands."""

    line: int
    sku: str | None
    gtin: str | None
    buyer_code: str | None
    description: str | None
    quantity: DecimalOut
    unit: str | None
    price: DecimalOut | None
    amount: DecimalOut | None
    state: str
    promised_date: date | None
    reserved: DecimalOut


class DocumentLink(Shape):
    """A document that belongs to an order."""

    id: str
    type: str | None
    direction: Literal["in", "out"]
    control_reference: str | None


class AssignmentShape(Shape):
    """From which warehouse an order is served and which team looks after it; the checks tell what was compared."""

    warehouse: str
    team: str | None
    rule: str = Field(description="the route that decided, or `sourcing.cost`: the cheapest way in time")
    rule_version: str
    at: str


class ChargeShape(Shape):
    """A charge or, with an amount below 0, an allowance on an order or on one of its lines; amounts are without tax."""

    field: str = Field(description="its name in `GET /orders/{number}/source`")
    kind: ChargeKind = Field(description="`rounding` is what rounding leaves between the shop's total and our sum")
    line: int | None = Field(description="null: of the whole order")
    code: str | None = Field(description="UN data element 7161: DI discount, FC freight, PC packing, HD handling")
    label: str
    reference: str | None = Field(description="the sender's own code: a coupon, a method of shipping")
    amount: DecimalOut
    tax_rate: DecimalOut | None = Field(description="per cent")
    tax_category: str | None = Field(description="UN data element 5305")
    billed: bool = Field(description="an invoice has it, of a line as much as is billed of the line")
    source: str | None = Field(description="JSON pointer of where the shop told it")


class OrderShape(Shape):
    """An order."""

    number: str | None
    partner: str | None
    channel: str
    type: str
    buyer_reference: str
    state: str
    billing: str
    payment: str
    currency: str | None
    total: DecimalOut | None
    revision: int
    lines: list[LineShape]
    holds: list[HoldShape]
    documents: list[DocumentLink]
    assignment: AssignmentShape | None = Field(
        None, description="null where there was nothing to choose: no route fits, one warehouse has it"
    )
    charges: list[ChargeShape] = Field([], description="of an order that is asked for by itself")
    notes: list[str] = Field([], description="wishes for warehouse and carrier, of an order that the house asks for")
    gift_note: str | None = Field(None, description="for whoever gets the goods, of an order asked for by itself")
    shop: ShopOrderShape | None = Field(None, description="of an order that came from a shop, asked for by itself")
    checks: list[dict[str, Any]] = Field([], description="every check of the review; on a dry run alone")


class NumberPath(Request):
    """The order's number."""

    number: OrderNumber


class FieldPath(NumberPath):
    """A field of an order."""

    field: Annotated[str, StringConstraints(pattern=r"^[a-z_]+(\.[A-Za-z0-9_]+)*$", max_length=100)] = Field(
        examples=["buyer_reference", "lines.3.quantity"]
    )


class OrdersQuery(Paging):
    """Which orders."""

    state: Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,30}$")] | None = None
    partner: PartnerCode | None = None
    channel: Channel | None = None
    since: Instant | None = Field(None, description="received at or after this instant or date")
    q: Annotated[Text, StringConstraints(min_length=1)] | None = Field(
        None, description="part of a number or buyer reference"
    )


class PlaceQuery(Request):
    """How to place."""

    dry_run: bool = Field(False, description="answer as if placed, but write nothing")


class IdempotencyHeader(Request):
    """The caller's own name for the request: a repeat gets the first answer."""

    key: Identifier | None = Field(
        None, alias="Idempotency-Key", description="the same key with the same request gives the first answer again"
    )


class ReleaseRequest(Request):
    """Which holds to lift and why."""

    codes: list[HoldCode] = Field(default=[], max_length=50, description="empty: all open holds")
    reason: Text = ""


class CancelRequest(Request):
    """Why an order is cancelled."""

    reason: Text = ""


class Empty(Request):
    """No keys."""
