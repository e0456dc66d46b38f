"""Stock, availability, counts and transfers, and what is asked of them."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, WithJsonSchema

from core.values import MAX_QUANTITY
from gateway.web.shapes.common import DecimalOut, DecimalText, Instant, IsoDate, ItemCode, Paging, Request, Shape, Text
from gateway.web.shapes.masters import GrowingShape
from gateway.web.shapes.order import NumberPath

WarehouseCode = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9-]{1,20}$")]
Reason = Annotated[Text, StringConstraints(min_length=1, max_length=200)]
#: a forecast beyond a year would say nothing
_MAX_DAYS: Final = 365
_DAYS_PATTERN: Final = r"^[0-9]{1,3}(,[0-9]{1,3}){0,9}$"


def _above_nothing(quantity: Decimal) -> Decimal:
    if not 0 < quantity <= MAX_QUANTITY:
        raise ValueError("a quantity is more than 0 and at most 10^9")
    return quantity


def _not_negative(quantity: Decimal) -> Decimal:
    if not 0 <= quantity <= MAX_QUANTITY:
        raise ValueError("a count is 0 to 10^9")
    return quantity


def _days(given: object) -> object:
    """Return the numbers of ``30,60,90``."""
    if not isinstance(given, str) or not re.fullmatch(_DAYS_PATTERN, given, re.ASCII):
        raise ValueError("days are whole numbers with commas between, such as 30,60,90")
    days = sorted({int(number) for number in given.split(",")})
    if not all(1 <= number <= _MAX_DAYS for number in days):
        raise ValueError(f"days are 1 to {_MAX_DAYS}")
    return tuple(days)


Quantity = Annotated[DecimalText, AfterValidator(_above_nothing)]
CountedQuantity = Annotated[DecimalText, AfterValidator(_not_negative)]
Days = Annotated[
    tuple[int, ...],
    BeforeValidator(_days),
    WithJsonSchema({"type": "string", "pattern": _DAYS_PATTERN, "examples": ["30,60,90"]}),
]


class StockShape(GrowingShape):
    """The stock of one item in one warehouse: ``on_hand`` is physical, ``reserved`` allocated and not shipped."""

    sku: str
    warehouse: str
    on_hand: DecimalOut
    reserved: DecimalOut
    available: DecimalOut
    status: Literal["ample", "warning", "tight"] | None = Field(
        description="of the item in all warehouses, by the lines of its master data"
    )


class StockQuery(Paging):
    """Which stock."""

    sku: ItemCode | None = None
    warehouse: WarehouseCode | None = None


class SupplyShape(Shape):
    """What is to come on one day; from what is late nothing more is promised."""

    date: str
    quantity: DecimalOut
    promised: DecimalOut
    late: bool


class TermShape(Shape):
    """What one warehouse adds to what can be promised."""

    warehouse: str
    on_hand: DecimalOut
    reserved: DecimalOut
    inbound: list[SupplyShape]
    planned: list[SupplyShape]


class AtpShape(Shape):
    """What can be promised of an item: how much for the date, from which date the quantity."""

    sku: str
    date: str
    available: DecimalOut
    quantity: DecimalOut | None
    earliest_date: str | None = Field(description="null where no supply that is known covers the quantity")
    terms: list[TermShape] = Field(description="the preferred warehouse first")


class AtpBatchShape(Shape):
    """One answer for each that was asked, in the same order."""

    items: list[AtpShape]


class AtpQuery(Request):
    """What is wanted and when; today where no date is given."""

    sku: ItemCode
    date: IsoDate | None = None
    quantity: Quantity | None = None


class AtpBatchRequest(Request):
    """Many at once."""

    items: Annotated[list[AtpQuery], Field(min_length=1, max_length=1000)]


class ForecastQuery(Paging):
    """Which items and how far ahead."""

    days: Days = Field((30, 60, 90), validate_default=False)
    sku: ItemCode | None = None


class ForecastShape(GrowingShape):
    """An item's stock after each number of days, with the terms of the sum."""

    sku: str
    history_days: int
    issued: DecimalOut
    forecast: list[dict[str, Any]]


class StockAlertShape(Shape):
    """An item that is below its alert line or above its maximum."""

    sku: str
    kind: Literal["low", "high"]
    status: Literal["ample", "warning", "tight"]
    available: DecimalOut
    line: DecimalOut
    to_come: DecimalOut
    to_order: DecimalOut = Field(description="up to the maximum, else the alert line, less what is to come")


class StockAlertsQuery(Paging):
    """Which of them."""

    kind: Literal["low", "high"] | None = None


class WantedItem(Request):
    """What is wanted of one item."""

    sku: ItemCode
    quantity: Quantity


class SourcingRequest(Request):
    """What is to be served together, and the last day on which it leaves in time."""

    items: Annotated[list[WantedItem], Field(min_length=1, max_length=1000)]
    leaves_by: IsoDate | None = None


class LegShape(Shape):
    """One movement of goods, to the warehouse that ships or to the customer; quantities by SKU."""

    kind: Literal["transfer", "ship"]
    warehouse: str
    quantities: dict[str, DecimalOut]
    hours: int
    cost: DecimalOut


class SourcingPlanShape(Shape):
    """One way to serve it all: from one warehouse, brought together, or each warehouse its part."""

    kind: Literal["single", "consolidated", "split"]
    hours: int
    cost: DecimalOut
    ready: str
    in_time: bool
    legs: list[LegShape]


class TriedShape(Shape):
    """What one warehouse has of what is wanted, and what it gives; by SKU."""

    warehouse: str
    available: dict[str, DecimalOut]
    taken: dict[str, DecimalOut]


class SourcingShape(Shape):
    """The warehouses in the order in which they were asked, the ways compared, the one chosen and why."""

    tried: list[TriedShape]
    missing: dict[str, DecimalOut]
    plans: list[SourcingPlanShape]
    chosen: SourcingPlanShape | None
    why: str


class ShortLineShape(Shape):
    """A line that stock does not serve, and what can be done about it."""

    line: int
    sku: str
    quantity: DecimalOut
    available: DecimalOut
    options: list[dict[str, Any]] = Field(
        description="`option`: later_date, split, substitute, raise_priority, emergency_purchase; `date`; `cost`"
    )


class ShortageShape(Shape):
    """The short lines of an order."""

    number: str
    requested_date: str
    lines: list[ShortLineShape]


class OptionPath(NumberPath):
    """An option of the short lines of an order."""

    option: Literal["later_date", "split", "substitute", "raise_priority", "emergency_purchase"]


class AcceptRequest(Request):
    """For which line the option is taken; ``sku`` tells one substitute from another."""

    line: int = Field(ge=1, le=999_999)
    sku: ItemCode | None = None


class ReservationRequest(Request):
    """Until when the reservation lasts, and why."""

    expires_at: Instant
    reason: Reason


class ReservationShape(Shape):
    """The end of an order's reservation, and the one before."""

    number: str
    before: str
    expires_at: str


class CountRequest(Request):
    """What was found of an item in a warehouse."""

    sku: ItemCode
    warehouse: WarehouseCode
    counted: CountedQuantity
    reason: Reason


class CountsRequest(Request):
    """A stock count; each item once a warehouse."""

    counts: Annotated[list[CountRequest], Field(min_length=1, max_length=1000)]


class CountShape(Shape):
    """A count against the book; ``short`` is what is reserved there and was not found."""

    sku: str
    warehouse: str
    counted: DecimalOut
    booked: DecimalOut
    difference: DecimalOut
    short: DecimalOut


class CountsShape(Shape):
    """The counts in the order in which they were sent."""

    items: list[CountShape]


class TransferRequest(Request):
    """What goes from one warehouse to another."""

    sku: ItemCode
    source: WarehouseCode
    target: WarehouseCode
    quantity: Quantity
    reason: Reason


class ReceiptRequest(Request):
    """What came of an item, by the number of its delivery note."""

    sku: ItemCode
    warehouse: WarehouseCode
    quantity: Quantity
    reference: Reason = Field(description="names the receipt: it is posted once")
    supply: Literal["inbound", "planned"] = Field("inbound", description="what it settles: bought, or made")
    final: bool = Field(False, description="nothing more comes of the delivery that it belongs to")


class SettledShape(Shape):
    """What a receipt took from supply that was due on a day."""

    date: str
    quantity: DecimalOut


class ReceiptShape(Shape):
    """A receipt, what became of it, and the balance after it."""

    sku: str
    warehouse: str
    quantity: DecimalOut
    reference: str
    repeated: bool = Field(description="it was posted before, and nothing was done")
    settled: list[SettledShape]
    over: DecimalOut = Field(description="what nothing was expected for")
    cut: DecimalOut = Field(description="what was expected and does not come")
    orders: list[str] = Field(description="those that got goods they were promised")
    on_hand: DecimalOut
    available: DecimalOut


class BalanceShape(Shape):
    """What a warehouse has of the item afterwards."""

    warehouse: str
    on_hand: DecimalOut
    available: DecimalOut


class TransferShape(Shape):
    """A transfer and both balances after it."""

    sku: str
    quantity: DecimalOut
    source: BalanceShape
    target: BalanceShape
