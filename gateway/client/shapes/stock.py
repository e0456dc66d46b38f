# Made by `make reference` from the OpenAPI document. Do not edit.
"""Bodies and answers of the subject stock."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

from pydantic import AwareDatetime

from gateway.client.values import Answer, Body, Exact

__all__ = [
    "AcceptRequest",
    "AtpBatchRequest",
    "AtpBatchShape",
    "AtpQuery",
    "AtpShape",
    "BalanceShape",
    "CountRequest",
    "CountShape",
    "CountsRequest",
    "ForecastShape",
    "LegShape",
    "ReceiptRequest",
    "ReceiptShape",
    "ReservationRequest",
    "ReservationShape",
    "SettledShape",
    "ShortLineShape",
    "ShortageShape",
    "SourcingPlanShape",
    "SourcingRequest",
    "SourcingShape",
    "StockAlertShape",
    "StockCountsShape",
    "StockShape",
    "SupplyShape",
    "TermShape",
    "TransferRequest",
    "TransferShape",
    "TriedShape",
    "WantedItem",
]


class AcceptRequest(Body):
    """For which line the option is taken; ``sku`` tells one substitute from another."""

    line: int
    sku: str | None = None


class AtpQuery(Body):
    """What is wanted and when; today where no date is given."""

    sku: str
    date: dt.date | None = None
    quantity: Exact | None = None


class AtpBatchRequest(Body):
    """Many at once."""

    items: list[AtpQuery]


class SupplyShape(Answer):
    """What is to come on one day; from what is late nothing more is promised."""

    date: str
    quantity: Exact
    promised: Exact
    late: bool


class TermShape(Answer):
    """What one warehouse adds to what can be promised."""

    warehouse: str
    on_hand: Exact
    reserved: Exact
    inbound: list[SupplyShape]
    planned: list[SupplyShape]


class AtpShape(Answer):
    """What can be promised of an item: how much for the date, from which date the quantity."""

    sku: str
    date: str
    available: Exact
    quantity: Exact | None
    #: null where no supply that is known covers the quantity
    earliest_date: str | None
    #: the preferred warehouse first
    terms: list[TermShape]


class AtpBatchShape(Answer):
    """One answer for each that was asked, in the same order."""

    items: list[AtpShape]


class BalanceShape(Answer):
    """What a warehouse has of the item afterwards."""

    warehouse: str
    on_hand: Exact
    available: Exact


class CountRequest(Body):
    """What was found of an item in a warehouse."""

    sku: str
    warehouse: str
    counted: Exact
    reason: str


class CountShape(Answer):
    """A count against the book; ``short`` is what is reserved there and was not found."""

    sku: str
    warehouse: str
    counted: Exact
    booked: Exact
    difference: Exact
    short: Exact


class CountsRequest(Body):
    """A stock count; each item once a warehouse."""

    counts: list[CountRequest]


class ForecastShape(Answer):
    """An item's stock after each number of days, with the terms of the sum."""

    sku: str
    history_days: int
    issued: Exact
    forecast: list[dict[str, Any]]


class LegShape(Answer):
    """One movement of goods, to the warehouse that ships or to the customer; quantities by SKU."""

    kind: str
    warehouse: str
    quantities: dict[str, Exact]
    hours: int
    cost: Exact


class ReceiptRequest(Body):
    """What came of an item, by the number of its delivery note."""

    sku: str
    warehouse: str
    quantity: Exact
    #: names the receipt: it is posted once
    reference: str
    #: what it settles: bought, or made
    supply: Literal["inbound", "planned"] = "inbound"
    #: nothing more comes of the delivery that it belongs to
    final: bool = False


class SettledShape(Answer):
    """What a receipt took from supply that was due on a day."""

    date: str
    quantity: Exact


class ReceiptShape(Answer):
    """A receipt, what became of it, and the balance after it."""

    sku: str
    warehouse: str
    quantity: Exact
    reference: str
    #: it was posted before, and nothing was done
    repeated: bool
    settled: list[SettledShape]
    #: what nothing was expected for
    over: Exact
    #: what was expected and does not come
    cut: Exact
    #: those that got goods they were promised
    orders: list[str]
    on_hand: Exact
    available: Exact


class ReservationRequest(Body):
    """Until when the reservation lasts, and why."""

    expires_at: AwareDatetime | dt.date
    reason: str


class ReservationShape(Answer):
    """The end of an order's reservation, and the one before."""

    number: str
    before: str
    expires_at: str


class ShortLineShape(Answer):
    """A line that stock does not serve, and what can be done about it."""

    line: int
    sku: str
    quantity: Exact
    available: Exact
    #: `option`: later_date, split, substitute, raise_priority, emergency_purchase; `date`; `cost`
    options: list[dict[str, Any]]


class ShortageShape(Answer):
    """The short lines of an order."""

    number: str
    requested_date: str
    lines: list[ShortLineShape]


class SourcingPlanShape(Answer):
    """One way to serve it all: from one warehouse, brought together, or each warehouse its part."""

    kind: str
    hours: int
    cost: Exact
    ready: str
    in_time: bool
    legs: list[LegShape]


class WantedItem(Body):
    """What is wanted of one item."""

    sku: str
    quantity: Exact


class SourcingRequest(Body):
    """What is to be served together, and the last day on which it leaves in time."""

    items: list[WantedItem]
    leaves_by: dt.date | None = None


class TriedShape(Answer):
    """What one warehouse has of what is wanted, and what it gives; by SKU."""

    warehouse: str
    available: dict[str, Exact]
    taken: dict[str, Exact]


class SourcingShape(Answer):
    """The warehouses in the order in which they were asked, the ways compared, the one chosen and why."""

    tried: list[TriedShape]
    missing: dict[str, Exact]
    plans: list[SourcingPlanShape]
    chosen: SourcingPlanShape | None
    why: str


class StockAlertShape(Answer):
    """An item that is below its alert line or above its maximum."""

    sku: str
    kind: str
    status: str
    available: Exact
    line: Exact
    to_come: Exact
    #: up to the maximum, else the alert line, less what is to come
    to_order: Exact


class StockCountsShape(Answer):
    """The counts in the order in which they were sent."""

    items: list[CountShape]


class StockShape(Answer):
    """The stock of one item in one warehouse: ``on_hand`` is physical, ``reserved`` allocated and not shipped."""

    sku: str
    warehouse: str
    on_hand: Exact
    reserved: Exact
    available: Exact
    #: of the item in all warehouses, by the lines of its master data
    status: str | None


class TransferRequest(Body):
    """What goes from one warehouse to another."""

    sku: str
    source: str
    target: str
    quantity: Exact
    reason: str


class TransferShape(Answer):
    """A transfer and both balances after it."""

    sku: str
    quantity: Exact
    source: BalanceShape
    target: BalanceShape
