"""An order that a mapping finds in a shop's JSON.

The place of a fault is the field of the mapping, as ``/order/currency`` or ``/lines/0/quantity``: an expression may
find a value that is written nowhere as it stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final, Literal

from adapters.commerce.assembly import ShopLine, checked, joined, numbered, party, piece_price
from adapters.commerce.generic.expressions import found_by
from adapters.commerce.generic.mapping import MappedOptions
from adapters.commerce.platform import Options
from adapters.commerce.reading import Node
from core.documents import (
    Order,
    OrderLine,
    Party,
    ShopCharge,
    ShopDestination,
    ShopOrder,
    ShopPayment,
    ShopRefund,
    ShopState,
    ShopTax,
)
from core.provenance import Level, Violation, fault
from core.values import is_gtin

_NOTHING: Final = Decimal(0)


class Mapped:
    """A value and the expressions that find its fields."""

    def __init__(self, value: Any, mapping: Options, pointer: str, faults: list[Violation]) -> None:
        self._value = value
        self._mapping = mapping
        self._pointer = pointer
        self._faults = faults

    def __getitem__(self, field: str) -> Node:
        pointer = f"{self._pointer}/{field}"
        return Node(found(getattr(self._mapping, field), self._value, pointer, self._faults), self._faults, pointer)

    def each(self, field: str, mapping: Options) -> Iterator[Mapped]:
        """Yield the members of a list under their own mapping."""
        for node in self[field].each():
            yield Mapped(node.value, mapping, node.pointer, self._faults)


def found(expression: str, value: Any, pointer: str, faults: list[Violation]) -> Any:
    """Return what *expression* finds, None after noting that it cannot be used on this value."""
    if not expression:
        return None
    try:
        return found_by(expression, value)
    except ValueError as error:
        reason = str(error)[:200]
        faults.append(
            fault("shop.expression_failed", {"field": pointer, "reason": reason}, level=Level.ELEMENT, tag=pointer)
        )
        return None


def read_order(value: Any, options: MappedOptions, faults: list[Violation]) -> ShopOrder | None:
    """Return the order that the mapping finds in *value*, None after noting in *faults* why there is none."""
    told = Mapped(value, options.order, "/order", faults)
    shop_id, currency, listed = told["id"].key(), told["currency"].currency(), told["lines"]
    lines = numbered(listed.each(), listed, lambda node: _line(Mapped(node.value, options.line, node.pointer, faults)))
    billing = told["billing"]
    addresses = list(_destinations(told, options, faults))
    note, state = told["note"].text(), _state(told["state"], options)
    order = ShopOrder(
        order=Order(
            buyer_reference=shop_id,
            lines=lines.ordered,
            document_date=told["created_at"].instant(),
            currency=currency,
            buyer=_address(billing, "BY", options, faults, told["customer"].text()),
            ship_to=addresses[0].party if addresses else None,
            invoicee=_address(billing, "IV", options, faults),
            payment_method=told["payment_method"].text(),
            notes=(note,) if note else (),
        ),
        shop_id=shop_id,
        updated_at=told["updated_at"].instant(),
        name=told["name"].text() or shop_id,
        state=state,
        payment=_payment(told["payment"], options),
        tax_included=told["tax_included"].flag(),
        line_ids=lines.ids,
        total=told["total"].number(),
        charges=tuple(_charges(told, options)),
        taxes=tuple(_taxes(told, options)),
        refunds=tuple(_refunds(told)),
        destinations=tuple(addresses) if len(addresses) > 1 else (),
        gift_note=told["gift_note"].text(),
        email=told["email"].text(),
        cancel_reason=told["cancel_reason"].text(),
        test=told["test"].flag(),
    )
    return None if listed.failed else checked(told["total"], order)


def _line(told: Mapped) -> ShopLine | None:
    line_id, quantity, price = told["id"].key(), told["quantity"].quantity(), told["price"].price()
    amount = None if told["price"].there else told["amount"].number()
    if not told["quantity"].there:
        told["quantity"].missing()
    if not told["price"].there and not told["amount"].there:
        told["price"].missing()
    basis = Decimal(1)
    if amount is not None and quantity is not None:
        price, basis = piece_price(amount, quantity)
    if not line_id or quantity is None or price is None:
        return None
    gtin = told["gtin"].text()
    item = OrderLine(
        line=0,
        quantity=quantity,
        gtin=gtin if is_gtin(gtin) else "",
        supplier_code=told["sku"].code(),
        buyer_code=told["code"].code(),
        description=told["description"].words(),
        price=price,
        price_basis=basis,
        note=told["note"].text(),
    )
    return ShopLine(line_id, item)


def _state(node: Node, options: MappedOptions) -> ShopState:
    if not node.there:
        return "open"
    if (state := options.states.get(node.text())) is None:
        node.unknown()  # to take a cancelled order for an open one would send goods that nobody wants
        return "open"
    return state


def _payment(node: Node, options: MappedOptions) -> ShopPayment:
    if not node.there:
        return "pending"
    if (payment := options.payments.get(node.text())) is None:
        node.unknown()
        return "pending"
    return payment


def _charges(told: Mapped, options: MappedOptions) -> Iterator[ShopCharge]:
    kinds: tuple[tuple[str, Literal["discount", "shipping", "fee"]], ...] = (
        ("discounts", "discount"),
        ("shipping_costs", "shipping"),
        ("fees", "fee"),
    )
    for field, kind in kinds:
        for part in told.each(field, options.sums):
            amount = part["amount"].amount()
            shown = -abs(amount) if kind == "discount" else amount
            yield ShopCharge(kind, shown, part["name"].text(), part["code"].text(), part["line_id"].text())


def _taxes(told: Mapped, options: MappedOptions) -> Iterator[ShopTax]:
    for part in told.each("taxes", options.sums):
        yield ShopTax(part["amount"].amount(), part["name"].text(), part["rate"].price(), part["line_id"].text())


def _refunds(told: Mapped) -> Iterator[ShopRefund]:
    """Yield refunds: members with id, amount, reason and at."""
    for node in told["refunds"].each():
        if identity := node["id"].key():
            yield ShopRefund(identity, node["amount"].amount(), reason=node["reason"].text(), at=node["at"].instant())


def _destinations(told: Mapped, options: MappedOptions, faults: list[Violation]) -> Iterator[ShopDestination]:
    shipping = told["shipping"]
    for node in shipping.each() if isinstance(shipping.value, list) else (shipping,):
        if (address := _address(node, "DP", options, faults)) is not None:
            pointer = f"{node.pointer}/lines"
            portions = Node(found(options.order.shipping_lines, node.value, pointer, faults), faults, pointer)
            yield ShopDestination(
                address,
                tuple((portion["id"].key(), portion["quantity"].quantity() or _NOTHING) for portion in portions.each()),
            )


def _address(node: Node, role: str, options: MappedOptions, faults: list[Violation], code: str = "") -> Party | None:
    if not node.is_object():
        return party(role, code=code)
    told = Mapped(node.value, options.address, node.pointer, faults)
    street = told["street"]
    lines = [line.text() for line in street.each()] if isinstance(street.value, list) else [street.text()]
    return party(
        role,
        code=code,
        name=told["name"].text() or told["contact"].text(),
        contact=told["contact"].text(),
        street=joined(*lines),
        city=told["city"].text(),
        region=told["region"].text(),
        postal_code=told["postal_code"].text(),
        country=told["country"].text(),
        phone=told["phone"].text(),
        email=told["email"].text(),
    )
