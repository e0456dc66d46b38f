"""What the orders of all platforms are made of: numbered lines, exact prices, parties, and sums that are checked."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from itertools import chain
from typing import NamedTuple

from adapters.commerce.reading import Node
from core.documents import OrderLine, Party, ShopEvent, ShopEventKind, ShopOrder, line_numbers
from core.errors import ValueOutOfRange
from core.provenance import Level, Severity, fault
from core.values import PRICE_SCALE, money_text, to_scaled

#: what rounding each line to the cent can add up to
_CENT = Decimal("0.01")
_NOTHING = Decimal(0)
#: members of a body that only names something
_NAMING = frozenset({"id", "admin_graphql_api_id"})


class ShopLine(NamedTuple):
    """A line by the shop's id of it; a removed one has the quantity 0."""

    line_id: str
    item: OrderLine


class Lines(NamedTuple):
    """The lines of an order under our numbers, and the shop's ids of all of them.

    ``removed`` are the ids of those of which nothing is wanted any more.
    """

    ordered: tuple[OrderLine, ...]
    ids: tuple[tuple[int, str], ...]
    removed: frozenset[str]


def numbered(nodes: Iterable[Node], whole: Node, read: Callable[[Node], ShopLine | None]) -> Lines:
    """Return the lines that *read* makes of *nodes*, numbered by the age of their ids; faults are noted.

    *whole* is the list itself: an order without lines is none.
    """
    found: dict[str, OrderLine] = {}
    empty = True
    for node in nodes:
        empty = False
        if (line := read(node)) is None:
            continue
        if line.line_id in found:
            node.note(
                fault(
                    "shop.line_twice",
                    {"pointer": node.pointer, "line": line.line_id},
                    level=Level.ELEMENT,
                    tag=node.pointer,
                )
            )
        found[line.line_id] = line.item
    if empty and not any(known.tag == whole.pointer for known in whole.faults):
        whole.note(fault("shop.lines_missing", {"pointer": whole.pointer}, level=Level.ELEMENT, tag=whole.pointer))
    ids = line_numbers((), found)
    ordered = (found[line_id]._replace(line=number) for number, line_id in ids)
    removed = frozenset(line_id for line_id, line in found.items() if not line.quantity)
    return Lines(tuple(line for line in ordered if line.quantity), ids, removed)


def no_order(node: Node) -> None:
    """Note that there is something else where an order should be."""
    node.note(fault("shop.order_missing", {"pointer": node.pointer}, level=Level.ELEMENT, tag=node.pointer))


def bare(node: Node, topic: str) -> str:
    """Return the id of a body that names what was deleted and says no more; "" after noting that it is no such body.

    Where the topic is not signed, who has got hold of a signed body could send it again as a deletion: of an order, or
    of anything else with an id.
    """
    more = sorted(set(node.value) - _NAMING) if isinstance(node.value, dict) else []
    if more:
        contradicted(node[more[0]], topic)
        return ""
    return node["id"].key()


def contradicted(node: Node, topic: str) -> None:
    """Note that the topic of a delivery says otherwise than its body, at the member that shows it."""
    told = {"pointer": node.pointer, "topic": topic}
    node.note(fault("shop.topic_differs", told, level=Level.ELEMENT, tag=node.pointer))


def order_in(node: Node, wrapper: str = "order") -> Node | None:
    """Return the one order of a body: the body itself, its member *wrapper*, or the only member of a list.

    None after noting that there is none, or that there are several: an event is of one order.
    """
    if isinstance(node.value, list):
        if len(node.value) == 1:
            return next(node.each())
        pointer, count = node.pointer, len(node.value)
        several = fault("shop.several_orders", {"pointer": pointer, "count": count}, level=Level.ELEMENT, tag=pointer)
        node.note(several)
        return None
    if not isinstance(node.value, dict):
        no_order(node)
        return None
    return node[wrapper] if isinstance(node[wrapper].value, dict) else node


def piece_price(amount: Decimal, quantity: Decimal) -> tuple[Decimal, Decimal]:
    """Return price and price basis of pieces that cost *amount* together.

    Platforms that tell the sum alone, or the rounded price of a piece, lose cents. So where a piece has no exact price,
    the price is *amount* for *quantity* pieces.
    """
    if quantity:
        price = amount / quantity
        try:
            to_scaled(price, PRICE_SCALE)
        except ValueOutOfRange:
            return amount, quantity
        if price * quantity == amount:
            return price, Decimal(1)
    return amount, Decimal(1)


def joined(*parts: str, by: str = ", ") -> str:
    """Return the parts that say something."""
    return by.join(part for part in parts if part)


def party(role: str, **said: str) -> Party | None:
    """Return a party of an order, None where nothing is said of it."""
    return Party(role, **said) if any(said.values()) else None


def customer_of(node: Node) -> str:
    """Return the id of the customer's account; guests have 0."""
    found = node["customer_id"].text()
    return "" if found == "0" else found


def address_of(
    node: Node, role: str, *, street: tuple[str, ...], postal_code: str, country: Node, code: str = ""
) -> Party | None:
    """Return a person's or company's address, None where nothing is told.

    Names, company, city, state, phone and email stand under those names; *street* and *postal_code* say under which
    the others do, *country* is the one that counts.
    """
    person = joined(node["first_name"].text(), node["last_name"].text(), by=" ")
    return party(
        role,
        code=code,
        name=node["company"].text() or person,
        contact=person,
        street=joined(*(node[line].text() for line in street)),
        city=node["city"].text(),
        region=node["state"].text(),
        postal_code=node[postal_code].text(),
        country=country.text(),
        phone=node["phone"].text(),
        email=node["email"].text(),
    )


def checked(node: Node, told: ShopOrder) -> ShopOrder:
    """Return *told*, after warning at *node* where goods, charges and taxes are not the total that the shop tells."""
    if told.total is None:
        return told
    taxes = () if told.tax_included else told.taxes
    found = sum(
        chain(
            ((line.price or _NOTHING) * line.quantity / line.price_basis for line in told.order.lines),
            (charge.amount for charge in told.charges),
            (tax.amount for tax in taxes),
        ),
        _NOTHING,
    )
    if abs(found - told.total) > _CENT * (len(told.order.lines) + 1):
        node.note(
            fault(
                "shop.total_differs",
                {"pointer": node.pointer, "sent": money_text(told.total), "found": money_text(round(found, 4))},
                severity=Severity.WARNING,
                level=Level.ELEMENT,
                tag=node.pointer,
                value=money_text(told.total),
            )
        )
    return told


def snapshot_of(told: ShopOrder, kind: ShopEventKind = "snapshot") -> ShopEvent:
    """Return the event of a snapshot; one of a cancelled order is its cancellation, whatever caused the message."""
    cancelled = told.state == "cancelled"
    return ShopEvent(
        "cancelled" if cancelled else kind,
        told.shop_id,
        told.updated_at,
        told,
        reason=told.cancel_reason if cancelled else "",
    )
