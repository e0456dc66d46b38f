"""The API of a gateway from Python: every operation typed, and what is easily done wrong done right.

    from gateway.client import Ordergate
    from gateway.client.shapes import LineRequest, OrderRequest

    with Ordergate("https://orders.example.com", key) as gateway:
        order = gateway.place_order(OrderRequest(buyer_reference="PO-4711", lines=[...]))

It needs nothing else of this distribution, and runs in any thread. ``docs/how-to/client.md`` tells more.
"""

from __future__ import annotations

from gateway.client.errors import (
    AddressRefused,
    AnswerUnreadable,
    ClientError,
    Conflict,
    ConnectionFailed,
    Forbidden,
    NotFound,
    Problem,
    RateLimited,
    Unauthenticated,
    Unavailable,
    ValidationFailed,
    VersionChanged,
    Violation,
)
from gateway.client.ordergate import Ordergate
from gateway.client.pages import Page
from gateway.client.retries import Retries
from gateway.client.stream import StreamEvent

__all__ = [
    "AddressRefused",
    "AnswerUnreadable",
    "ClientError",
    "Conflict",
    "ConnectionFailed",
    "Forbidden",
    "NotFound",
    "Ordergate",
    "Page",
    "Problem",
    "RateLimited",
    "Retries",
    "StreamEvent",
    "Unauthenticated",
    "Unavailable",
    "ValidationFailed",
    "VersionChanged",
    "Violation",
]
