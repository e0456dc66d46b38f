"""What an e-commerce platform tells of an order: how it stands in the shop, or what befell it.

Charges, taxes, refunds and destinations name a line by the shop's own id of it: a refund may come alone, and only
who knows the earlier deliveries can tell which line number that is (:func:`renumbered`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Final, Literal, NamedTuple

from core.documents.charges import ChargeKind
from core.documents.ordering import Order
from core.documents.party import Party

#: what befell an order of a shop; "snapshot" tells how it stands, whatever caused the message
ShopEventKind = Literal["snapshot", "cancelled", "refunded", "paid", "fulfilled", "deleted", "ignored"]

ShopState = Literal["open", "cancelled", "closed"]
#: how an order's payment stands; what a platform does not tell as paid is pending
ShopPayment = Literal["pending", "authorized", "partly_paid", "paid", "partly_refunded", "refunded", "voided"]


class ShopCharge(NamedTuple):
    """A discount (negative), a shipping cost or another amount beside the goods; of one line, or of the order.

    ``source`` is the JSON pointer of where it is told; ``charge`` is that of the shipping cost which a discount is of.
    """

    kind: ChargeKind
    amount: Decimal
    name: str = ""
    code: str = ""
    line_id: str = ""
    charge: str = ""
    source: str = ""


class ShopTax(NamedTuple):
    """One tax of an order or, with ``line_id``, of a line, or of the charge that was told at ``charge``.

    ``rate`` is in per cent, None where it is not told. ``source`` is the JSON pointer of where it is told.
    """

    amount: Decimal
    name: str = ""
    rate: Decimal | None = None
    line_id: str = ""
    charge: str = ""
    source: str = ""


class ShopSums(NamedTuple):
    """What a shop tells that the parts of an order come to; None is not told. ``discounts`` are not above 0."""

    goods: Decimal | None = None
    discounts: Decimal | None = None
    shipping: Decimal | None = None
    taxes: Decimal | None = None


_NOT_TOLD: Final = ShopSums()


class ShopRefund(NamedTuple):
    """Money or goods given back: ``lines`` are (the shop's line id, quantity).

    ``id`` makes a repeat harmless. The last telling of an id holds: a platform that tells the sum alone has but one.
    """

    id: str
    amount: Decimal
    lines: tuple[tuple[str, Decimal], ...] = ()
    reason: str = ""
    at: datetime | None = None


class ShopDestination(NamedTuple):
    """One of several addresses of an order with the (shop's line id, quantity) that go there."""

    party: Party
    lines: tuple[tuple[str, Decimal], ...]


@dataclass(frozen=True, slots=True)
class ShopOrder:
    """An order as it stands in a shop.

    ``order.buyer_reference`` is the reference that our order is found by again: the shop's own id of it, unique in
    the store. ``name`` is what the shop's customer sees ("#1001"). ``line_ids`` are the shop's ids of the lines by our
    line number, those of removed lines too: such a line is not among ``order.lines``. ``tax_included`` tells whether
    prices contain the taxes. ``total`` is what the customer pays: goods, charges and, unless included, taxes.
    ``from_gross`` tells that prices are told without tax and come from ones with it, which were rounded to the cent.
    ``sums`` are those of its parts. ``destinations`` are told only where there are several.
    """

    order: Order
    shop_id: str
    updated_at: datetime | None
    name: str = ""
    state: ShopState = "open"
    payment: ShopPayment = "pending"
    tax_included: bool = False
    from_gross: bool = False
    line_ids: tuple[tuple[int, str], ...] = ()
    total: Decimal | None = None
    sums: ShopSums = _NOT_TOLD
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


def line_numbers(known: Iterable[tuple[int, str]], seen: Iterable[str]) -> tuple[tuple[int, str], ...]:
    """Return the line number of every shop line id, *known* or *seen*, by number.

    A known line keeps its number, be it seen again or not; a new one gets the next number that was never used. New ones
    are numbered in the order of their ids - numbers before words, by value - since shops give ids in the order of
    creation but list lines as they please.
    """
    numbers = {line_id: number for number, line_id in known}
    following = max(numbers.values(), default=0)
    for line_id in sorted(set(seen) - numbers.keys(), key=_age):
        following += 1
        numbers[line_id] = following
    return tuple(sorted((number, line_id) for line_id, number in numbers.items()))


def _age(line_id: str) -> tuple[bool, int, str, str]:
    """Return what sorts ids of digits by their value, whatever their length, and before all others."""
    if line_id.isascii() and line_id.isdigit():
        digits = line_id.lstrip("0")
        return False, len(digits), digits, line_id
    return True, 0, line_id, line_id


def renumbered(told: ShopOrder, known: Iterable[tuple[int, str]]) -> ShopOrder:
    """Return *told* with the line numbers that its lines were given before (``line_ids`` of the last snapshot).

    So a later snapshot can be held against the order line by line: a removed line has no line under its number.
    """
    ids = dict(told.line_ids)
    line_ids = line_numbers(known, ids.values())
    numbers = {line_id: number for number, line_id in line_ids}
    lines = sorted(line._replace(line=numbers[ids[line.line]]) for line in told.order.lines)
    return replace(told, order=replace(told.order, lines=tuple(lines)), line_ids=line_ids)
