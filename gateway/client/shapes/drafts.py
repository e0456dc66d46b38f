# Made by `make reference` from the OpenAPI document. Do not edit.
"""Bodies and answers of the subject drafts."""

from __future__ import annotations

import datetime as dt
from typing import Any

from gateway.client.shapes.common import HoldShape, OriginShape, RequestViolation
from gateway.client.values import Answer, Body, Exact

__all__ = ["ConfirmFieldsRequest", "DraftChecksShape", "DraftShape", "OutlookLine", "OutlookShape"]


class ConfirmFieldsRequest(Body):
    """What somebody who looked at the page says of fields that were read."""

    #: by path: null confirms what was read, a text corrects it
    fields: dict[str, Any]


class OutlookLine(Answer):
    """A line as it would be: our price and its source, what is available now, and when the line could be delivered."""

    line: int
    sku: str | None
    description: str | None
    quantity: Exact
    unit: str | None
    price: Exact | None
    price_source: str | None
    amount: Exact | None
    available: Exact | None
    date: dt.date | None


class OutlookShape(Answer):
    """What the draft would become if it were submitted now."""

    state: str
    currency: str | None
    total: Exact | None
    lines: list[OutlookLine]
    holds: list[HoldShape]
    checks: list[dict[str, Any]]


class DraftChecksShape(Answer):
    """Everything that is wrong with a draft, and what it would become; no outlook where that cannot be told."""

    id: str
    version: int
    complete: bool
    partner: str | None
    violations: list[RequestViolation]
    outlook: OutlookShape | None


class DraftShape(Answer):
    """A draft; `order` is the number of the order that it became."""

    id: str
    version: int
    state: str
    partner: str | None
    entered_by: str
    created_at: str
    changed_at: str
    expires_at: str | None
    order: str | None
    content: dict[str, Any]
    #: by the path of each field: `ship_to.city`, `lines.2.quantity`
    origins: dict[str, OriginShape]
