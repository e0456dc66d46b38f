# Made by `make reference` from the OpenAPI document. Do not edit.
"""Bodies and answers of the subject shops."""

from __future__ import annotations

from typing import Any

from pydantic import AwareDatetime

from gateway.client.values import Answer, Body, Exact

__all__ = ["RetellRequest", "RetryRequest", "ShopDeliveryShape", "ShopNewsShape", "ToldLineShape", "ToldShipmentShape"]


class RetellRequest(Body):
    """Why it is told again."""

    reason: str


class RetryRequest(Body):
    """Why one is worked on again."""

    reason: str


class ShopDeliveryShape(Answer):
    """A webhook that was taken, and what it did."""

    id: str
    platform: str
    store: str
    #: the platform's own id of it
    delivery_id: str
    topic: str
    state: str
    #: the shop's id of the order that it is about
    shop_id: str | None
    received_at: str
    attempts: int
    due_at: str | None
    bytes: int
    sha256: str
    document_id: str | None
    effect: str | None
    #: why it failed: `code`, `message` and any `violations`
    problem: dict[str, Any] | None


class ToldLineShape(Answer):
    """What of a line was sent, or is not to come any more."""

    #: the shop's own id of the line
    line_id: str
    quantity: Exact


class ToldShipmentShape(Answer):
    """A shipment that has arrived, under the reference by which the shop was told that it left."""

    reference: str
    carrier: str | None
    tracking_number: str | None
    lines: list[ToldLineShape]


class ShopNewsShape(Answer):
    """One piece of news; `nothing` is what the platform has no place for, `dead` what was given up."""

    id: str
    platform: str
    store: str
    #: the shop's own id of the order
    shop_id: str
    order: str
    kind: str
    #: the same for every try, so that the shop can know a repeat
    reference: str
    lines: list[ToldLineShape]
    carrier: str | None
    tracking_number: str | None
    #: with `delivered` all shipments of the order, else none
    shipments: list[ToldShipmentShape]
    reason: str | None
    state: str
    attempts: int
    due_at: AwareDatetime | None
    created_at: AwareDatetime
    told_at: AwareDatetime | None
    last_error: str | None
