"""What an e-commerce platform tells of an order: how it stands in the shop, or what befell it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal, NamedTuple

from core.documents.ordering import Order
from core.documents.party import Party

#: what befell an order of a shop; "snapshot" tells how it stands, whatever caused the message
ShopEventKind = Literal["snapshot", "cancelled", "refunded", "paid", "fulfilled", "deleted", "ignored"]


class ShopCharge(NamedTuple):
    """A discount (negative), a shipping cost or another amount beside the goods; ``line`` is the line it belongs to."""

    kind: Literal["discount", "shipping", "fee"]
    amount: Decimal
    name: str = ""
    code: str = ""
    line: int | None = None


class ShopTax(NamedTuple):
    """One tax of an order or, with ``line``, of a line. ``rate`` is in per cent, None where it is not told."""

    amount: Decimal
    name: str = ""
    rate: Decimal | None = None
    line: int | None = None


class ShopRefund(NamedTuple):
    """Money or goods given back: ``lines`` are (line, quantity); ``id`` makes a repeat harmless."""

    id: str
    amount: Decimal
    lines: tuple[tuple[int, Decimal], ...] = ()
    reason: str = ""
    at: datetime | None = None


class ShopDestination(NamedTuple):
    """One of several addresses of an order with the (line, quantity) that go there."""

    party: Party
    lines: tuple[tuple[int, Decimal], ...]


@dataclass(frozen=True, slots=True)
class ShopOrder:
    """An order as it stands in a shop.

    ``order.buyer_reference`` is the reference that our order is found by again: the shop's own id of it, unique in
    the store. ``name`` is what the shop's customer sees ("#1001"). ``line_ids`` are the shop's ids of the lines by our
    line number. ``tax_included`` tells whether prices contain the taxes.
    """

    order: Order
    shop_id: str
    updated_at: datetime | None
    name: str = ""
    state: Literal["open", "cancelled", "closed"] = "open"
    payment: Literal["pending", "authorized", "partly_paid", "paid", "partly_refunded", "refunded", "voided"] = (
        "pending"
    )
    tax_included: bool = False
    line_ids: tuple[tuple[int, str], ...] = ()
    charges: tuple[ShopCharge, ...] = ()
    taxes: tuple[ShopTax, ...] = ()
    refunds: tuple[ShopRefund, ...] = ()
    destinations: tuple[ShopDestination, ...] = ()
    gift_note: str = ""
    email: str = ""
    cancel_reason: str = ""
    test: bool = False


class ShopEvent(NamedTuple):
    """One delivery of a platform, read: ``order`` where the body has the whole snapshot.

    Without it, ``fetch`` is the path to call back for the snapshot; "" where the event says all that there is.
    """

    kind: ShopEventKind
    shop_id: str
    at: datetime | None = None
    order: ShopOrder | None = None
    refund: ShopRefund | None = None
    reason: str = ""
    fetch: str = ""
