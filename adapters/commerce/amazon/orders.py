"""Amazon's order (Orders API 2026-01-01, getOrder) as a shop order.

An item's money is told in parts (``proceeds.breakdowns``): its goods, their tax, shipping, discounts, wrapping.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Final

from adapters.commerce.assembly import ShopLine, checked, joined, numbered, party, piece_price
from adapters.commerce.reading import Node
from core.documents import (
    ChargeKind,
    Order,
    OrderLine,
    Party,
    ShopCharge,
    ShopOrder,
    ShopState,
    ShopTax,
)

#: what a part of an item's money is; "ITEM" is the goods themselves
_CHARGES: Final[Mapping[str, ChargeKind]] = {
    "SHIPPING": "shipping",
    "DISCOUNT": "discount",
    "GIFT_WRAP": "wrapping",
    "COD_FEE": "payment",
    "OTHER": "fee",
}
_STATE: Final[Mapping[str, ShopState]] = {"CANCELLED": "cancelled", "SHIPPED": "closed"}


def read_order(node: Node) -> ShopOrder | None:
    """Return the order of a resource, None after noting why there is none.

    Orders reach sellers once the payment stands, so an order that is not pending is paid.
    """
    shop_id, total = node["orderId"].key(), node.at("proceeds", "grandTotal")
    lines = numbered(node["orderItems"].each(), node["orderItems"], _line)
    buyer = node["buyer"]
    state: ShopState = _STATE.get(node.at("fulfillment", "fulfillmentStatus").text(), "open")
    wanted = node.at("fulfillment", "deliverByWindow", "latestDateTime").instant()
    told = ShopOrder(
        order=Order(
            buyer_reference=shop_id,
            lines=lines.ordered,
            document_date=node["createdTime"].instant(),
            requested_date=wanted.date() if isinstance(wanted, datetime) else None,
            currency=_currency(node, total),
            buyer=party("BY", name=buyer["buyerName"].text(), email=buyer["buyerEmail"].text()),
            ship_to=_address(node.at("recipient", "deliveryAddress")),
        ),
        shop_id=shop_id,
        updated_at=node["lastUpdatedTime"].instant(),
        name=shop_id,
        state=state,
        payment="voided" if state == "cancelled" else "paid",
        line_ids=lines.ids,
        total=total["amount"].number(),
        charges=tuple(_charges(node)),
        taxes=tuple(_taxes(node)),
        gift_note=joined(
            *(
                item.at("fulfillment", "packing", "giftOption", "giftMessage").text()
                for item in node["orderItems"].each()
            ),
            by="\n",
        ),
        email=buyer["buyerEmail"].text(),
    )
    return None if node.failed else checked(total["amount"], told)


def _currency(node: Node, total: Node) -> str:
    """Return the currency of the total, else that of the first price."""
    if not total["currencyCode"].there:
        for item in node["orderItems"].each():
            return item.at("product", "price", "unitPrice", "currencyCode").currency()
    return total["currencyCode"].currency()


def _line(node: Node) -> ShopLine | None:
    line_id, quantity, product = node["orderItemId"].key(), node["quantityOrdered"].quantity(), node["product"]
    if not node["quantityOrdered"].there:
        node["quantityOrdered"].missing()
    goods = [part["subtotal"]["amount"].number() for part in _parts(node) if part["type"].text() == "ITEM"]
    if goods and goods[0] is not None:
        price, basis = piece_price(goods[0], quantity or Decimal(0))
    else:
        each, basis = product.at("price", "unitPrice", "amount"), Decimal(1)
        found = each.price()
        if found is None:
            if not each.there:
                each.missing()
            return None
        price = found
    if not line_id or quantity is None:
        return None
    item = OrderLine(
        line=0,
        quantity=quantity,
        supplier_code=product["sellerSku"].code(),
        buyer_code=product["asin"].code(),
        description=product["title"].words(),
        price=price,
        price_basis=basis,
    )
    return ShopLine(line_id, item)


def _parts(item: Node) -> Iterator[Node]:
    yield from item.at("proceeds", "breakdowns").each()


def _charges(node: Node) -> Iterator[ShopCharge]:
    for item in node["orderItems"].each():
        for part in _parts(item):
            kind, told_at = part["type"].text(), part["subtotal"]["amount"]
            amount = told_at.amount()
            if (charge := _CHARGES.get(kind)) is not None and amount:
                told = -abs(amount) if charge == "discount" else amount
                name, line_id = kind.replace("_", " ").casefold(), item["orderItemId"].text()
                yield ShopCharge(charge, told, name, line_id=line_id, source=told_at.pointer)


def _taxes(node: Node) -> Iterator[ShopTax]:
    for item in node["orderItems"].each():
        for part in _parts(item):
            if part["type"].text() == "TAX" and (amount := part["subtotal"]["amount"].amount()):
                pointer = part["subtotal"]["amount"].pointer
                yield ShopTax(amount, line_id=item["orderItemId"].text(), source=pointer)


def _address(node: Node) -> Party | None:
    return party(
        "DP",
        name=node["companyName"].text() or node["name"].text(),
        contact=node["name"].text(),
        street=joined(*(node[f"addressLine{line}"].text() for line in (1, 2, 3))),
        city=node["city"].text(),
        region=node["stateOrRegion"].text(),
        postal_code=node["postalCode"].text(),
        country=node["countryCode"].text(),
        phone=node["phone"].text(),
    )
